"""The place that wires searching: question → ranked passages, each with its sentences scored; no answer.

A pure function over an engine and a snapshot, as answering is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.answer.links import sentence_link
from qa.answer.similarity_reader import SimilarityReader
from qa.base.protocols import Candidate, EncodedQuestion
from qa.base.types import Place, Ranking, ScoredSentence, SearchAnswer, SearchHit, source_of
from qa.index.snapshot import Snapshot
from qa.service.as_of import as_of_its_clock, notices
from qa.service.boilerplate import masked_candidates
from qa.service.citing import MOST_PLACES
from qa.service.engine import Engine
from qa.service.filter_advice import advice_on
from qa.service.observers import StageClock
from qa.service.question import Question
from qa.service.rank import RankedPassages, rank


def search(engine: Engine, snapshot: Snapshot, question: Question, clock: StageClock, *, k: int) -> SearchAnswer:
    """The k best passages with each stage's rank and score; QuestionError for a question over the token budget."""
    question = as_of_its_clock(question, snapshot)
    if not snapshot.store.has_articles() or snapshot.lets_none_pass(question.filters):
        return _search_answer(question, snapshot, (), clock)
    encoded = engine.encode(question.words)
    clock.lap("encode")
    ranked = rank(question, encoded.vector, snapshot, engine, most=k)
    clock.lap("search")
    hits = _hits(engine, snapshot, encoded, ranked, k=k)
    clock.lap("read")
    return _search_answer(question, snapshot, hits, clock)


def _hits(
    engine: Engine, snapshot: Snapshot, question: EncodedQuestion, ranked: RankedPassages, *, k: int
) -> tuple[SearchHit, ...]:
    store = snapshot.store
    shown = ranked.rankings[-1].hits[:k]
    candidates = masked_candidates(store.candidates([hit.passage_id for hit in shown]), store.near_duplicates)
    evidence = SimilarityReader(engine.encoder, snapshot.postings).read(question, candidates)
    scores = {(one.article_id, one.sentence_index): one.score for one in evidence}
    stages = _stages(ranked.rankings)
    return tuple(
        _hit(
            place,
            hit.score,
            candidate,
            stages[hit.passage_id],
            scores,
            store.candidates(ranked.near_duplicates.get(hit.passage_id, ())[:MOST_PLACES]),
        )
        for place, (hit, candidate) in enumerate(zip(shown, candidates, strict=True), start=1)
    )


def _stages(rankings: Sequence[Ranking]) -> dict[str, dict[str, tuple[int, float]]]:
    """Passage id → stage → (rank, score)."""
    stages: dict[str, dict[str, tuple[int, float]]] = {}
    for ranking in rankings:
        for place, hit in enumerate(ranking.hits, start=1):
            stages.setdefault(hit.passage_id, {})[ranking.scorer] = (place, hit.score)
    return stages


def _hit(
    place: int,
    score: float,
    candidate: Candidate,
    stages: Mapping[str, tuple[int, float]],
    scores: Mapping[tuple[str, int], float],
    near_duplicates: Sequence[Candidate],
) -> SearchHit:
    article, passage = candidate.article, candidate.passage
    return SearchHit(
        rank=place,
        score=score,
        article=article,
        passage=passage,
        sentences=tuple(
            ScoredSentence(sentence, scores[article.id, sentence.index])
            for sentence in passage.sentences
            if (article.id, sentence.index) in scores
        ),
        stages=stages,
        near_duplicates=tuple(map(_place, near_duplicates)),
        source=source_of(article),
        sentence_link=sentence_link(article.id, article.digest, passage.sentences[0].index),
    )


def _place(candidate: Candidate) -> Place:
    article, passage = candidate.article, candidate.passage
    return Place(
        article.id,
        article.title,
        article.digest,
        passage.sentences[0].index,
        passage.span,
        candidate.text,
        source_of(article),
    )


def _search_answer(question: Question, snapshot: Snapshot, hits: tuple[SearchHit, ...], clock: StageClock) -> SearchAnswer:
    return SearchAnswer(
        index_generation=snapshot.generation,
        question=question.words,
        asked_at=question.asked_at,
        date_ranges=question.date_ranges,
        filters=question.filters,
        hits=hits,
        timings_ms=clock.done(),
        notices=notices(question, snapshot.store),
        filter_advice=advice_on(question.filters, snapshot),
    )
