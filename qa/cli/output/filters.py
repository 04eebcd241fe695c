"""Which articles and days a question was asked of, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from qa.base.in_words import day_in_words
from qa.base.types import DateRange, FilterAdvice, Filters, Notice
from qa.cli.output.screen import Screen
from qa.cli.output.styles import DIM, WARNING
from qa.cli.output.text import on_one_line


def no_article_passes(filters: Filters) -> str:
    return f"No article passes the filters: {on_one_line(str(filters))}."


def show_filter_advice(advice: Sequence[FilterAdvice], screen: Screen) -> None:
    """The nearest values that there are, and which filter to loosen: a line for each filter on which there is advice."""
    for one in advice:
        if one.text:
            screen.line(on_one_line(one.text), style=WARNING)


def show_date_ranges(question: str, ranges: Sequence[DateRange], screen: Screen) -> None:
    """Which days the question's words were taken to mean."""
    for dates in ranges:
        screen.line(f"“{on_one_line(dates.span.of(question))}” is taken as {dates}.", style=DIM)


def show_notices(notices: Sequence[Notice], filters: Filters, screen: Screen) -> None:
    """What was odd about the question, and up to which day articles answered."""
    for notice in notices:
        screen.line(on_one_line(notice.text), style=WARNING)
    if filters.as_of is not None:
        screen.line(f"Articles from after {day_in_words(filters.as_of)} do not answer; `--as-of any` lets them.", style=DIM)
