"""A collection of Milvus → the nearest passages by cosine, and the best by BM25, behind the protocols of the local indexes.

Milvus gives at most 16,384 hits. Its scores of BM25 differ between its editions in sign and scale, and a large collection is
scored in pieces: only the order counts, and the ranker counts words by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np

from qa.base.protocols import Rows, Vectors
from qa.index.milvus.collection import MOST_HITS, MilvusCollection, naming
from qa.index.milvus.expressions import both
from qa.index.milvus.frequencies import Frequencies
from qa.index.milvus.words import word_of
from qa.index.postings import field_for, field_of, terms_of_field
from qa.index.vectors import ExactVectors, best, no_vectors, without

_TIES = 32  # hits beyond k, to include ties with the k-th
_FEW = 2_000  # selected rows whose vectors are fetched and compared here


class _MilvusRows:
    """What both indexes share. `count` is the number of their passages; `narrowed` is an expression that all hits match."""

    def __init__(self, collection: MilvusCollection, *, count: int, narrowed: str = "") -> None:
        self._collection = collection
        self._narrowed = narrowed
        self.count = count

    def _found(
        self, field: str, asked: object, metric: str, k: int, excluded: Collection[int], selected: Rows | None
    ) -> tuple[Rows, Vectors]:
        most = min(self.count if selected is None else len(selected), MOST_HITS)
        expressions = [self._expression(excluded, some) for some in _pieces(selected)]
        found = [self._best(field, asked, metric, k, min(most, k + _TIES), most, one) for one in expressions] if most else []
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return best(np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found]), k)

    def _best(
        self, field: str, asked: object, metric: str, k: int, fetched: int, most: int, expression: str
    ) -> tuple[Rows, Vectors]:
        while True:
            hits = self._collection.search(field, asked, metric, k=fetched, expression=expression)
            rows = np.array([row for row, _ in hits], np.int64)
            scores = np.array([score for _, score in hits], np.float32)
            if metric == "BM25":
                scores = np.abs(scores)
            if len(hits) < fetched or fetched == most or scores[-1] < scores[k - 1]:
                return best(rows, scores, k)
            fetched = min(most, 2 * fetched)

    def _expression(self, excluded: Collection[int], selected: str) -> str:
        hidden = f"row not in [{', '.join(map(str, sorted(excluded)))}]" if excluded else ""
        return both(self._narrowed, selected, hidden)


def _pieces(selected: Rows | None) -> list[str]:
    return [""] if selected is None else list(naming("row", selected.tolist()))


class MilvusVectors(_MilvusRows):
    """Nearest passages by cosine. AUTOINDEX of a server searches approximately."""

    def search(
        self, question: Vectors, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        if selected is not None and len(selected) <= _FEW:
            return self._among(without(selected, excluded), len(question)).search(question, k=k)
        return self._found("vector", question.tolist(), "IP", k, excluded, selected)

    def _among(self, rows: Rows, dimension: int) -> ExactVectors:
        """The vectors of these rows, to be compared here: a search of Milvus may miss some."""
        found = sorted(
            (int(row["row"]), row["vector"]) for row in self._collection.query_naming("row", rows.tolist(), ["row", "vector"])
        )
        if not found:
            return no_vectors(dimension)
        return ExactVectors(np.array([row for row, _ in found]), np.array([vector for _, vector in found], np.float32))


def _passages_with(
    collection: MilvusCollection, fields: Sequence[str], count: int, frequencies: Frequencies | None, term: str
) -> int:
    """As it was counted; a term that was not counted is new or rare, and asked for."""
    known = frequencies.of(term, passages=count) if frequencies else None
    if known is not None or not count:
        return known or 0
    words = " ".join(word_of(field, term) for field in fields)
    return len(collection.query(f'TEXT_MATCH(words, "{words}")', ["row"]))


class MilvusPostings(_MilvusRows):
    """Best passages by BM25. `fields` are those of postings.py that have passages, the one with most of them first."""

    def __init__(
        self,
        collection: MilvusCollection,
        *,
        count: int,
        fields: Sequence[str] = (),
        narrowed: str = "",
        frequencies: Frequencies | None = None,
    ) -> None:
        super().__init__(collection, count=count, narrowed=narrowed)
        self._fields = list(fields) or [field_of("en")]
        # Not of a method, as in postings.py: that would hold this object until a collection of cycles.
        self.passages_with = lru_cache(maxsize=10_000)(partial(_passages_with, collection, self._fields, count, frequencies))

    def terms(self, text: str) -> list[str]:
        return terms_of_field(text, field_for(text, self._fields))

    def search(
        self, question: str, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        asked = [word_of(field, term) for field in self._fields for term in dict.fromkeys(terms_of_field(question, field))]
        if not asked:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return self._found("bm25", " ".join(asked), "BM25", k, excluded, selected)


def fields_by_size(passages: Mapping[str, int]) -> list[str]:
    """The fields with passages, the one with most of them first; equal ones by name."""
    return sorted((field for field in passages if passages[field]), key=lambda field: (-passages[field], field))
