"""The place that wires explaining: question → answer, with every candidate by stage and the fate of one article.

A pure function over an engine and a snapshot, as answering is. What led to an answer is not kept: the question is asked again.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.passage_order import after_reading
from qa.base.errors import ArticleNotFound
from qa.base.explanations import Explanation, FoundPassage
from qa.base.stages import AFTER_READING
from qa.base.types import Evidence, Ranking
from qa.corpus.decode import clean
from qa.index.snapshot import Snapshot
from qa.index.store import Store
from qa.service import ask
from qa.service.engine import Engine
from qa.service.fates import Asked, article_fate
from qa.service.observers import StageClock
from qa.service.question import CheckedRequest
from qa.service.rank import RankedPassages


def explain(
    engine: Engine, snapshot: Snapshot, request: CheckedRequest, clock: StageClock, *, article: str | None = None
) -> Explanation:
    """The answer, its candidates, and why the `article`, named by either id, is cited or not.

    Raises:
        ArticleNotFound: no article has this id.
        QuestionError: the question is over the encoder's token budget.
    """
    stored = snapshot.store.article(clean(article)) if article is not None else None
    if article is not None and stored is None:
        raise ArticleNotFound(article)
    answer, ranked = ask.answer_with_candidates(engine, snapshot, request, clock)
    passages = found_passages(ranked, answer.trace.evidence, snapshot.store, read=engine.settings.read_passages) if ranked else ()
    if stored is None:
        return Explanation(answer, passages, None)
    question = engine.encode(request.question.words) if ranked else None
    return Explanation(answer, passages, article_fate(stored, Asked(request, question, answer, passages), snapshot))


def found_passages(ranked: RankedPassages, evidence: Sequence[Evidence], store: Store, *, read: int) -> tuple[FoundPassage, ...]:
    """Every passage of any ranking: those of the last one in its order, then those of the one before that it lacks, and so on.

    The first `read` of the last ranking were read.
    """
    ids = list(dict.fromkeys(hit.passage_id for ranking in reversed(ranked.rankings) for hit in ranking.hits))
    were_read = ranked.rankings[-1].hits[:read]
    stages = _stages(ranked.rankings)
    for rank, hit in enumerate(after_reading(were_read, evidence), start=1):
        stages[hit.passage_id][AFTER_READING] = (rank, hit.score)
    repeated = {left_out: kept for kept, many in ranked.near_duplicates.items() for left_out in many}
    read_ids = {hit.passage_id for hit in were_read}
    return tuple(
        FoundPassage(candidate.passage, candidate.article, stages[id_], id_ in read_ids, repeated.get(id_))
        for id_, candidate in zip(ids, store.candidates(ids), strict=True)
    )


def _stages(rankings: Sequence[Ranking]) -> dict[str, dict[str, tuple[int, float]]]:
    """Passage id → stage → (rank, score)."""
    stages: dict[str, dict[str, tuple[int, float]]] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking.hits, start=1):
            stages.setdefault(hit.passage_id, {})[ranking.scorer] = (rank, hit.score)
    return stages
