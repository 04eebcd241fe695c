"""Texts → their tokens, with those of texts that were read lately kept: passages are read again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.base.protocols import WordVectors
from qa.base.recent import Recent


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The pieces of a text, (t,) each: ids, and code points without the blank before a word; a mere blank is empty."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @property
    def count(self) -> int:
        return len(self.ids)


class TokenCache:
    """Tokens of texts; those used last are kept, up to `most_tokens` in all. Threads may share it."""

    def __init__(self, words: WordVectors, *, most_tokens: int) -> None:
        self._words = words
        self._recent: Recent[str, Tokens] = Recent(most_tokens, size_of=lambda tokens: tokens.count)

    @property
    def count(self) -> int:
        """How many tokens are kept."""
        return self._recent.size

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return self._recent.of(texts, self._made)

    def _made(self, texts: Sequence[str]) -> Iterable[Tokens]:
        ids, offsets = self._words.tokenize(texts)
        return map(_tokens, texts, ids, offsets)


def _tokens(text: str, ids: list[int], offsets: list[tuple[int, int]]) -> Tokens:
    starts, ends = np.array(offsets, np.int32).reshape(-1, 2).T
    is_blank = np.array([*map(str.isspace, text), False])
    places = np.where(is_blank, len(text), np.arange(len(text) + 1, dtype=np.int32))
    after_blanks = np.minimum.accumulate(places[::-1])[::-1]  # by place: it, or the first one behind it that is not blank
    return Tokens(np.array(ids, np.int32), np.minimum(after_blanks[starts], ends), ends)
