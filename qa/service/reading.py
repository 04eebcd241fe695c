"""The place that wires reading: the first passages of a ranking → their sentences, scored, and the passages in a new order.

Answers, searches and explanations come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answer.passage_order import after_reading
from qa.answer.similarity_reader import SimilarityReader
from qa.answer.span_reader import SpanReader
from qa.base.protocols import Candidate, EncodedQuestion, Reader
from qa.base.types import Evidence, Hit
from qa.index.snapshot import Snapshot
from qa.service.boilerplate import masked_candidates
from qa.service.engine import Engine
from qa.service.rank import RankedPassages


@dataclass(frozen=True, slots=True)
class ReadPassages:
    """The passages that were read, in the order before, and all their sentences, best first."""

    hits: tuple[Hit, ...]
    candidates: Sequence[Candidate]
    evidence: list[Evidence]

    @property
    def order(self) -> tuple[Hit, ...]:
        """The passages in the order after reading, each with the score of its best sentence; none of which nothing was read."""
        return after_reading(self.hits, self.evidence)


NOTHING_READ = ReadPassages((), (), [])


def read_first(
    question: EncodedQuestion, ranked: RankedPassages, engine: Engine, snapshot: Snapshot, *, most: int
) -> ReadPassages:
    """The first `most` passages of the last ranking, read."""
    hits = ranked.rankings[-1].hits[:most]
    candidates = _candidates(hits, snapshot)
    return ReadPassages(hits, candidates, _reader(engine, snapshot).read(question, candidates))


def _candidates(hits: Sequence[Hit], snapshot: Snapshot) -> list[Candidate]:
    """The passages with their scores; the boilerplate in them is masked."""
    passages = snapshot.store.candidates([hit.passage_id for hit in hits])
    masked = masked_candidates(passages, snapshot.store.near_duplicates)
    return [replace(candidate, score=hit.score) for candidate, hit in zip(masked, hits, strict=True)]


def _reader(engine: Engine, snapshot: Snapshot) -> Reader:
    """The reader that is set; similarity in its place where there is none."""
    if engine.reading_model is None:
        return SimilarityReader(engine.encoder, snapshot.postings)
    return SpanReader(engine.reading_model)
