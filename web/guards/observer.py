"""The guard that sees every request from its arrival to its end, and counts and logs it with the answer that was made for it.

What a client wrote is not logged, but for the question where the setting `log_questions` lets it be.
"""

from __future__ import annotations

import logging
import time
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.base.types import Answer
from qa.service import observers
from web.guards.base import Guard, at_start, client_address
from web.runtime.logs import REQUESTS, naming_the_request, route_of
from web.runtime.metrics import Metrics

log = logging.getLogger(REQUESTS)

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")  # a client may send any word
_ENDED_WITHOUT_RESPONSE = 500  # what uvicorn sends then


@dataclass(slots=True)
class _Request:
    """What is known of a running request; the threads that work for it share the one object."""

    answer: Answer | None = None


_in_work: ContextVar[_Request] = ContextVar("_in_work")


@dataclass(frozen=True, slots=True)
class AnswerObserver(observers.Observer):
    """Counts an answer that is given to somebody, and notes it for the running request, if there is one."""

    metrics: Metrics

    def answered(self, answer: Answer) -> None:
        self.metrics.answer(answer)
        if request := _in_work.get(None):
            request.answer = answer


class Observer(Guard):
    """Counts requests by route, method and status, and logs each on a line."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, log_questions: bool) -> None:
        super().__init__(app)
        self._metrics = metrics
        self._log_questions = log_questions

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = _ENDED_WITHOUT_RESPONSE

        def note(start: Message) -> None:
            nonlocal status
            status = start["status"]

        request = _Request()
        _in_work.set(request)
        started = time.perf_counter()
        with self._metrics.requests_in_flight.track_inprogress(), naming_the_request(scope["state"]["request_id"]):
            try:
                await self.app(scope, receive, at_start(send, note))
            finally:
                self._tell(scope, status, request.answer, seconds=time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int, answer: Answer | None, *, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_of(scope)
        problem: str | None = scope["state"].get("problem")
        self._metrics.request(route, method, status, seconds=seconds)
        if problem:
            self._metrics.problem(problem)
        fields: dict[str, object] = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(1000 * seconds, 1),
            "client": _client(scope),
            **({"problem": problem} if problem else {}),
            **(_facts(answer) if answer else {}),
            **({"question": answer.question} if answer and self._log_questions else {}),
        }
        log.info("request", extra=fields)


def _client(scope: Scope) -> str:
    """Its address, which a proxy may have given; anything else in that place is not logged."""
    try:
        return str(ip_address(client_address(scope)))
    except ValueError:
        return ""


def _facts(answer: Answer) -> dict[str, object]:
    stages = {stage: round(milliseconds, 1) for stage, milliseconds in answer.trace.timings_ms.items()}
    return {"answer": answer.status.value, "stages_ms": stages}
