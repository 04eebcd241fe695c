"""The address of an answer: a page with it alone, as it was given, with what became of its sources since."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from qa.api.answer import AnswerShape
from qa.api.conversation import ConversationTurn
from qa.base.errors import AnswerNotFound
from web.pages.dependencies import PagesDep
from web.runtime.dependencies import RunningDep

router = APIRouter(include_in_schema=False)


@router.get("/answers/{answer_id}")
def answer(
    request: Request,
    answer_id: str,
    running: RunningDep,
    pages: PagesDep,
) -> Response:
    """The answer with its sources, or a page that says why there is none."""
    running.require_ready()
    try:
        kept = running.service.kept_answer(answer_id)
        given = AnswerShape.model_validate_json(kept.body)
    except (AnswerNotFound, ValidationError):  # an earlier qa's answer may lack what is shown now
        return pages.page(request, "not_kept.html", status=404, days=running.service.settings.keep_answers_days)
    (now,) = running.service.as_of_now([given])
    return pages.page(request, "answer.html", turn=ConversationTurn(1, now), given_at=kept.created_at, conversation=None)
