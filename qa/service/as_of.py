"""What the index held at a question's clock: the day up to which articles answer, and notices of days that lie past them."""

from __future__ import annotations

from dataclasses import replace

from qa.base.types import ANY_TIME, DateRange, Notice, NoticeCode
from qa.index.snapshot import Snapshot
from qa.index.store import Store
from qa.service.question import Question


def as_of_its_clock(question: Question, snapshot: Snapshot) -> Question:
    """The question with the day that leaves out what was published after its clock.

    There is none where no article is later, where nobody gave the clock, or where the filters ask for any time.
    """
    filters = question.filters
    if filters.as_of == ANY_TIME:
        return replace(question, filters=replace(filters, as_of=None))
    if filters.as_of is not None or not question.is_clock_given:
        return question
    newest = snapshot.newest_day
    if newest is None or newest <= question.today:
        return question
    return replace(question, filters=replace(filters, as_of=question.today))


def notices(question: Question, store: Store) -> tuple[Notice, ...]:
    """What the reader of the answer should know: which days of the question lie past the newest of its articles."""
    if not question.date_ranges:
        return ()
    newest = store.filter_values.days(question.filters).last
    if newest is None:
        return ()
    return tuple(
        Notice(NoticeCode.AFTER_NEWEST, f"{_named(one, question)} is after the newest article, which is of {newest}.")
        for one in question.date_ranges
        if one.first > newest
    )


def _named(dates: DateRange, question: Question) -> str:
    return f"“{dates.span.of(question.words)}” ({dates})"
