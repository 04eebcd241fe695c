"""GET /v1/citations/{answer_id}/{number}/verify: whether a quote of a kept answer still stands in its article."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from qa.api.verified_quote import VerifiedQuoteShape, verified_quote_shape
from web.api.openapi import problems
from web.api.routes.json_route import JsonRoute
from web.problems import Problem
from web.runtime.dependencies import RunningDep

router = APIRouter(prefix="/v1/citations", tags=["Answers"], route_class=JsonRoute)


@router.get("/{answer_id}/{number}/verify", summary="Verify a citation", responses=problems(404, 422, 503))
def verify_citation(answer_id: str, number: Annotated[int, Path(ge=1, le=100)], running: RunningDep) -> VerifiedQuoteShape:
    """The quote is compared, character by character, with the article as it is now."""
    running.require_ready()
    verified = next((one for one in running.service.verify(answer_id) if one.cited.number == number), None)
    if verified is None:
        raise Problem("not-found", f"The answer {answer_id!r} has no citation {number}.")
    return verified_quote_shape(answer_id, verified)
