"""Rows and scores → a Ranking by (-score, passage id), cut at k only after the ties were ordered."""

from __future__ import annotations

from qa.base.protocols import PassageNames, Rows, Vectors
from qa.base.types import Hit, Ranking


def ordered(hits: list[Hit], *, k: int) -> tuple[Hit, ...]:
    """The first k hits by (-score, passage_id)."""
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:k])


def ranked(question: str, scorer: str, rows: Rows, scores: Vectors, names: PassageNames, *, k: int) -> Ranking:
    """The best k of `rows`, which must hold all that tie with the k-th; without those that have no name.

    A remote engine may have rows that the store has not, and nothing is answered from these.
    """
    ids = names.passage_ids(rows.tolist())
    hits = [Hit(ids[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True) if row in ids]
    return Ranking(question, scorer, ordered(hits, k=k))
