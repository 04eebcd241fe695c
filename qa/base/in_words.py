"""Numbers and days in words, the same wherever people read them. Standard library only."""

from __future__ import annotations

from datetime import date


def counted(count: int, noun: str) -> str:
    """`1 article`, `1,234 articles`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def day_in_words(day: date) -> str:
    """`8 March 2024`."""
    return f"{day.day} {day:%B} {day.year}"
