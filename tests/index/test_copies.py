"""A copied article is the same in another store, row for row."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.types import Article
from qa.index.copies import packed, unpacked
from qa.index.store import Store, StoreWriter
from qa.service.build import Indexer


def test_a_copy_is_the_article_with_its_sentences_passages_and_terms(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    texts = ("The ferry waits.", "“Ночью” the crane fell. \u2028 Nobody was there, 渡轮周五晚点.\n\nThe harbour slept.")
    indexer = make_indexer()
    indexer.add(article(f"a{number}", text, url="https://example.org/a") for number, text in enumerate(texts))
    there = StoreWriter.in_memory(Path("there"))
    with contextlib.closing(Store.open(indexer.folder)) as here, contextlib.closing(there):
        there.copies.put(here.copies.of(2))
        original, copied = here.article_in(2), there.article_in(2)
        assert original is not None and copied == original and copied.is_intact
        assert there.sentences(2) == here.sentences(2)
        assert there.article_passages(copied) == here.article_passages(original)
        assert there.searched_articles([2])[2].terms.keys.tolist() == here.searched_articles([2])[2].terms.keys.tolist()
        assert there.copies.of(2) == here.copies.of(2)
        assert there.article_in(1) is None


@pytest.mark.parametrize("damaged", ["", "no copy", packed("x")[:-3]])
def test_what_is_no_copy_is_refused(damaged: str) -> None:
    with pytest.raises(ValueError):
        unpacked(damaged)
