"""Questions → the rankings of each, by the path that answers and searches take, without reading.

The questions are encoded together, which is faster. In bfloat16 a vector depends on its neighbours in the batch (cosine to
that of the question alone at least .999), and so may the order of near ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qa.base.protocols import Vectors
from qa.base.types import NO_FILTERS, Filters, RankedQuestion
from qa.index.snapshot import Snapshot
from qa.service.engine import Engine
from qa.service.observers import StageClock
from qa.service.question import Question, checked_question
from qa.service.rank import PASSAGES_KEPT, rank
from qa.service.service import Service


def ranked_together(
    service: Service,
    questions: Sequence[str],
    *,
    asked_at: Sequence[datetime | None] | None = None,
    filters: Filters = NO_FILTERS,
) -> list[RankedQuestion]:
    """Each question's ranking by each search stage, over one generation. Raises as `Service.ask` does.

    `asked_at` is a clock for each of them. Later articles are ranked too, unless `filters` have a day `as_of`: a set's articles
    are judged whatever their date. Their `encode` is each one's share of encoding all.
    """
    clocks = asked_at if asked_at is not None else [None] * len(questions)
    asked = [checked_question(words, clock, filters, service.settings) for words, clock in zip(questions, clocks, strict=True)]
    with service.snapshot() as snapshot:
        if not asked or snapshot.lets_none_pass(filters):
            return [RankedQuestion(question.words, (), {}) for question in asked]
        engine, encoding = service.engine, StageClock()
        vectors = engine.encoder.embed_questions([question.words for question in asked])  # (q, d)
        share = encoding.done()["total"] / len(asked)
        return [
            _ranked(engine, snapshot, question, vector, encode_ms=share) for question, vector in zip(asked, vectors, strict=True)
        ]


def _ranked(engine: Engine, snapshot: Snapshot, question: Question, vector: Vectors, *, encode_ms: float) -> RankedQuestion:
    searching = StageClock()
    rankings = rank(question, vector, snapshot, engine, most=PASSAGES_KEPT).rankings
    search_ms = searching.done()["total"]
    timings = {"encode": encode_ms, "search": search_ms, "total": encode_ms + search_ms}
    return RankedQuestion(question.words, rankings, timings)
