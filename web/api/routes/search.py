"""POST /v1/search: the passages that fit a question best, with each stage's rank and score."""

from __future__ import annotations

from fastapi import APIRouter, Request

from qa.api.search import SearchShape, search_shape
from qa.base.types import SearchAnswer
from web.api.bodies.search import SearchBody
from web.api.openapi import problems
from web.api.routes.json_route import JsonRoute
from web.runtime.dependencies import RunningDep
from web.runtime.leaving import while_there

router = APIRouter(prefix="/v1/search", tags=["Answers"], route_class=JsonRoute)


@router.post(
    "",
    summary="Rank passages",
    responses=problems(403, 413, 415, 422, 429, 503),
)
async def search(request: Request, body: SearchBody, running: RunningDep) -> SearchShape:
    """Passages and the scores of their sentences, without an answer.

    The first passages are read, and stand in the order that this gives. The others follow in the order before. A hit's `score` is
    that of the last stage that ranked it. Ranks start at 1. Scores are comparable within one response only.
    """

    def work() -> SearchAnswer:
        return running.service.search(
            body.question, k=body.k, read=body.read, asked_at=body.asked_at, filters=body.chosen_filters()
        )

    return search_shape(await while_there(request, running.ask(work)))
