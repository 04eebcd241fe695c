"""POST /v1/explain: how a question is answered, with every candidate, and why one article is cited or not."""

from __future__ import annotations

from fastapi import APIRouter, Request

from qa.api.explanation import ExplanationShape
from web.api.asking import explained_turn
from web.api.bodies.answer import ExplainBody
from web.api.openapi import problems
from web.api.routes.json_route import JsonRoute
from web.runtime.dependencies import RunningDep
from web.runtime.leaving import while_there

router = APIRouter(prefix="/v1/explain", tags=["Answers"], route_class=JsonRoute)


@router.post("", summary="Explain an answer", responses=problems(403, 404, 413, 415, 422, 429, 503))
async def explain(request: Request, body: ExplainBody, running: RunningDep) -> ExplanationShape:
    """The answer with all that led to it: every candidate with its rank and score by stage, and the sentences that were read.

    With `article_id`, `article.fate` says where that article fell out, and `article.because` says it in words. The `answer` is
    made anew and not kept. To explain a kept one, send its `standalone_question`, `asked_at` and `filters`.
    """
    return await while_there(request, running.ask(lambda: explained_turn(running, body)))
