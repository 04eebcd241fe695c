"""POST /v1/answers: a question in, a cited answer out, or an honest "not found"."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from qa.schemas import AnswerShape, answer_shape
from web.bodies import AskBody
from web.openapi import problems
from web.routes.json_route import JsonRoute
from web.running import Running, running

router = APIRouter(prefix="/v1/answers", tags=["Answers"], route_class=JsonRoute)


@router.post(
    "",
    summary="Ask a question",
    responses=problems(403, 413, 415, 422, 429, 503),
)
async def ask(body: AskBody, app: Annotated[Running, Depends(running)]) -> AnswerShape:
    """The answer is sentences of the articles, each cited; `article.text[start_char_index:end_char_index] == cited_text`.

    `status` is `answered`, `weak` or `not_found`, all with HTTP 200; `not_found` means no citations, and the
    other way round. Offsets are Unicode code points, 0-based, half-open: in JavaScript,
    `Array.from(text).slice(start, end).join("")`.
    """
    answer = await app.ask(
        lambda: app.service.ask(
            body.question,
            asked_at=body.asked_at,
            filters=body.chosen(),
            threshold=body.threshold,
            max_citations=body.max_citations,
        )
    )
    return answer_shape(answer)
