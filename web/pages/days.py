"""Times → days in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from qa.base.in_words import day_in_words


def day(moment: str) -> str:
    """An ISO 8601 day or UTC time in words: `8 March 2024`, or `8 March 2024, 05:00 UTC`."""
    written, _, time = moment.partition("T")
    in_words = day_in_words(date.fromisoformat(written))
    return f"{in_words}, {time[:5]} UTC" if time else in_words


def day_here(moment: str) -> str:
    """The day of an ISO 8601 time by this machine's clock: `Today`, `Yesterday`, `8 March 2024`."""
    today = datetime.now().astimezone().date()
    at = datetime.fromisoformat(moment).astimezone().date()
    return {today: "Today", today - timedelta(1): "Yesterday"}.get(at) or day(at.isoformat())
