"""Whose an Idempotency-Key is, and what it stands for once its work was undone."""

from __future__ import annotations

import asyncio

import httpx
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from qa.base import scopes
from qa.service.state.file import StateInMemory
from qa.service.state.idempotency import IdempotentRequests
from qa.service.state.tokens import Token
from web.guards.idempotency import IdempotencyGuard


def _token(number: int) -> Token:
    return Token(id=f"tok_{number:016x}", name=f"{number}", scope=scopes.Scope.WRITE, sha256="0" * 64, created_at="")


def test_the_sessions_of_different_tokens_share_no_key() -> None:
    done: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        done.append(scope["state"]["token"].id)
        await Response(done[-1])(scope, receive, send)

    guard = IdempotencyGuard(app, requests=IdempotentRequests(StateInMemory()))

    def sent(token: Token) -> str:
        """The body of the response to a request of a browser's session, which has no Authorization header."""
        bodies: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b'{"articles": []}', "more_body": False}

        async def send(message: Message) -> None:
            bodies.append(message.get("body", b""))

        scope = {
            **{"type": "http", "method": "POST", "path": "/v1/articles", "query_string": b"", "scheme": "http"},
            **{"headers": [(b"idempotency-key", b"k"), (b"host", b"localhost")], "state": {"token": token}},
        }
        asyncio.run(guard(scope, receive, send))
        return b"".join(bodies).decode()

    one, other = _token(1), _token(2)
    assert [sent(one), sent(other), sent(one)] == [one.id, other.id, one.id]
    assert done == [one.id, other.id]


def test_a_repeated_request_does_not_answer_with_a_snapshot_that_was_removed(client: httpx.Client) -> None:
    def keep() -> httpx.Response:
        return client.post("/v1/index/snapshots", json={"name": "repeated"}, headers={"Idempotency-Key": "snapshot-1"})

    first = keep()
    assert (first.status_code, keep().json()) == (200, first.json())
    assert client.delete("/v1/index/snapshots/repeated").status_code == 200
    again = keep()
    assert (again.status_code, again.json()["type"]) == (410, "/problems/result-deleted")
    assert again.json()["instance"] == "/v1/index/snapshots"
    assert again.headers["idempotent-replayed"] == "true"
    assert client.get("/v1/index/snapshots").json()["data"] == []
