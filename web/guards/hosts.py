"""The guard that refuses other host names, by which a page elsewhere could reach this server (DNS rebinding)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.access.hosts import AllowedHosts
from web.errors import problem_response
from web.guards.base import Guard
from web.problems import Problem


class HostGuard(Guard):
    """Lets requests pass that name the server in exactly one Host header."""

    def __init__(self, app: ASGIApp, *, hosts: AllowedHosts) -> None:
        super().__init__(app)
        self._hosts = hosts

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).getlist("host")
        if len(given) == 1 and self._hosts.allow(given[0]):
            await self.app(scope, receive, send)
            return
        named = repr(given[0][:100]) if given else "nothing"
        problem = Problem("wrong-host", f"The Host header names {named}; expected {self._hosts}.")
        await problem_response(Request(scope), problem)(scope, receive, send)
