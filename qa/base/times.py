"""The format of times in the API and the state file, and how long removals can be undone. Standard library only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

REMOVED_KEPT = timedelta(minutes=10)  # articles and conversations; the next change after that purges them


def rfc3339(moment: datetime) -> str:
    """`2024-03-08T05:00:00Z`: RFC 3339 in UTC, to the second."""
    return (
        moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    )  # strftime writes year 987 with three digits


def now_to_the_microsecond() -> str:
    """The time now in RFC 3339, for what is sorted by it: within one second much can begin."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def with_zone(asked_at: datetime) -> datetime:
    """The time itself; ValueError where it has no zone, since nobody knows which day it means."""
    if asked_at.tzinfo is None:
        raise ValueError(f"asked_at needs a time zone, got {asked_at}; give it one, such as tzinfo=UTC")
    return asked_at
