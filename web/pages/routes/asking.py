"""Asking in the chat: a turn more, as a page to go to, or for the chat's script as events while the answer is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from qa.api.answer import AnswerShape, answer_shape, earlier_turn
from qa.api.conversation import Conversation
from qa.base.errors import QuestionError
from qa.base.in_words import counted
from qa.service.conversations import Conversations
from qa.service.observers import OnStage
from qa.service.question import AnswerRequest
from web.api.streaming import EVENT_STREAM, event_text, streamed
from web.pages.addresses import conversation_address
from web.pages.dependencies import PagesDep
from web.pages.filter_form import LONGEST_ARTICLES, FilterForm
from web.pages.render import Pages
from web.pages.routes.chat import IN_SIDEBAR, by_day, chat_page
from web.problems import Problem
from web.runtime.dependencies import ConversationsDep, RunningDep
from web.runtime.running import Running

router = APIRouter(include_in_schema=False)


class AskForm(BaseModel):
    """A question as the chat's forms send it. With `turn` it takes the place of that turn and all behind it.

    `after` is the answer that the page shows last.
    """

    model_config = ConfigDict(frozen=True)

    question: str = ""
    conversation: str = ""
    standalone_question: str | None = None
    turn: int | None = Field(None, ge=1, le=100_000)
    after: str | None = None
    source: str = Field("", max_length=200)
    published_from: str = Field("", max_length=200)
    published_to: str = Field("", max_length=200)
    language: str = Field("", max_length=200)
    article: str = Field("", max_length=LONGEST_ARTICLES)

    @property
    def filters(self) -> FilterForm:
        return FilterForm(self.source, self.published_from, self.published_to, self.language, self.article)


@dataclass(frozen=True, slots=True)
class _Grown:
    """A conversation with one turn more, which takes the place of others where it was asked so."""

    conversation: Conversation
    in_place_of: int | None

    @property
    def address(self) -> str:
        return conversation_address(self.conversation.id)

    @property
    def fragment(self) -> str:
        return f"#turn-{self.conversation.turns[-1].number}"

    def goes_on_from(self, form: AskForm) -> bool:
        """Whether the page that asked shows all turns but this; another one may have asked or edited meanwhile."""
        turns = self.conversation.turns
        before = turns[-2].answer.id if len(turns) > 1 else ""
        is_behind = form.after is not None and form.after != before
        return not (self.in_place_of or is_behind or form.conversation not in ("", self.conversation.id))


@router.post("/ask")
async def ask(
    request: Request, running: RunningDep, pages: PagesDep, conversations: ConversationsDep, form: Annotated[AskForm, Form()]
) -> Response:
    """Append a turn. A conversation that is not kept begins again."""
    known = await to_thread.run_sync(conversations.known, form.conversation)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return await _as_events(request, running, pages, conversations, form, known)
    try:
        grown = await running.ask(partial(_grown, running, conversations, form, known))
    except QuestionError as error:
        page = partial(
            chat_page, request, running, pages, conversations, conversation=known, form=form.filters, question=form.question
        )
        return await to_thread.run_sync(partial(page, message=str(error)))
    return RedirectResponse(grown.address + grown.fragment, status_code=303)


async def _as_events(
    request: Request, running: Running, pages: Pages, conversations: Conversations, form: AskForm, known: Conversation | None
) -> Response:
    """Events while the answer is made, the last of them the turn; where it cannot be made at all, why not."""

    def work(on_stage: OnStage) -> str:
        grown = _grown(running, conversations, form, known, on_stage=on_stage)
        return _last_event(request, pages, conversations, form, grown)

    words = await to_thread.run_sync(_stage_words, running, form.filters)
    try:
        return await streamed(request, running, work, _TurnEvents(request, pages, words))
    except QuestionError as error:
        return pages.plain(request, "_message.html", status=422, message=str(error))


def _grown(
    running: Running,
    conversations: Conversations,
    form: AskForm,
    known: Conversation | None,
    *,
    on_stage: OnStage | None = None,
) -> _Grown:
    before = [turn for turn in known.turns if form.turn is None or turn.number < form.turn] if known else []
    request = AnswerRequest(
        form.question,
        filters=form.filters.filters(),
        earlier=[earlier_turn(turn.answer) for turn in before],
        standalone_question=form.standalone_question or None,
    )
    answer: AnswerShape = answer_shape(running.answer(request, on_stage=on_stage))
    in_place_of = form.turn if known else None
    return _Grown(conversations.append(form.conversation, answer, in_place_of=in_place_of), in_place_of)


def _last_event(request: Request, pages: Pages, conversations: Conversations, form: AskForm, grown: _Grown) -> str:
    """The turn as the page is to show it, or where to go for it."""
    turn = grown.conversation.turns[-1]
    if not grown.goes_on_from(form):
        # A browser that is at this address already loads it only if more than the fragment is new.
        asked = urlencode({"asked": turn.answer.id})
        return event_text("elsewhere", address=f"{grown.address}?{asked}{grown.fragment}")
    days = by_day(conversations.recent(limit=IN_SIDEBAR)) if turn.number == 1 else []
    part = pages.plain(request, "_asked.html", conversation=grown.conversation, turn=turn, days=days)
    return event_text("turn", address=grown.address, html=bytes(part.body).decode())


def _stage_words(running: Running, filters: FilterForm) -> dict[str, str]:
    """What is done once a stage is over, in the words of the page."""
    passages = running.described().counts.passages
    searched = "the passages that pass the filters" if filters.is_filled else counted(passages, "passage")
    return {
        "encode": f"Searching {searched}…",
        "search": f"Reading {counted(min(passages, running.service.settings.read_passages), 'passage')}…",
    }


class _TurnEvents:
    """The events of `POST /ask`: `started`, a `stage` with its words, and at the end `turn`, `elsewhere` or `refused`."""

    def __init__(self, request: Request, pages: Pages, stage_words: dict[str, str]) -> None:
        self._request = request
        self._pages = pages
        self._stage_words = stage_words

    def started(self) -> str:
        return event_text("started")

    def stage(self, name: str, milliseconds: float) -> str:  # noqa: ARG002  # what every format of events is given
        return event_text("stage", words=self._stage_words.get(name, "Choosing what to quote…"))

    def completed(self, outcome: str) -> Iterator[str]:
        yield outcome

    def failed(self, problem: Problem) -> str:
        part = self._pages.plain(self._request, "_problem.html", problem=problem)
        return event_text("refused", html=bytes(part.body).decode())
