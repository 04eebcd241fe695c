"""Requests that may be sent twice and are done once: which are being done, and what those that are done were answered.

Source: the IETF's draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qa.base.times import rfc3339
from qa.service.state.file import StateFile

REMEMBERED = timedelta(hours=24)
_LONGEST_WORK = timedelta(minutes=10)  # after it, a request without an answer was interrupted


@dataclass(frozen=True, slots=True)
class GivenResponse:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


RESULT_DELETED = GivenResponse(410, {}, b"")  # in place of the response that told of what was deleted since


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request that was sent under a key before; `response` is None while it is being done."""

    fingerprint: str
    response: GivenResponse | None


class IdempotentRequests:
    """Those of one state file. Raises StorageError where it cannot be written."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def claim(self, key: str, fingerprint: str) -> KnownRequest | None:
        """None where the key is new, and from now on stands for this request; else the request that it stands for."""
        now = datetime.now(UTC)
        with self._file.writing() as connection:
            connection.execute(
                "DELETE FROM idempotent_requests WHERE claimed_at < ? OR (claimed_at < ? AND status IS NULL)",
                (rfc3339(now - REMEMBERED), rfc3339(now - _LONGEST_WORK)),
            )
            known = connection.execute(
                "SELECT fingerprint, status, headers, body FROM idempotent_requests WHERE key = ?", (key,)
            ).fetchone()
            if known is None:
                connection.execute(
                    "INSERT INTO idempotent_requests (key, fingerprint, claimed_at) VALUES (?, ?, ?)",
                    (key, fingerprint, rfc3339(now)),
                )
                return None
        held, status, headers, body = known
        return KnownRequest(held, None if status is None else GivenResponse(status, json.loads(headers), body))

    def answer(self, key: str, response: GivenResponse) -> None:
        """Remember what the request of a claimed key was answered."""
        with self._file.writing() as connection:
            connection.execute(
                "UPDATE idempotent_requests SET status = ?, headers = ?, body = ? WHERE key = ?",
                (response.status, json.dumps(dict(response.headers)), response.body, key),
            )

    def release(self, key: str) -> None:
        """The claimed request was not done; the key is new again."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM idempotent_requests WHERE key = ? AND status IS NULL", (key,))
