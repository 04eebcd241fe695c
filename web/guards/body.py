"""The guard that refuses a body that is too large, and a form that is not in UTF-8."""

from __future__ import annotations

import re

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import problem_response
from web.guards.base import Guard
from web.problems import Problem

_SMALL_BODY = 2**20  # bytes; a question of 100,000 characters is still read, and refused with its length
_DRAINED = 256 * 2**20  # bytes of a refused body that are read and dropped, so that the client gets to read the answer
_FORMS = (b"multipart/form-data", b"application/x-www-form-urlencoded")
_UTF_8 = (b"utf-8", b"utf8")
_ADDING = re.compile("/v1/articles(?:/.+)?|/v1/uploads|/add")  # addresses that take whole articles


class BodyGuard(Guard):
    """Refuses by the head before the body is read, else as soon as too many bytes have come."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        super().__init__(app)
        self._most_bytes = most_bytes

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self._most_bytes if _ADDING.fullmatch(scope["path"]) else _SMALL_BODY
        refusal = _refusal(Headers(scope=scope), most)
        if refusal is not None:
            await _drain(receive)
            await problem_response(Request(scope), refusal)(scope, receive, send)
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


def _refusal(head: Headers, most_bytes: int) -> Problem | None:
    """Why a body with this head is not read."""
    announced = head.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        return _too_large(int(announced), most_bytes)
    kind, options = parse_options_header(head.get("content-type"))  # as the parser of forms reads it
    charset = options.get(b"charset", _UTF_8[0])
    if kind in _FORMS and charset.lower() not in _UTF_8:
        # Starlette decodes a field on the event loop; 1 MB of punycode takes it half a minute.
        named = charset.decode("latin-1")[:40]
        return Problem("unsupported-media-type", f"The form is in {named!r}; expected UTF-8.")
    return None


def _too_large(size: int, most: int) -> Problem:
    return Problem("too-large", f"The body has {size:,} bytes or more; at most {most:,} are read here.")


async def _drain(receive: Receive) -> None:
    """Read and drop the rest of a body: a client that is still sending does not listen."""
    dropped = 0
    while dropped < _DRAINED:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
