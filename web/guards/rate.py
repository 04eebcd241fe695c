"""The guard that counts the requests of each client in a minute, and the count that other guards use too.

Headers as in the IETF's draft "RateLimit header fields for HTTP".
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.access.access import CHANGING
from web.errors import problem_response
from web.guards.base import Guard, client_address, with_fields
from web.problems import Problem

_SECONDS = 60
_MOST_REMEMBERED = 10_000  # addresses, before those whose minute is over are forgotten


@dataclass(slots=True)
class _Minute:
    """What was counted in a minute that ends at this time of the monotonic clock, which nobody sets."""

    ends: float
    count: int = 0


class MinuteCount:
    """Counts one thing by client address, a minute at a time from the first one on; `most` 0: any number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minutes: dict[str, _Minute] = {}

    def count(self, scope: Scope) -> bool:
        """Count this request; False when it is one too many."""
        if not self._most:
            return True
        if len(self._minutes) >= _MOST_REMEMBERED:
            self._minutes = {address: minute for address, minute in self._minutes.items() if minute.ends > time.monotonic()}
        minute = self._minutes[client_address(scope)] = self._minute(scope)
        minute.count += 1
        return minute.count <= self._most

    def is_full(self, scope: Scope) -> bool:
        """Whether the next request would be one too many."""
        return self._most > 0 and self._minute(scope).count >= self._most

    def fields(self, scope: Scope) -> dict[str, str]:
        """The headers that give the number of requests left."""
        if not self._most:
            return {}
        left = max(0, self._most - self._minute(scope).count)
        return {
            "RateLimit-Policy": f'"minute";q={self._most};w={_SECONDS}',
            "RateLimit": f'"minute";r={left};t={self._seconds_left(scope)}',
        }

    def problem(self, scope: Scope, what: str) -> Problem:
        """The problem of a client that sent too many of what is named."""
        seconds = self._seconds_left(scope)
        detail = f"More than {self._most} {what} in a minute. Wait {seconds} s."
        return Problem("too-many-requests", detail, headers={**self.fields(scope), "Retry-After": str(seconds)})

    def _minute(self, scope: Scope) -> _Minute:
        now = time.monotonic()
        minute = self._minutes.get(client_address(scope))
        return minute if minute is not None and minute.ends > now else _Minute(now + _SECONDS)

    def _seconds_left(self, scope: Scope) -> int:
        return max(1, round(self._minute(scope).ends - time.monotonic()))


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
