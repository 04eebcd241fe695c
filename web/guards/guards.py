"""What every request passes before any work is done: its id, where it comes from, how many there are and how large.

Plain ASGI, so that what is refused here never reaches the router. In the order of `add_guards`.
"""

from __future__ import annotations

import asyncio
import re
import uuid

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.base.settings import Settings
from qa.service.state.file import StateFile
from qa.service.state.idempotency import IdempotentRequests
from web.access.access import CHANGING, Access
from web.access.hosts import AllowedHosts
from web.errors import defect, problem_response
from web.guards.access import AccessGuard
from web.guards.base import Guard, at_start, with_fields
from web.guards.head import HeadGuard
from web.guards.idempotency import IdempotencyGuard
from web.guards.observer import Observer
from web.guards.rate import MinuteCount
from web.guards.slow_body import SlowBodyGuard
from web.problems import NotReady, Problem
from web.runtime.metrics import Metrics

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_SMALL_BODY = 2**20  # bytes; a question of 100,000 characters still gets told so in words
_DRAINED = 256 * 2**20  # bytes of a refused body that are read and dropped, so that the client gets to read the answer
_FOR_EVER = "public, max-age=31536000, immutable"
_ADDING = re.compile("/v1/articles(?:/.+)?|/v1/uploads|/add")  # addresses that take whole articles

_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"),
        *("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
_SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # under no-referrer, browsers send our own forms with "Origin: null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_guards(app: FastAPI, settings: Settings, *, state: StateFile, metrics: Metrics, access: Access) -> None:
    """Put the guards around an application; a request passes them from the last line of this function to the first."""
    app.add_middleware(IdempotencyGuard, requests=IdempotentRequests(state))
    app.add_middleware(BodyGuard, most_bytes=settings.max_upload_bytes)
    app.add_middleware(SlowBodyGuard, seconds=settings.receive_timeout_seconds)
    app.add_middleware(RateGuard, per_minute=settings.requests_per_minute)
    app.add_middleware(AccessGuard, access=access, per_minute=settings.requests_per_minute)
    app.add_middleware(OriginGuard, hosts=access.hosts)
    app.add_middleware(HeadGuard)
    app.add_middleware(FailureGuard)
    app.add_middleware(Observer, metrics=metrics, log_questions=settings.log_questions)
    app.add_middleware(ResponseHeaders)


class ResponseHeaders(Guard):
    """Gives every request an id, and every response that id and the headers that keep browsers strict."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else f"req_{uuid.uuid4().hex}"
        scope.setdefault("state", {})["request_id"] = request_id

        def complete(start: Message) -> None:
            headers = MutableHeaders(scope=start)
            headers["X-Request-Id"] = request_id
            for name, value in _SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", _FOR_EVER if _is_versioned_file(scope) else "no-store")

        await self.app(scope, receive, at_start(send, complete))


def _is_versioned_file(scope: Scope) -> bool:
    """Whether the address holds the digest of the file that it names."""
    return bool(scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v="))


class FailureGuard(Guard):
    """A defect becomes a 500 that names the request and nothing else; the log has the rest."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        def note(_: Message) -> None:
            nonlocal started
            started = True

        try:
            await self.app(scope, receive, at_start(send, note))
        except asyncio.CancelledError:  # the server stops, and the time for the requests in work is over
            if not started:
                problem = NotReady("The server was stopped before this was done.")
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
            raise
        except Exception as error:  # the one place that may: nothing goes on with less, the request ends here
            request = Request(scope)
            failure = defect(request, error)
            if started:
                raise
            await problem_response(request, failure)(scope, receive, send)


class OriginGuard(Guard):
    """Refuses other host names (DNS rebinding), and what pages of other origins send (cross-site request forgery)."""

    def __init__(self, app: ASGIApp, *, hosts: AllowedHosts) -> None:
        super().__init__(app)
        self._hosts = hosts

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = _foreign(scope, self._hosts)
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await problem_response(Request(scope), problem)(scope, receive, send)


def _foreign(scope: Scope, allowed: AllowedHosts) -> Problem | None:
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not allowed.allow(hosts[0]):
        named = repr(hosts[0][:100]) if hosts else "nothing"
        return Problem("wrong-host", f"The Host header names {named}; expected {allowed}.")
    if scope["method"] not in CHANGING:
        return None
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() != f"{scope['scheme']}://{hosts[0]}".lower():
        return Problem("foreign-origin", f"The Origin header is {origin[:100]!r}; expected that of this server, or none.")
    if site is not None and site not in ("same-origin", "none"):
        return Problem("foreign-origin", f"The Sec-Fetch-Site header is {site[:100]!r}; expected same-origin or none.")
    return None


class RateGuard(Guard):
    """Counts what each client address asks for by a changing method."""

    def __init__(self, app: ASGIApp, *, per_minute: int) -> None:
        super().__init__(app)
        self._asked = MinuteCount(per_minute)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in CHANGING:
            await self.app(scope, receive, send)
        elif self._asked.count(scope):
            await self.app(scope, receive, with_fields(send, self._asked.fields(scope)))
        else:
            await problem_response(Request(scope), self._asked.problem(scope, "requests"))(scope, receive, send)


class BodyGuard(Guard):
    """Refuses a body that is too large: by its Content-Length before it is read, else as soon as it has become so."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        super().__init__(app)
        self._most_bytes = most_bytes

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self._most_bytes if _ADDING.fullmatch(scope["path"]) else _SMALL_BODY
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            await _drain(receive)
            await problem_response(Request(scope), _too_large(int(announced), most))(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                await _drain(receive)
                raise _too_large(received, most)
            return message

        await self.app(scope, receive_counted, send)


def _too_large(found: int, most: int) -> Problem:
    return Problem("too-large", f"The body has {found:,} bytes or more; at most {most:,} are read here.")


async def _drain(receive: Receive) -> None:
    """Read and drop the rest of a body: a client that is still sending does not listen."""
    dropped = 0
    while dropped < _DRAINED:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
