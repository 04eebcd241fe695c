"""An answer in the making → server-sent events: answer.started, answer.stage, then each answer.citation before the
answer.delta that quotes it, and answer.completed or error at the end. The deltas together are the answer's text.

What goes wrong before the first event is an ordinary problem. A client that leaves ends the work at its next stage.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from qa.answer.compose import numbered
from qa.schemas import AnswerShape
from web.errors import as_problem, problem_shape
from web.running import Running

EVENT_STREAM = "text/event-stream"
_IN_ORDER = ("answer.started", "answer.stage", "answer.citation", "answer.delta", "answer.completed")
EVENT_SCHEMA = {  # of each event; OpenAPI 3.1 has no word of its own for it
    "type": "object",
    "description": "One event; `data` is a JSON object whose `type` is the event's.",
    "properties": {
        "event": {"enum": [*_IN_ORDER, "error"]},
        "data": {"type": "string"},
    },
    "required": ["event", "data"],
}
_PING = ": ping\n\n"
_PING_SECONDS = 15.0
_UNBUFFERED = {"X-Accel-Buffering": "no"}  # what nginx and others in between read

OnStage = Callable[[str, float], None]


class _ClientLeft(Exception):
    """Nobody waits for the answer any more."""


async def streamed(request: Request, app: Running, work: Callable[[OnStage], AnswerShape], *, question: str) -> Response:
    """The response that tells of the work while it is done.

    Raises:
        Problem, QaError: the work failed before its first stage was done.
    """
    making = _Making(app, work)
    first = await making.first()
    started = _event("answer.started", question=question)
    return StreamingResponse(making.events(request, started, first), media_type=EVENT_STREAM, headers=_UNBUFFERED)


class _Making:
    """One answer in the making: a thread does the work, this loop tells of it."""

    def __init__(self, app: Running, work: Callable[[OnStage], AnswerShape]) -> None:
        self._told: asyncio.Queue[str] = asyncio.Queue()
        self._left = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(app.ask(lambda: self._worked(work)))
        self._task.add_done_callback(self._done)

    def _worked(self, work: Callable[[OnStage], AnswerShape]) -> AnswerShape:
        if self._left.is_set():  # while it waited for its turn
            raise _ClientLeft
        return work(self._on_stage)

    def _done(self, task: asyncio.Task[AnswerShape]) -> None:
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not log it when nobody is left to be told
        self._told.put_nowait("")

    def _on_stage(self, stage: str, milliseconds: float) -> None:
        """Called in the thread that works."""
        if self._left.is_set():
            raise _ClientLeft
        event = _event("answer.stage", stage=stage, milliseconds=round(milliseconds, 1))
        self._loop.call_soon_threadsafe(self._told.put_nowait, event)

    async def first(self) -> str:
        """The first event; "" where the work was done without one."""
        first = await self._told.get()
        if not first:
            self._task.result()  # raises what the work did
        return first

    async def events(self, request: Request, started: str, first: str) -> AsyncIterator[str]:
        try:
            yield started
            event = first
            while event:
                yield event
                event = await self._next()
            for last in _ending(request, self._task):
                yield last
        finally:
            self._left.set()  # and no cancelling: the place among those that work is free once the thread has ended

    async def _next(self) -> str:
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._told.get(), _PING_SECONDS)
        return _PING


def _ending(request: Request, task: asyncio.Task[AnswerShape]) -> Iterator[str]:
    error = task.exception()
    if error is None:
        yield from _told(task.result())
        return
    yield _event("error", problem=problem_shape(request, as_problem(request, error)).model_dump(mode="json"))


def _told(answer: AnswerShape) -> Iterator[str]:
    if not answer.citations:
        yield _event("answer.delta", delta=answer.answer)
    for citation in answer.citations:
        yield _event("answer.citation", citation=citation.model_dump(mode="json"))
        blank = " " if citation.number > 1 else ""
        yield _event("answer.delta", delta=blank + numbered(citation.cited_text, citation.number))
    yield _event("answer.completed", answer=answer.model_dump(mode="json"))


def _event(kind: str, **facts: object) -> str:
    """`json.dumps` escapes line ends, so that the data is one line."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **facts})}\n\n"
