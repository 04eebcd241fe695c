"""How the API and the state file spell a time, and how long what was removed can be restored. Standard library only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

REMOVED_KEPT = timedelta(minutes=10)  # articles and conversations; the next change after it purges them


def rfc3339(moment: datetime) -> str:
    """`2024-03-08T05:00:00Z`: in UTC, to the second, as RFC 3339 spells it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"  # strftime writes year 987 as it is
