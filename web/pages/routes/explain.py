"""How an answer was found: its question asked once more, with every candidate and its ranks, what was read, and why an
article is cited or not.

What led to an answer is not kept. An answer is the same for one generation of the index and the same settings, so asking
again shows it; the page says where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.responses import Response

from qa.api.answer import ConfidenceShape
from qa.api.explanation import CandidateShape, ExplanationShape, explanation_shape
from qa.api.filters import FiltersShape, filters_of
from qa.base.errors import AnswerNotFound, ArticleNotFound
from qa.base.stages import AFTER_READING, SEARCH_STAGES
from qa.base.types import ANY_TIME, Filters, Status
from qa.service.question import AnswerRequest
from qa.service.service import Service
from web.pages.dependencies import PagesDep
from web.runtime.dependencies import RunningDep

router = APIRouter(include_in_schema=False)

_FIRST = 20  # rows of a table that are shown unfolded
_MOST_MATCHES = 8  # articles to choose from, where several have the words

Named = Annotated[str, Query(max_length=200)]


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
    searched_for: list[str] = []
    asked_at: AwareDatetime
    created_at: str
    index_generation: int
    status: Status
    answer: str
    filters: FiltersShape
    confidence: ConfidenceShape
    citations: list[_KeptCitation]
    timings_ms: dict[str, float]

    @property
    def cited(self) -> dict[tuple[str, int], int]:
        """(article id, sentence) → its number."""
        return {(one.article_id, one.sentence_index): one.number for one in self.citations}


@dataclass(frozen=True, slots=True)
class NamedArticle:
    """What was typed for an article, and the one that this names; else those whose titles have the words, as (id, title)."""

    typed: str
    article_id: str | None
    matches: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer as it was given, and how the same question is answered now. `repeated` has the titles of near-duplicates."""

    kept: _KeptAnswer
    now: ExplanationShape
    filters: Filters
    is_same: bool
    cited: Mapping[tuple[str, int], int]
    named: NamedArticle
    titles: Mapping[str, str]


@router.get("/answers/{answer_id}/explain")
async def explain(
    request: Request,
    answer_id: str,
    running: RunningDep,
    pages: PagesDep,
    article: Named = "",
) -> Response:
    """Every stage of a kept answer, or a page that says why there is nothing to show; with `article`, the fate of that one."""
    try:
        explained = await running.ask(partial(_explained, running.service, answer_id, article.strip()))
    except AnswerNotFound:
        days = running.service.settings.keep_answers_days
        return await to_thread.run_sync(partial(pages.page, request, "not_kept.html", status=404, days=days))
    stages = (*SEARCH_STAGES, AFTER_READING)
    return await to_thread.run_sync(
        partial(pages.page, request, "explain.html", explained=explained, stages=stages, first=_FIRST)
    )


def _explained(service: Service, answer_id: str, typed: str) -> Explained:
    kept = _KeptAnswer.model_validate_json(service.kept_answer(answer_id).body)
    filters = filters_of(kept.filters)
    request = AnswerRequest(
        kept.standalone_question,
        asked_at=kept.asked_at,
        filters=replace(filters, as_of=filters.as_of or ANY_TIME),  # as they were in force
        threshold=kept.confidence.threshold,
        searched_for=kept.searched_for,
        max_citations=len(kept.citations) or None,  # a limit that the question came with is not kept
    )
    named = _named(service, typed)
    now = explanation_shape(service.explain(request, article=named.article_id))
    return Explained(
        kept=kept,
        now=now,
        filters=filters,
        is_same=kept.cited == {(one.article_id, one.sentence_index): one.number for one in now.answer.citations},
        cited=kept.cited,
        named=named,
        titles=_titles(now.candidates),
    )


def _named(service: Service, typed: str) -> NamedArticle:
    """The article with this id, else the one whose title, source or author has all the words."""
    if not typed:
        return NamedArticle(typed, None, ())
    try:
        return NamedArticle(typed, service.article(typed)[0].article.id, ())
    except ArticleNotFound:
        rows = service.page(typed, limit=_MOST_MATCHES)
    if len(rows) == 1:
        return NamedArticle(typed, rows[0].article.id, ())
    return NamedArticle(typed, None, [(row.article.id, row.article.title) for row in rows])


def _titles(candidates: Sequence[CandidateShape]) -> dict[str, str]:
    """Passage id → the title of its article."""
    return {one.passage_id: one.article_title for one in candidates}
