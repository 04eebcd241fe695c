"""How an answer was found: its question asked once more, with every candidate and its ranks, what was read, and why an
article is cited or not.

What led to an answer is not kept. An answer is the same for one generation of the index and the same settings, so asking
again shows it; the page says where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, NamedTuple

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from qa.api.answer import AnswerShape
from qa.api.explanation import CandidateShape, ExplanationShape, explanation_shape
from qa.api.filters import filters_of
from qa.base.errors import AnswerNotFound, ArticleNotFound
from qa.base.stages import AFTER_READING, SEARCH_STAGES
from qa.base.types import ANY_TIME, Filters
from qa.service.question import AnswerRequest
from qa.service.service import Service
from web.pages.dependencies import PagesDep
from web.pages.wording import plain_reasons
from web.runtime.dependencies import RunningDep

router = APIRouter(include_in_schema=False)

_FIRST = 20  # rows of a table that are shown unfolded
_MOST_MATCHES = 8  # articles to choose from, where several have the words

Named = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class NamedArticle:
    """What was typed for an article, and the one that this names; else those whose titles have the words, as (id, title)."""

    typed: str
    article_id: str | None
    matches: Sequence[tuple[str, str]]


class ReadArticle(NamedTuple):
    """An article of which something was read."""

    id: str
    title: str
    is_cited: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer as it was given, and how the same question is answered now. `titles` are those of passages, by their ids."""

    kept: AnswerShape
    now: ExplanationShape
    filters: Filters
    is_same: bool
    cited: Mapping[tuple[str, int], int]
    named: NamedArticle
    titles: Mapping[str, str]

    @property
    def read(self) -> list[ReadArticle]:
        """The articles of which passages were read, the best first."""
        titles = {one.article_id: one.article_title for one in self.now.candidates if one.read}
        cited = {article_id for article_id, _ in self.cited}
        return [ReadArticle(id_, title, id_ in cited) for id_, title in titles.items()]

    @property
    def is_led(self) -> bool:
        """Whether a sentence that is not read as the best one stands first, since its statement leads."""
        scores = [one.score for one in self.now.sentences]
        return bool(scores) and scores[0] < max(scores)

    @property
    def spoke_for_it(self) -> list[str]:
        """What most raised the rank of the passage of which a sentence is cited, in plain words."""
        cited = {one.passage_id for one in self.now.sentences if one.citation == 1}
        moved = [moved for one in self.now.candidates if one.passage_id in cited for moved in one.moved]
        return plain_reasons([one.feature for one in moved if one.by > 0])


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
    except (AnswerNotFound, ValidationError):  # an earlier qa's answer may lack what is shown now
        days = running.service.settings.keep_answers_days
        return await to_thread.run_sync(partial(pages.page, request, "not_kept.html", status=404, days=days))
    stages = (*SEARCH_STAGES, AFTER_READING)
    return await to_thread.run_sync(
        partial(pages.page, request, "explain.html", explained=explained, stages=stages, first=_FIRST)
    )


def _explained(service: Service, answer_id: str, typed: str) -> Explained:
    (kept,) = service.as_of_now([AnswerShape.model_validate_json(service.kept_answer(answer_id).body)])
    cited = {(one.article_id, one.sentence_index): one.number for one in kept.citations}
    filters = filters_of(kept.filters)
    request = AnswerRequest(
        kept.standalone_question,
        asked_at=datetime.fromisoformat(kept.asked_at),
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
        is_same=cited == {(one.article_id, one.sentence_index): one.number for one in now.answer.citations},
        cited=cited,
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
