"""The guard that looks at a request's head as a whole: its size, and how it declares the length of the body."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from web.errors import problem_response
from web.guards.base import Guard, with_fields
from web.problems import Problem

_MOST_BYTES = 16 * 2**10
_AROUND_A_FIELD = 4  # ": " and the end of the line


class HeadGuard(Guard):
    """Refuses a head that is too large. One that declares the body's length in two ways ends its connection (RFC 9112, 6.1):
    a proxy in front may have taken a part of that body for the next request."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        size = _size(scope)
        if size > _MOST_BYTES:
            detail = f"The head of the request has {size:,} bytes; expected at most {_MOST_BYTES:,}."
            await problem_response(Request(scope), Problem("head-too-large", detail))(scope, receive, send)
        elif "content-length" in headers and "transfer-encoding" in headers:
            await self.app(scope, receive, with_fields(send, {"Connection": "close"}))
        else:
            await self.app(scope, receive, send)


def _size(scope: Scope) -> int:
    fields = sum(len(name) + len(value) + _AROUND_A_FIELD for name, value in scope["headers"])
    return len(scope.get("raw_path") or b"") + len(scope["query_string"]) + fields
