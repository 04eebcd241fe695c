"""The guard that gives each request an id, and each response the headers that keep browsers strict."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from web.guards.base import Guard, at_start

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_WITH_A_FILE = (200, 206, 304)
_FOR_EVER = "public, max-age=31536000, immutable"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # under no-referrer, browsers send our own forms with "Origin: null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


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
            is_for_ever = start["status"] in _WITH_A_FILE and _is_versioned_file(scope)
            headers.setdefault("Cache-Control", _FOR_EVER if is_for_ever else "no-store")

        await self.app(scope, receive, at_start(send, complete))


def _is_versioned_file(scope: Scope) -> bool:
    """Whether the address holds the digest of the file that it names."""
    return bool(scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v="))
