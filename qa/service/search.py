"""The place that wires searching: question → ranked passages, the first of them read; each with its sentences scored.

A pure function over an engine and a snapshot, as answering is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.answer.links import sentence_link
from qa.answer.similarity_reader import SimilarityReader
from qa.base.protocols import Candidate, EncodedQuestion
from qa.base.stages import AFTER_READING
from qa.base.types import Hit, Place, ScoredSentence, SearchAnswer, SearchHit, source_of
from qa.index.snapshot import Snapshot
from qa.service.as_of import as_of_its_clock, notices
from qa.service.boilerplate import masked_candidates
from qa.service.citing import MOST_PLACES
from qa.service.engine import Engine
from qa.service.filter_advice import advice_on
from qa.service.observers import StageClock
from qa.service.question import Question
from qa.service.rank import RankedPassages, rank
from qa.service.reading import NOTHING_READ, ReadPassages, read_first


def search(engine: Engine, snapshot: Snapshot, question: Question, clock: StageClock, *, k: int, read: int) -> SearchAnswer:
    """The k best passages with each stage's rank and score. The first `read` are ordered by what a reader finds in them.

    Where no reader is set, nothing is read.

    Raises:
        QuestionError: the question is over the encoder's token budget.
    """
    read = read if engine.reading_model is not None else 0
    question = as_of_its_clock(question, snapshot)
    if not snapshot.store.has_articles() or snapshot.lets_none_pass(question.filters):
        return _search_answer(question, snapshot, (), clock)
    encoded = engine.encode(question.words)
    clock.lap("encode")
    ranked = rank(question, encoded.vector, snapshot, engine, most=max(k, read))
    clock.lap("search")
    reading = read_first(encoded, ranked, engine, snapshot, most=read) if read else NOTHING_READ
    hits = _hits(engine, snapshot, encoded, ranked, reading, k=k)
    clock.lap("read")
    return _search_answer(question, snapshot, hits, clock)


def _hits(
    engine: Engine,
    snapshot: Snapshot,
    question: EncodedQuestion,
    ranked: RankedPassages,
    reading: ReadPassages,
    *,
    k: int,
) -> tuple[SearchHit, ...]:
    """The passages that were read, in the order after it, then the others, in the order before.

    Sentences of a passage that was read have the reader's scores, the others those of similarity.
    """
    store = snapshot.store
    order = reading.order
    is_read = {hit.passage_id for hit in order}
    shown = [*order, *(hit for hit in ranked.rankings[-1].hits if hit.passage_id not in is_read)][:k]
    unread_ids = [hit.passage_id for hit in shown if hit.passage_id not in is_read]
    unread = masked_candidates(store.candidates(unread_ids), store.near_duplicates)
    candidates = {candidate.passage.id: candidate for candidate in (*unread, *reading.candidates)}
    by_similarity = SimilarityReader(engine.encoder, snapshot.postings).read(question, unread)
    scores = {(one.article_id, one.sentence_index): one.score for one in (*by_similarity, *reading.evidence)}
    stages = _stages([*((ranking.scorer, ranking.hits) for ranking in ranked.rankings), (AFTER_READING, order)])
    return tuple(
        _hit(
            place,
            hit.score,
            candidates[hit.passage_id],
            stages[hit.passage_id],
            scores,
            store.candidates(ranked.near_duplicates.get(hit.passage_id, ())[:MOST_PLACES]),
        )
        for place, hit in enumerate(shown, start=1)
    )


def _stages(rankings: Sequence[tuple[str, Sequence[Hit]]]) -> dict[str, dict[str, tuple[int, float]]]:
    """Passage id → stage → (rank, score), of each stage's hits."""
    stages: dict[str, dict[str, tuple[int, float]]] = {}
    for stage, hits in rankings:
        for place, hit in enumerate(hits, start=1):
            stages.setdefault(hit.passage_id, {})[stage] = (place, hit.score)
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
