"""The guard that sees every request from its arrival to its end, counts it, and knows the answer that was made for it."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.types import Answer
from web.metrics import Metrics

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")  # a client may send any word
_ENDED_WITHOUT_RESPONSE = 500  # what uvicorn sends then


@dataclass(slots=True)
class _Request:
    """What is known of the request in work; the threads that work for it share the one object."""

    answer: Answer | None = None


_in_work: ContextVar[_Request] = ContextVar("_in_work")


def observe_answer(metrics: Metrics, answer: Answer) -> None:
    """Count an answer that is given to somebody, and take note of it for the request in work, if there is one."""
    metrics.answer(answer)
    if request := _in_work.get(None):
        request.answer = answer


def route_of(scope: Scope) -> str:
    """The template of the address that a request was routed to; "" when it was to none, or was not routed."""
    route = scope.get("route")
    return str(getattr(route, "path_format", "") or scope.get("root_path", ""))  # the second for files of /static


class Observer:
    """Counts requests by route, method and status."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = _ENDED_WITHOUT_RESPONSE

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        _in_work.set(_Request())
        started = time.perf_counter()
        with self._metrics.requests_in_flight.track_inprogress():
            try:
                await self.app(scope, receive, watch)
            finally:
                self._tell(scope, status, seconds=time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int, *, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.request(route_of(scope), method, status, seconds=seconds)
        if problem := scope["state"].get("problem"):
            self._metrics.problem(problem)
