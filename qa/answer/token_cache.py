"""Texts → their tokens, with those of texts that were read lately kept: passages are read again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.base.protocols import WordVectors


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
        self._most_tokens = most_tokens
        self._kept: OrderedDict[str, Tokens] = OrderedDict()
        self._tokens = 0
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many tokens are kept."""
        return self._tokens

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        unknown = list(dict.fromkeys(text for text in texts if text not in found))
        ids, offsets = self._words.tokenize(unknown)
        made = map(_tokens, unknown, ids, offsets)
        found.update(zip(unknown, made, strict=True))
        with self._lock:
            for text, tokens in found.items():
                self._keep(text, tokens)
        return [found[text] for text in texts]

    def _keep(self, text: str, tokens: Tokens) -> None:
        before = self._kept.pop(text, None)
        self._tokens += tokens.count - (before.count if before else 0)
        self._kept[text] = tokens
        while self._tokens > self._most_tokens:
            _, oldest = self._kept.popitem(last=False)
            self._tokens -= oldest.count


def _tokens(text: str, ids: list[int], offsets: list[tuple[int, int]]) -> Tokens:
    starts, ends = np.array(offsets, np.int32).reshape(-1, 2).T
    is_blank = np.array([*map(str.isspace, text), False])
    places = np.where(is_blank, len(text), np.arange(len(text) + 1, dtype=np.int32))
    after_blanks = np.minimum.accumulate(places[::-1])[::-1]  # by place: it, or the first one behind it that is not blank
    return Tokens(np.array(ids, np.int32), np.minimum(after_blanks[starts], ends), ends)
