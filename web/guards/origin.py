"""The guard that refuses what pages of other origins send (cross-site request forgery)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from web.access.access import CHANGING
from web.errors import problem_response
from web.guards.base import Guard
from web.problems import Problem


class OriginGuard(Guard):
    """Lets a request that changes something pass if it comes from a page of this server, or from no page."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = _foreign(scope) if scope["method"] in CHANGING else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await problem_response(Request(scope), problem)(scope, receive, send)


def _foreign(scope: Scope) -> Problem | None:
    headers = Headers(scope=scope)
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() != f"{scope['scheme']}://{headers['host']}".lower():
        return Problem("foreign-origin", f"The Origin header is {origin[:100]!r}; expected that of this server, or none.")
    if site is not None and site not in ("same-origin", "none"):
        return Problem("foreign-origin", f"The Sec-Fetch-Site header is {site[:100]!r}; expected same-origin or none.")
    return None
