"""The guard that turns a defect into a response, and the log's account of it."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from web.errors import defect, problem_response
from web.guards.base import Guard, at_start
from web.problems import NotReady


class FailureGuard(Guard):
    """Answers a defect with a 500 that names the request and nothing else; the log has the rest."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        def note(_: Message) -> None:
            nonlocal started
            started = True

        try:
            await self.app(scope, receive, at_start(send, note))
        except asyncio.CancelledError:  # the server stops, and the time for running requests is over
            if not started:
                problem = NotReady("The server was stopped before this was done.")
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
            raise
        except Exception as error:  # the one place that may: nothing goes on with less, the request ends here
            request = Request(scope)
            failure = defect(request, error)
            if started:
                raise
            await problem_response(request, failure)(scope, receive, send)
