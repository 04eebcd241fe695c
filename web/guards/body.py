"""The guard that refuses a body that is too large."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import problem_response
from web.guards.base import Guard
from web.problems import Problem

_SMALL_BODY = 2**20  # bytes; a question of 100,000 characters is still read, and refused with its length
_DRAINED = 256 * 2**20  # bytes of a refused body that are read and dropped, so that the client gets to read the answer
_ADDING = re.compile("/v1/articles(?:/.+)?|/v1/uploads|/add")  # addresses that take whole articles


class BodyGuard(Guard):
    """Refuses by the Content-Length before the body is read, else as soon as too many bytes have come."""

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
