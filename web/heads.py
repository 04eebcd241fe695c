"""The guard that looks at a request's head as a whole: its size, and how the length of its body is told."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import problem_response
from web.problems import Problem

_MOST_BYTES = 16 * 2**10
_AROUND_A_FIELD = 4  # ": " and the end of the line


class HeadGuard:
    """Refuses a head that is too large. One that tells the body's length in two ways ends its connection (RFC 9112, 6.1): what
    a proxy before took for the next request could be part of that body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        size = _size(scope)
        if size > _MOST_BYTES:
            detail = f"The head of the request has {size:,} bytes; expected at most {_MOST_BYTES:,}."
            await problem_response(Request(scope), Problem("head-too-large", detail))(scope, receive, send)
        elif "content-length" in headers and "transfer-encoding" in headers:
            await self.app(scope, receive, _closing(send))
        else:
            await self.app(scope, receive, send)


def _size(scope: Scope) -> int:
    fields = sum(len(name) + len(value) + _AROUND_A_FIELD for name, value in scope["headers"])
    return len(scope.get("raw_path") or b"") + len(scope["query_string"]) + fields


def _closing(send: Send) -> Send:
    async def send_last(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return send_last
