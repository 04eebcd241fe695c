"""How an answer was found: its question asked once more, with every stage's rank and score, and what was read.

What led to an answer is not kept. An answer is the same for one generation of the index and the same settings, so asking
again shows it; the page says where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.responses import Response

from qa.answer.links import sentence_link
from qa.api.answer import ConfidenceShape
from qa.api.filters import FiltersShape, filters_of
from qa.base.errors import AnswerNotFound, ArticleNotFound
from qa.base.stages import SEARCH_STAGES
from qa.base.types import ANY_TIME, Answer, Article, Evidence, Hit, Ranking, Sentence, Status, parse_passage_id, passage_id
from qa.service.service import Service
from web.pages.dependencies import PagesDep
from web.runtime.dependencies import RunningDep

router = APIRouter(include_in_schema=False)

_MOST_PASSAGES = 20  # of the last ranking that the page shows
_MOST_SENTENCES = 20  # of those read, the likeliest; those that are cited come on top


class _KeptCitation(BaseModel):
    model_config = ConfigDict(frozen=True)  # ignores further fields: kept answers may be of another version

    number: int
    article_id: str
    sentence_index: int


class _KeptAnswer(BaseModel):
    """What the page needs of an answer as it was given."""

    model_config = ConfigDict(frozen=True)

    question: str
    standalone_question: str
    asked_at: AwareDatetime
    created_at: str
    index_generation: int
    status: Status
    answer: str
    filters: FiltersShape
    confidence: ConfidenceShape
    citations: list[_KeptCitation]
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage of the last ranking. `stages` holds (rank, score) by stage, for those that ranked it."""

    rank: int
    title: str
    text: str
    language: str | None
    link: str
    was_read: bool
    stages: Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence that was read. `citation` is its number in the answer as it was given, None where that does not cite it."""

    rank: int
    quote: str
    title: str
    language: str | None
    link: str
    score: float
    probability: float
    citation: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer as it was given, and how the same question is answered now."""

    kept: _KeptAnswer
    again: Answer
    is_same: bool
    passages: Sequence[FoundPassage]
    passages_found: int
    sentences: Sequence[ReadSentence]
    sentences_read: int


@router.get("/answers/{answer_id}/explain")
async def explain(
    request: Request,
    answer_id: str,
    running: RunningDep,
    pages: PagesDep,
) -> Response:
    """Every stage of a kept answer, or a page that says why there is nothing to show."""
    try:
        explanation = await running.ask(partial(_explained, running.service, answer_id))
    except AnswerNotFound:
        days = running.service.settings.keep_answers_days
        return await to_thread.run_sync(partial(pages.page, request, "not_kept.html", status=404, days=days))
    return await to_thread.run_sync(partial(pages.page, request, "explain.html", explanation=explanation, stages=SEARCH_STAGES))


def _explained(service: Service, answer_id: str) -> Explanation:
    kept = _KeptAnswer.model_validate_json(service.kept_answer(answer_id).body)
    filters = filters_of(kept.filters)
    again = service.ask(
        kept.standalone_question,
        asked_at=kept.asked_at,
        filters=replace(filters, as_of=filters.as_of or ANY_TIME),  # as they were in force
        threshold=kept.confidence.threshold,
        max_citations=len(kept.citations) or None,  # a limit that the question came with is not kept
    )
    articles = _Articles(service)
    rankings, evidence = again.trace.rankings, again.trace.evidence
    hits = rankings[-1].hits if rankings else ()
    were_read = {one.passage_id for one in evidence}
    cited = {(one.article_id, one.sentence_index): one.number for one in kept.citations}
    passages = (
        _passage(rank, hit, hit.passage_id in were_read, rankings, articles)
        for rank, hit in enumerate(hits[:_MOST_PASSAGES], start=1)
    )
    sentences = (
        _sentence(rank, one, number, articles)
        for rank, one in enumerate(evidence, start=1)
        if (number := cited.get((one.article_id, one.sentence_index))) or rank <= _MOST_SENTENCES
    )
    return Explanation(
        kept=kept,
        again=again,
        is_same=cited == {(one.article_id, one.sentence_index): one.number for one in again.citations},
        passages=[row for row in passages if row is not None],
        passages_found=len(hits),
        sentences=[row for row in sentences if row is not None],
        sentences_read=len(evidence),
    )


class _Articles:
    """Articles as they are now, each read once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._read: dict[str, tuple[Article, Sequence[Sentence]] | None] = {}

    def get(self, article_id: str) -> tuple[Article, Sequence[Sentence]] | None:
        """The article with its sentences; None for one that was removed since the search."""
        if article_id not in self._read:
            try:
                stored, sentences = self._service.article(article_id)
                self._read[article_id] = stored.article, sentences
            except ArticleNotFound:
                self._read[article_id] = None
        return self._read[article_id]


def _passage(rank: int, hit: Hit, was_read: bool, rankings: Sequence[Ranking], articles: _Articles) -> FoundPassage | None:
    """None where the article was changed or removed since the search, a moment ago."""
    article_id, span = parse_passage_id(hit.passage_id)
    known = articles.get(article_id)
    if known is None or passage_id(known[0], span) != hit.passage_id:
        return None
    article, sentences = known
    first = next(sentence.index for sentence in sentences if sentence.span.end > span.start)
    return FoundPassage(
        rank=rank,
        title=article.title,
        text=span.of(article.text),
        language=article.language,
        link=sentence_link(article.id, article.digest, first),
        was_read=was_read,
        stages=_stages(hit.passage_id, rankings),
    )


def _stages(wanted: str, rankings: Sequence[Ranking]) -> dict[str, tuple[int, float]]:
    """Stage → (rank, score) of one passage."""
    return {
        ranking.scorer: (rank, hit.score)
        for ranking in rankings
        for rank, hit in enumerate(ranking.hits, start=1)
        if hit.passage_id == wanted
    }


def _sentence(rank: int, evidence: Evidence, citation: int | None, articles: _Articles) -> ReadSentence | None:
    """None where the article was removed since it was read, a moment ago."""
    known = articles.get(evidence.article_id)
    if known is None:
        return None
    return ReadSentence(
        rank=rank,
        quote=evidence.quote,
        title=known[0].title,
        language=known[0].language,
        link=sentence_link(evidence.article_id, evidence.article_digest, evidence.sentence_index),
        score=evidence.score,
        probability=evidence.probability,
        citation=citation,
    )
