"""What the ranker asks of an index: the terms of articles as numbers, in order, so that it counts without reading texts."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint32]  # one for each term; equal terms have equal keys
Counts = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class ArticleTerms:
    """`keys` are those of the title's terms, then of each sentence's; `counts` says how many each has, the title first."""

    keys: Keys
    counts: Counts

    @classmethod
    def of(cls, title: Iterable[str], sentences: Sequence[Iterable[str]]) -> ArticleTerms:
        """From the terms of the title and of each sentence."""
        parts = [term_keys(terms) for terms in (title, *sentences)]
        return cls(np.concatenate(parts), np.array([len(part) for part in parts], np.uint32))


def term_keys(terms: Iterable[str]) -> Keys:
    """(t,) the CRC-32 of each term. Of a million terms, one in 4,000 shares its key with another."""
    return np.array([zlib.crc32(term.encode()) for term in terms], np.uint32)


class SearchedPassage(NamedTuple):
    """A passage in an index: its row and id, its article's row, its first and last sentence, and its day, if known."""

    row: int
    id: str
    article: int
    first: int
    last: int
    published: date | None


class SearchedArticle(NamedTuple):
    """An article in an index: the language it was indexed in, and its terms."""

    language: str
    terms: ArticleTerms
