"""An answer in progress → server-sent events, in the spelling of an `EventFormat`.

`AnswerEvents` sends answer.started and an answer.stage for each stage. Then comes each answer.citation before the answer.delta
that quotes it, and at the end answer.completed or error. The deltas together are the answer's text.

An error before the first event is an ordinary problem. When the client leaves, the work ends at its next stage.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Generic, Protocol, TypeVar

from anyio import CancelScope
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from qa.api.answer import AnswerShape
from qa.api.pieces import answer_pieces
from qa.service.observers import OnStage
from web.errors import as_problem, problem_shape
from web.problems import Problem
from web.runtime.leaving import ClientLeft, stop_if_left, while_there
from web.runtime.running import Running

EVENT_STREAM = "text/event-stream"
_IN_ORDER = ("answer.started", "answer.stage", "answer.citation", "answer.delta", "answer.completed")
EVENT_SCHEMA = {  # of each event; OpenAPI 3.1 has no keyword for event streams
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
_UNBUFFERED = {"X-Accel-Buffering": "no"}  # for nginx and other proxies

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class EventFormat(Protocol[T_contra]):
    """How a stream spells its events. No string is empty, and each ends with a blank line."""

    def started(self) -> str: ...

    def stage(self, name: str, milliseconds: float) -> str: ...

    def completed(self, outcome: T_contra) -> Iterator[str]: ...

    def failed(self, problem: Problem) -> str: ...


async def streamed(request: Request, app: Running, work: Callable[[OnStage], T], events: EventFormat[T]) -> Response:
    """The response that streams the events of the work.

    Raises:
        Problem, QaError: the work failed before the end of its first stage.
        ClientLeft: the client left before that.
    """
    progress = _Progress(app, work, events)
    try:
        first = await while_there(request, progress.first())
    except ClientLeft:
        progress.stop()
        raise
    return StreamingResponse(progress.events(request, first), media_type=EVENT_STREAM, headers=_UNBUFFERED)


class _Progress(Generic[T]):
    """An answer in progress: a thread does the work, and this event loop sends its events."""

    def __init__(self, app: Running, work: Callable[[OnStage], T], events: EventFormat[T]) -> None:
        self._format = events
        self._events: asyncio.Queue[str] = asyncio.Queue()
        self._scope = CancelScope()
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._made(app, work))
        self._task.add_done_callback(self._done)

    async def _made(self, app: Running, work: Callable[[OnStage], T]) -> T:
        with self._scope:
            return await app.ask(lambda: work(self._on_stage))
        raise ClientLeft

    def stop(self) -> None:
        """End the work. The next question can start once its thread has ended."""
        self._scope.cancel()

    def _done(self, task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio does not log it when the client has left
        self._events.put_nowait("")

    def _on_stage(self, stage: str, milliseconds: float) -> None:
        """Called in the thread that does the work."""
        stop_if_left(stage, milliseconds)
        event = self._format.stage(stage, milliseconds)
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    async def first(self) -> str:
        """The first event; "" if the work ended without one."""
        first = await self._events.get()
        if not first:
            self._task.result()  # raises the error of the work
        return first

    async def events(self, request: Request, first: str) -> AsyncIterator[str]:
        try:
            yield self._format.started()
            event = first
            while event:
                yield event
                event = await self._next()
            for last in self._ending(request):
                yield last
        finally:
            self.stop()

    async def _next(self) -> str:
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._events.get(), _PING_SECONDS)
        return _PING

    def _ending(self, request: Request) -> Iterator[str]:
        error = self._task.exception()
        if error is None:
            yield from self._format.completed(self._task.result())
        else:
            problem = as_problem(request, error)
            request.state.problem = problem.type.name
            yield self._format.failed(problem)


class AnswerEvents:
    """The events of `POST /v1/answers`."""

    def __init__(self, request: Request, question: str) -> None:
        self._request = request
        self._question = question

    def started(self) -> str:
        return event_text("answer.started", question=self._question)

    def stage(self, name: str, milliseconds: float) -> str:
        return event_text("answer.stage", stage=name, milliseconds=round(milliseconds, 1))

    def completed(self, outcome: AnswerShape) -> Iterator[str]:
        pieces = answer_pieces(outcome)
        for citation, (piece, _) in zip(outcome.citations, pieces, strict=True):
            yield event_text("answer.citation", citation=citation.model_dump(mode="json"))
            yield event_text("answer.delta", delta=piece)
        if not pieces:
            yield event_text("answer.delta", delta=outcome.answer)
        yield event_text("answer.completed", answer=outcome.model_dump(mode="json"))

    def failed(self, problem: Problem) -> str:
        return event_text("error", problem=problem_shape(self._request, problem).model_dump(mode="json"))


def event_text(kind: str, **facts: object) -> str:
    """An event of this kind and these facts. `json.dumps` escapes line ends, so that the data is one line."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **facts})}\n\n"
