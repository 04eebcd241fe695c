"""The guard against bodies that stop coming: a client that begins a request has to go on with it."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import problem_response
from web.guards.base import Guard
from web.problems import Problem


class SlowBodyGuard(Guard):
    """Refuses a request when nothing more of its body has come for so many seconds, and closes the connection."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        super().__init__(app)
        self._seconds = seconds

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_whole = False

        async def receive_in_time() -> Message:
            nonlocal is_whole
            if is_whole:  # what is waited for now is that the client leaves
                return await receive()
            try:
                async with asyncio.timeout(self._seconds):
                    message = await receive()
            except TimeoutError:
                raise _Stalled(self._seconds) from None
            is_whole = not message.get("more_body", False)
            return message

        try:
            await self.app(scope, receive_in_time, send)
        except _Stalled as problem:  # raised to a guard within, before there was a response
            await problem_response(Request(scope), problem)(scope, receive, send)


class _Stalled(Problem):
    def __init__(self, seconds: float) -> None:
        detail = f"Nothing more of the body came for {seconds:g} s."
        super().__init__("request-timeout", detail, headers={"Connection": "close"})
