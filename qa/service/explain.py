"""The place that wires explaining: question → answer, with every candidate by stage and the fate of one article.

A pure function over an engine and a snapshot, as answering is. What led to an answer is not kept: the question is asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from qa.answer.passage_order import after_reading
from qa.base.errors import ArticleNotFound
from qa.base.explanations import Explanation, FoundPassage, Moved
from qa.base.stages import AFTER_READING, SEARCH_STAGES
from qa.base.types import Evidence, Ranking
from qa.corpus.decode import clean
from qa.index.snapshot import Snapshot
from qa.index.store import Store
from qa.search.features import FEATURES
from qa.search.ranker import Ranker
from qa.service import ask
from qa.service.candidates import RankedCandidates
from qa.service.engine import Engine
from qa.service.fates import Asked, article_fate
from qa.service.observers import StageClock
from qa.service.question import CheckedRequest
from qa.service.rank import RankedPassages

_RANKED = SEARCH_STAGES[-2]
_MOST = 1_000  # candidates that are listed; near-duplicates that crowd out others may bring thousands


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
    passages = _found_passages(engine, ranked, answer.trace.evidence, snapshot.store) if ranked else ()
    if stored is None:
        return Explanation(answer, passages, None)
    question = engine.encode(request.question.words) if ranked else None
    return Explanation(
        answer,
        passages,
        article_fate(stored, Asked(request, question, ranked.taken if ranked else {}, answer, passages), snapshot),
    )


def _found_passages(
    engine: Engine, ranked: RankedPassages, evidence: Sequence[Evidence], store: Store
) -> tuple[FoundPassage, ...]:
    """Every candidate: those of the last ranking in its order, then those of the one before that it lacks, and so on."""
    rankings = _whole_rankings(engine, ranked)
    ids = list(dict.fromkeys(hit.passage_id for ranking in reversed(rankings) for hit in ranking.hits))[:_MOST]
    were_read = ranked.rankings[-1].hits[: engine.settings.read_passages]
    stages = _stages(rankings)
    for rank, hit in enumerate(after_reading(were_read, evidence), start=1):
        stages[hit.passage_id][AFTER_READING] = (rank, hit.score)
    repeated = {left_out: kept for kept, many in ranked.near_duplicates.items() for left_out in many}
    read_ids = {hit.passage_id for hit in were_read}
    moved = _moved(engine.ranker, ranked.candidates, set(ids)) if engine.ranker else {}
    return tuple(
        FoundPassage(candidate.passage, candidate.article, stages[id_], id_ in read_ids, repeated.get(id_), moved.get(id_, ()))
        for id_, candidate in zip(ids, store.candidates(ids), strict=True)
    )


def _whole_rankings(engine: Engine, ranked: RankedPassages) -> list[Ranking]:
    """The rankings; that of the ranker with all that it scored, of which a trace keeps the first."""
    if engine.ranker is None:
        return list(ranked.rankings)
    return [
        ranked.candidates.ranking(ranking.question, ranking.scorer) if ranking.scorer == _RANKED else ranking
        for ranking in ranked.rankings
    ]


def _moved(ranker: Ranker, candidates: RankedCandidates, wanted: Collection[str]) -> dict[str, tuple[Moved, ...]]:
    """Passage id → its features, those that moved its score most first."""
    places = [place for place, passage in enumerate(candidates.passages) if passage.id in wanted]
    values = candidates.features[places]  # (n, f)
    by = ranker.contributions(values)  # (n, f)
    order = np.argsort(-np.abs(by), axis=1, kind="stable")
    return {
        candidates.passages[place].id: tuple(
            Moved(FEATURES[feature], float(values[row, feature]), float(by[row, feature])) for feature in order[row]
        )
        for row, place in enumerate(places)
    }


def _stages(rankings: Sequence[Ranking]) -> dict[str, dict[str, tuple[int, float]]]:
    """Passage id → stage → (rank, score)."""
    stages: dict[str, dict[str, tuple[int, float]]] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking.hits, start=1):
            stages.setdefault(hit.passage_id, {})[ranking.scorer] = (rank, hit.score)
    return stages
