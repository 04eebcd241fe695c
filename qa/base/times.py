"""A time → as the API and the state file spell it. Standard library only."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """`2024-03-08T05:00:00Z`: in UTC, to the second, as RFC 3339 spells it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"  # strftime writes year 987 as it is
