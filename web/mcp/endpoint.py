"""/mcp: the Model Context Protocol over HTTP, by POST only. `web.mcp.server` answers its messages."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import anyio
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.base.errors import ExtraMissing
from web.api.routes.json_route import require_json
from web.guards.replay import replayed
from web.mcp.extras import require_mcp
from web.problems import NotReady
from web.runtime.running import Running


class McpEndpoint:
    """An ASGI application that passes a message to the protocol's own, and cancels it when the client leaves."""

    def __init__(self, app: Running) -> None:
        self._app = app
        self._sessions: ASGIApp | None = None
        self.route = Route("/mcp", self, methods=["POST"])

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """It answers within this block, if the required package is installed."""
        async with contextlib.AsyncExitStack() as entered:
            with contextlib.suppress(ExtraMissing):
                require_mcp()
                from web.mcp.server import http_sessions

                self._sessions = await entered.enter_async_context(http_sessions(self._app))
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self.route  # as FastAPI's own routes do
        require_mcp()
        if self._sessions is None:
            raise NotReady("The application has not started yet.")
        request = Request(scope, receive)
        require_json(request)
        body = await request.body()
        left = anyio.Event()

        async def receive_that_it_left() -> Message:
            await left.wait()
            return {"type": "http.disconnect"}

        async with anyio.create_task_group() as tasks:

            async def end_when_the_client_leaves() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                left.set()
                tasks.cancel_scope.cancel()

            tasks.start_soon(end_when_the_client_leaves)
            await self._sessions(scope, replayed(body, receive_that_it_left), send)
            tasks.cancel_scope.cancel()
