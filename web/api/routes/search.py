"""POST /v1/search: the passages that fit a question best, with each stage's rank and score."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from qa.api.schemas import SearchShape, search_shape
from qa.base.types import SearchAnswer
from web.api.bodies import SearchBody
from web.api.openapi import problems
from web.api.routes.json_route import JsonRoute
from web.runtime.leaving import while_there
from web.runtime.running import Running, running

router = APIRouter(prefix="/v1/search", tags=["Answers"], route_class=JsonRoute)


@router.post(
    "",
    summary="Rank passages",
    responses=problems(403, 413, 415, 422, 429, 503),
)
async def search(request: Request, body: SearchBody, app: Annotated[Running, Depends(running)]) -> SearchShape:
    """Passages and the scores of their sentences, without an answer. Ranks start at 1; scores order one response only."""

    def work() -> SearchAnswer:
        return app.service.search(body.question, k=body.k, asked_at=body.asked_at, filters=body.chosen())

    return search_shape(await while_there(request, app.ask(work)))
