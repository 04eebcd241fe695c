"""Numbers and days in words, the same wherever people read them. Standard library only."""

from __future__ import annotations

from datetime import date


def counted(count: int, noun: str) -> str:
    """`1 article`, `1,234 articles`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def day_in_words(day: date) -> str:
    """`8 March 2024`."""
    return f"{day.day} {day:%B} {day.year}"


def day_of(moment: str) -> str:
    """The day of an ISO 8601 day or time, in words: `8 March 2024`."""
    return day_in_words(date.fromisoformat(moment[:10]))


def time_in_words(moment: str) -> str:
    """An ISO 8601 day or UTC time: `8 March 2024`, or `8 March 2024, 05:00 UTC`."""
    _, _, time = moment.partition("T")
    return f"{day_of(moment)}, {time[:5]} UTC" if time else day_of(moment)
