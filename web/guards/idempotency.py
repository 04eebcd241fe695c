"""A request with an Idempotency-Key is done once: sent again, it is answered as the first time.

Source: the IETF's draft "The Idempotency-Key HTTP Header Field". It is for requests that change the index or begin a job;
the others can be sent again as they are.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.base.errors import QaError, WrongPlace
from qa.service.state.idempotency import RESULT_DELETED, GivenResponse, IdempotentRequests, KnownRequest
from qa.service.state.tokens import Token
from web.errors import problem_response
from web.guards.base import Guard
from web.guards.replay import replayed
from web.problems import Problem, problem_of

_TAKING = re.compile("/v1/(?:articles|uploads|fetch|answers/batch|index/(?:rebuild|snapshots(?:/[^/]+/restore)?))")
_KEY = re.compile(r'(?P<quote>"?)(?P<key>[!#-~]{1,255})(?P=quote)')  # the draft puts it in quotes, most clients do not
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_REPLAYED = {"Idempotent-Replayed": "true"}
_KEPT_HEADERS = ("content-type", "location", "retry-after", "etag")


class IdempotencyGuard(Guard):
    """Answers a request that was done already, refuses one whose key stands for another, and lets new ones pass."""

    def __init__(self, app: ASGIApp, *, requests: IdempotentRequests) -> None:
        super().__init__(app)
        self._requests = requests

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("idempotency-key")
        if given is None or scope["method"] != "POST" or not _TAKING.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            key, body = _of_its_token(request, _key(given)), await request.body()
            fingerprint = _fingerprint(request, body)
            known = await to_thread.run_sync(self._requests.claim, key, fingerprint)
        except ClientDisconnect:
            return
        except (Problem, QaError) as error:
            await problem_response(request, problem_of(error))(scope, receive, send)
            return
        if known is None:
            await self._do(key, scope, body, receive, send)
        else:
            await _again(request, known, fingerprint)(scope, receive, send)

    async def _do(self, key: str, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        """Have the request done, and store its response, unless another try may end otherwise."""
        given = _Given(send)
        done = False
        try:
            await self.app(scope, replayed(body, receive), given.send)
            done = given.status < 500 and given.status != 429
        finally:
            remember = partial(self._requests.answer, key, given.response()) if done else partial(self._requests.release, key)
            await to_thread.run_sync(remember)


class _Given:
    """Passes a response on, and holds it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._headers: dict[str, str] = {}
        self._body = b""
        self.status = 500

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = Headers(scope=message)
            self._headers = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        else:
            self._body += message.get("body", b"")
        await self._send(message)

    def response(self) -> GivenResponse:
        return GivenResponse(self.status, self._headers, self._body)


def _again(request: Request, known: KnownRequest, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        detail = "This Idempotency-Key was sent with another request. Take a new key for each."
        place = WrongPlace("Idempotency-Key", "used_before", detail)
        return problem_response(request, Problem("idempotency-key-reused", detail, errors=(place,)))
    if known.response is None:
        detail = "The first request with this Idempotency-Key is still being done. Send it again in a moment."
        return problem_response(request, Problem("still-being-done", detail, headers={"Retry-After": "1"}))
    given = known.response
    if given == RESULT_DELETED:
        detail = "The request was done when it was first sent. What it made was deleted since, and with it the response."
        return problem_response(request, Problem("result-deleted", detail, headers=_REPLAYED))
    return Response(given.body, given.status, {**given.headers, **_REPLAYED})


def _key(given: str) -> str:
    """The key without its quotes; a Problem for what is none."""
    spelled = _KEY.fullmatch(given)
    if spelled is not None:
        return spelled["key"]
    detail = f"The Idempotency-Key is {given[:100]!r}; expected 1 to 255 visible ASCII characters."
    raise Problem("invalid-request", detail, errors=(WrongPlace("Idempotency-Key", "value_error", detail),))


def _of_its_token(request: Request, key: str) -> str:
    """The key, which is another of each token: those of its sessions are its own."""
    token: Token | None = getattr(request.state, "token", None)
    return f"{token.id} {key}" if token is not None else key


def _fingerprint(request: Request, body: bytes) -> str:
    """A digest of what was asked for and by whom. A form's boundary is left out: browsers draw another for each sending."""
    boundary = _BOUNDARY.search(request.headers.get("content-type", ""))
    if boundary is not None:
        body = body.replace(boundary[1].strip().encode("latin-1"), b"")
    asked = (request.url.path, request.headers.get("authorization", ""))
    return hashlib.sha256("\n".join(asked).encode() + b"\n" + body).hexdigest()
