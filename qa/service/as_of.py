"""What the index held at a question's clock: the day up to which articles answer, and notices of days that lie past them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qa.base.in_words import day_in_words
from qa.base.types import ANY_TIME, DateRange, Notice, NoticeCode
from qa.index.snapshot import Snapshot
from qa.index.store import Store
from qa.service.question import Question

_PROBLEMS = {
    NoticeCode.NO_SUCH_DAY: "is no day of the calendar",
    NoticeCode.ENDS_BEFORE_IT_BEGINS: "ends before it begins",
}


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
    """What the reader of the answer should know: which words mean no days, and which days lie past the newest article."""
    said = [
        Notice(code, f"“{span.of(question.words)}” {_PROBLEMS[code]}, so it was not taken as a date.")
        for span, code in question.date_problems
    ]
    newest = store.filter_values.days(question.filters).last if question.date_ranges else None
    return (*said, *(_after_newest(one, question, newest) for one in question.date_ranges if newest and one.first > newest))


def _after_newest(dates: DateRange, question: Question, newest: date) -> Notice:
    named = f"“{dates.span.of(question.words)}” ({dates})"
    return Notice(NoticeCode.AFTER_NEWEST, f"{named} is after your newest article, which is of {day_in_words(newest)}.")
