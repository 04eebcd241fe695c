"""How many passages of an index have each term, as its collection has it: counted by the machine with the store.

To ask Milvus for it costs a call for each word of a question, and Milvus Lite reads every row for it. The table of a large index
is counted anew when the index has grown or shrunk by a twentieth; a term that it lacks is asked for.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from qa.base.terms import ArticleTerms, Counts, Keys, term_keys
from qa.index.milvus.collection import COPIES, MilvusCollection, in_parts, joined

_KEY = "frequencies"
_MERGED_AT_ONCE = 20_000  # passages
_FEW = 20_000  # passages, counted in half a second: anew after each command
_GROWTH = 0.05  # of more


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """(t,) `keys` of terms, ascending, and in how many of so many `passages` each stands."""

    keys: Keys
    counts: Counts
    passages: int
    generation: int

    def of(self, term: str, *, passages: int) -> int | None:
        """In how many of so many passages the term stands, by its share when it was counted; None for one not counted."""
        (key,) = term_keys([term])
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return None
        return max(1, round(int(self.counts[place]) * passages / max(1, self.passages)))


def is_stale(counted: int, passages: int) -> bool:
    """Whether a table that was counted over so many passages is to be counted anew."""
    return passages <= _FEW or abs(passages - counted) > _GROWTH * counted


def count_terms(articles: Iterable[tuple[ArticleTerms, list[tuple[int, int]]]], *, generation: int) -> Frequencies:
    """From the terms of each article, and the first and last sentence of each of its passages. A title is in each passage."""
    keys, counts, passages = np.zeros(0, np.uint32), np.zeros(0, np.uint32), 0
    waiting: list[Keys] = []
    for terms, cut in articles:
        starts = np.concatenate(([0], np.cumsum(terms.counts.astype(np.int64))))
        title = terms.keys[: starts[1]]
        waiting.extend(
            np.unique(np.concatenate([title, terms.keys[starts[first + 1] : starts[last + 2]]])) for first, last in cut
        )
        passages += len(cut)
        if len(waiting) >= _MERGED_AT_ONCE:
            keys, counts = _merged(keys, counts, waiting)
            waiting = []
    keys, counts = _merged(keys, counts, waiting)
    return Frequencies(keys, counts, passages, generation)


def _merged(keys: Keys, counts: Counts, passages: list[Keys]) -> tuple[Keys, Counts]:
    found = np.concatenate([keys, *passages])
    weights = np.concatenate([counts, np.ones(len(found) - len(keys), np.uint32)])
    merged, places = np.unique(found, return_inverse=True)
    return merged, np.bincount(places, weights=weights, minlength=len(merged)).astype(np.uint32)


def write_frequencies(collection: MilvusCollection, frequencies: Frequencies, dimension: int) -> None:
    """Replace the table of a collection."""
    data = frequencies.keys.astype("<u4").tobytes() + frequencies.counts.astype("<u4").tobytes()
    counted_over = {"row": frequencies.passages, "cluster": frequencies.generation}
    collection.replace_text(in_parts(_KEY, base64.b64encode(zlib.compress(data)).decode(), dimension, counted_over))


def read_frequencies(collection: MilvusCollection) -> Frequencies | None:
    """The table of a collection; None before the first, and while it is being replaced."""
    rows = collection.query(f'key like "{_KEY}:%"', ["part", "parts", "row", "cluster", "body"], partition=COPIES)
    body = joined(rows, of="cluster")
    if body is None:
        return None
    passages, generation = next((int(row["row"]), int(row["cluster"])) for row in rows if row["part"] == 0)
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(body)), "<u4")
    return Frequencies(numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :], passages, generation)


def counted(collection: MilvusCollection) -> tuple[int, int] | None:
    """(how many passages the table was counted over, in which generation of the index); None without one."""
    found = collection.query(f'key == "{_KEY}:0"', ["row", "cluster"], partition=COPIES)
    return (int(found[0]["row"]), int(found[0]["cluster"])) if found else None
