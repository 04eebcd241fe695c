"""Texts → tokens, of which some are kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.token_cache import TokenCache
from qa.base.protocols import WordVectors
from qa.index.packaged_words import packaged_words


class Counting:
    """A piece for each letter; it counts the texts that it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def tokenize(self, texts: Sequence[str]) -> tuple[list[list[int]], list[list[tuple[int, int]]]]:
        self.asked += texts
        return [[*map(ord, text)] for text in texts], [[(at, at + 1) for at in range(len(text))] for text in texts]


@pytest.fixture
def words() -> Counting:
    return Counting()


def test_a_text_is_tokenised_once_while_it_is_kept(words: Counting) -> None:
    cache = TokenCache(words, most_tokens=10)  # type: ignore[arg-type]
    first, second, again = cache.tokens(["abc", "de", "abc"])
    assert words.asked == ["abc", "de"]
    assert first is again and second.ids.tolist() == [*map(ord, "de")]
    assert cache.tokens(["de"]) == [second]
    assert words.asked == ["abc", "de"] and cache.count == 5


def test_the_texts_used_longest_ago_are_forgotten_first(words: Counting) -> None:
    cache = TokenCache(words, most_tokens=6)  # type: ignore[arg-type]
    for text in ("abc", "def", "abc", "ghi"):
        cache.tokens([text])
    assert cache.count == 6
    cache.tokens(["abc", "ghi"])
    assert words.asked == ["abc", "def", "ghi"]
    cache.tokens(["def"])
    assert words.asked[3:] == ["def"]


def test_a_text_longer_than_the_cache_is_not_kept(words: Counting) -> None:
    cache = TokenCache(words, most_tokens=6)  # type: ignore[arg-type]
    assert cache.tokens(["abcdefg", ""])[0].count == 7
    assert cache.count == 0
    assert cache.tokens([]) == []


@pytest.fixture(scope="module")
def packaged() -> WordVectors:
    return packaged_words()


@given(text=st.text(st.characters(codec="utf-8"), max_size=80))
def test_tokens_begin_behind_blanks_and_stand_one_behind_the_other(packaged: WordVectors, text: str) -> None:
    (tokens,) = TokenCache(packaged, most_tokens=0).tokens([text])
    assert ((tokens.starts >= 0) & (tokens.starts <= tokens.ends) & (tokens.ends <= len(text))).all()
    assert (np.diff(tokens.ends) >= 0).all()
    assert not any(text[start].isspace() for start, end in zip(tokens.starts, tokens.ends, strict=True) if start < end)


def test_blanks_between_words_are_of_neither(packaged: WordVectors) -> None:
    text = "Ada \n\t kept  keys"
    (tokens,) = TokenCache(packaged, most_tokens=0).tokens([text])
    assert [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)] == ["Ada", "kept", "key", "s"]
