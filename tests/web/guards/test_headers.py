"""How long browsers may keep what they are given."""

from __future__ import annotations

import asyncio

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message

from web.guards.headers import ResponseHeaders


def _cache_control(path: str, query: bytes, status: int) -> str:
    started: list[Message] = []

    async def send(message: Message) -> None:
        started.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
    asyncio.run(ResponseHeaders(Response(status_code=status))(scope, None, send))  # type: ignore[arg-type]  # nothing is received
    return Headers(raw=started[0]["headers"])["cache-control"]


@pytest.mark.parametrize(
    ("path", "query", "status", "is_kept"),
    [
        ("/static/chat.css", b"v=0123456789ab", 200, True),
        ("/static/chat.css", b"v=0123456789ab", 304, True),
        ("/static/chat.css", b"", 200, False),
        ("/static/none.css", b"v=0123456789ab", 404, False),
        ("/static/chat.css", b"v=0123456789ab", 421, False),
        ("/library", b"v=1", 200, False),
    ],
)
def test_only_a_file_that_was_sent_is_kept_for_ever(path: str, query: bytes, status: int, is_kept: bool) -> None:
    assert _cache_control(path, query, status) == ("public, max-age=31536000, immutable" if is_kept else "no-store")
