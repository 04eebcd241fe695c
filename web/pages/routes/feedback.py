"""The buttons under an answer in the chat: feedback on it, with and without JavaScript."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from pydantic import ConfigDict
from starlette.responses import RedirectResponse, Response

from web.access.browsers import is_htmx
from web.api.bodies.feedback import FeedbackBody
from web.pages.addresses import conversation_address
from web.pages.dependencies import PagesDep
from web.runtime.dependencies import ConversationsDep, RunningDep

router = APIRouter(include_in_schema=False)


class FeedbackForm(FeedbackBody):
    """The same as the API takes, and the turn of the buttons. An empty verdict takes the feedback back."""

    model_config = ConfigDict(strict=False)  # a form has strings alone

    verdict: Literal["helpful", "not_helpful", "right", "wrong"] | None = None
    conversation: str = ""
    turn: int = 1


@router.post("/answers/{answer_id}/feedback")
def judge(
    request: Request,
    answer_id: str,
    form: Annotated[FeedbackForm, Form()],
    running: RunningDep,
    pages: PagesDep,
    conversations: ConversationsDep,
) -> Response:
    """Store the feedback: a redirect to the turn, or for htmx what shows it now, which is the turn where a sentence became or
    was the answer."""
    running.require_ready()
    judged = running.service.judge(answer_id, form.as_verdict, sentence=form.sentence)
    if not is_htmx(request):
        return RedirectResponse(f"{conversation_address(form.conversation)}#turn-{form.turn}", status_code=303)
    conversation = conversations.known(form.conversation) if form.nearest else None
    turn = next((turn for turn in conversation.turns if turn.answer.id == answer_id), None) if conversation else None
    if form.nearest and turn is None:
        return Response(headers={"HX-Refresh": "true"})  # the page shows what is gone meanwhile
    return pages.plain(
        request, "_feedback_given.html", judged=judged, form=form, conversation=conversation, turn=turn, said=_said(form)
    )


def _said(form: FeedbackForm) -> str:
    if form.verdict is None:
        return "That is taken back."
    return "Thank you. This sentence stands as the answer now." if form.nearest else "Thank you, that is kept."
