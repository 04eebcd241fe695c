"""Times → days in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from qa.base.in_words import day_in_words


def day_here(moment: str) -> str:
    """The day of an ISO 8601 time by this machine's clock: `Today`, `Yesterday`, `8 March 2024`."""
    today = datetime.now().astimezone().date()
    at = datetime.fromisoformat(moment).astimezone().date()
    return {today: "Today", today - timedelta(1): "Yesterday"}.get(at) or day_in_words(at)
