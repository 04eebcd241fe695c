"""The chat: a page for a new conversation, one for each that is kept, and asking, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from qa.conversation import Turn
from qa.errors import QuestionError
from qa.schemas import AnswerShape, answer_shape, earlier_turn
from qa.service import Service
from qa.types import Filters
from web.conversations import Conversation, Conversations
from web.filter_form import FilterForm, form_of
from web.pages import Pages, pages
from web.running import Running, running
from web.suggestions import Suggestions

router = APIRouter(include_in_schema=False)


def conversations(request: Request) -> Conversations:
    """The dependency by which the routes reach them."""
    found: Conversations = request.app.state.conversations
    return found


def suggestions(request: Request) -> Suggestions:
    """The dependency by which the routes reach them."""
    found: Suggestions = request.app.state.suggestions
    return found


App = Annotated[Running, Depends(running)]
Shown = Annotated[Pages, Depends(pages)]
Kept = Annotated[Conversations, Depends(conversations)]
Suggested = Annotated[Suggestions, Depends(suggestions)]
Field = Annotated[str, Form(max_length=200)]

_EMPTY_FORM = FilterForm()
_MOST_SOURCES = 200  # that the source field offers; others can be typed


@router.get("/")
def new_conversation(request: Request, app: App, shown: Shown, suggested: Suggested) -> Response:
    """The ask box and a few questions to begin with, as far as these are known already."""
    app.require_ready()
    return _chat(request, app, shown, suggestions=suggested.known())


@router.get("/suggestions")
async def suggested_questions(request: Request, app: App, shown: Shown, suggested: Suggested) -> Response:
    """The questions to begin with, worked out first if need be: as a part for htmx, else as a page."""
    found = await app.ask(suggested.questions)
    if _is_htmx(request):
        return shown.plain(request, "_suggestions.html", suggestions=found)
    return await to_thread.run_sync(partial(shown.page, request, "suggestions.html", suggestions=found))


@router.get("/c/{conversation_id}")
def conversation(request: Request, conversation_id: str, app: App, shown: Shown, kept: Kept) -> Response:
    """A conversation from its first turn that is kept, or a page that says that it is not."""
    app.require_ready()
    found = kept.find(conversation_id)
    if found is None:
        return shown.page(request, "lost.html", status=404)
    return _chat(request, app, shown, conversation=found, form=form_of(found.turns[-1].filters))


@router.post("/ask")
async def ask(
    request: Request,
    app: App,
    shown: Shown,
    kept: Kept,
    question: Annotated[str, Form()] = "",
    conversation: Annotated[str, Form()] = "",
    source: Field = "",
    published_from: Field = "",
    published_to: Field = "",
) -> Response:
    """Append a turn: a redirect to it, or the turn alone for htmx. A conversation that is not kept begins anew."""
    form = FilterForm(source, published_from, published_to)
    try:
        known = kept.find(conversation)
        earlier = [earlier_turn(turn.answer) for turn in known.turns] if known else []
        answer = await app.ask(partial(_asked, app.service, question, form.filters(), earlier))
    except QuestionError as error:
        if _is_htmx(request):
            return shown.plain(request, "_message.html", status=422, message=str(error))
        page = partial(_chat, request, app, shown, conversation=known, form=form, question=question, message=str(error))
        return await to_thread.run_sync(page)
    grown = kept.append(conversation, answer)
    turn = grown.turns[-1]
    address = f"/c/{grown.id}"
    if not _is_htmx(request):
        return RedirectResponse(f"{address}#turn-{turn.number}", status_code=303)
    if conversation not in ("", grown.id):  # the turns that the page shows are of one that is not kept
        return Response(headers={"HX-Redirect": f"{address}#turn-{turn.number}"})
    response = await to_thread.run_sync(partial(shown.plain, request, "_asked.html", conversation=grown, turn=turn))
    if turn.number == 1:
        response.headers["HX-Push-Url"] = address
    return response


def _chat(
    request: Request,
    app: Running,
    shown: Pages,
    *,
    conversation: Conversation | None = None,
    form: FilterForm = _EMPTY_FORM,
    suggestions: Sequence[str] | None = None,
    question: str = "",
    message: str | None = None,
) -> Response:
    """The chat page. `question` stands in the box already, and `message` says why it was refused."""
    return shown.page(
        request,
        "chat.html",
        status=422 if message else 200,
        conversation=conversation,
        form=form,
        sources=app.service.sources()[:_MOST_SOURCES],
        suggestions=suggestions,
        question=question,
        message=message,
    )


def _asked(service: Service, question: str, filters: Filters, earlier: Sequence[Turn]) -> AnswerShape:
    answer = service.ask(question, filters=filters, earlier=earlier)
    service.keep(answer)
    return answer_shape(answer)


def _is_htmx(request: Request) -> bool:
    return "hx-request" in request.headers
