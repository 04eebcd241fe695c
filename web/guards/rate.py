"""The guard that counts the requests of each client in a minute, and the count that other guards use too.

Headers as in the IETF's draft "RateLimit header fields for HTTP".
"""

from __future__ import annotations

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.access.access import CHANGING
from web.errors import problem_response
from web.guards.base import Guard, client_address, with_fields
from web.problems import Problem


class MinuteCount:
    """Counts one thing by client address, a minute at a time; `most` 0: any number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = RateLimitItemPerMinute(most) if most else None
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, scope: Scope) -> bool:
        """Count this request; False when it is one too many."""
        return self._limit is None or self._limiter.hit(self._limit, client_address(scope))

    def is_full(self, scope: Scope) -> bool:
        """Whether the next request would be one too many."""
        return self._limit is not None and not self._limiter.test(self._limit, client_address(scope))

    def fields(self, scope: Scope) -> dict[str, str]:
        """The headers that give the number of requests left."""
        if self._limit is None:
            return {}
        left = self._limiter.get_window_stats(self._limit, client_address(scope)).remaining
        return {
            "RateLimit-Policy": f'"minute";q={self._limit.amount};w=60',
            "RateLimit": f'"minute";r={left};t={self._seconds_left(scope)}',
        }

    def problem(self, scope: Scope, what: str) -> Problem:
        """The problem of a client that sent too many of what is named."""
        seconds = self._seconds_left(scope)
        detail = f"More than {self._most} {what} in a minute. Wait {seconds} s."
        return Problem("too-many-requests", detail, headers={**self.fields(scope), "Retry-After": str(seconds)})

    def _seconds_left(self, scope: Scope) -> int:
        ends = self._limiter.get_window_stats(self._limit, client_address(scope)).reset_time if self._limit else 0
        return max(1, round(ends - time.time()))


class RateGuard(Guard):
    """Refuses a client address that sent too many requests by a changing method."""

    def __init__(self, app: ASGIApp, *, per_minute: int) -> None:
        super().__init__(app)
        self._asked = MinuteCount(per_minute)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in CHANGING:
            await self.app(scope, receive, send)
        elif self._asked.count(scope):
            await self.app(scope, receive, with_fields(send, self._asked.fields(scope)))
        else:
            await problem_response(Request(scope), self._asked.problem(scope, "requests"))(scope, receive, send)
