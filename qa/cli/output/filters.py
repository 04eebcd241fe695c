"""Which articles and days a question was asked of, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from qa.base.types import DateRange, Filters
from qa.cli.output.screen import Screen
from qa.cli.output.styles import DIM
from qa.cli.output.text import on_one_line


def no_article_passes(filters: Filters) -> str:
    return f"No article passes the filters: {on_one_line(str(filters))}."


def show_date_ranges(question: str, ranges: Sequence[DateRange], screen: Screen) -> None:
    """Which days the question's words were taken to mean."""
    for dates in ranges:
        days = f"{dates.first}" if dates.first == dates.last else f"{dates.first} to {dates.last}"
        screen.line(f"“{on_one_line(dates.span.of(question))}” is taken as {days}.", style=DIM)
