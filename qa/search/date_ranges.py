"""A question and the clock it is asked by → the date ranges that its words mean: "last week", "since March", "before 2024".

In English, German, French, Dutch and Spanish, each question in the one that most of its small words are of. Periods are found
first (`date_periods`); then what stands before one bounds it ("before"), takes a part of it ("the first half of"), or joins two
("between May and July 2024"). dateparser is not used: it reads "may" and "the year" as dates, and takes 2 to 20 ms.
"""

from __future__ import annotations

import calendar
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from qa.base.types import DateRange, NoticeCode, Span
from qa.search.date_periods import Period, Periods, in_year, periods, whole
from qa.search.date_words import LANGUAGES, DateWords

_WORD = re.compile(r"[^\W\d_]+")
_END = re.compile(r" (?:end|ende|fin|finales|eind)\b", re.IGNORECASE)
_LONGEST_LEAD = 60  # characters of words that bound a period
_QUARTERS, _HALVES = 4, 2


@dataclass(frozen=True, slots=True)
class DatesRead:
    """The date ranges that a question names, in its order, and the words that mean none, with why. No two share a word."""

    ranges: tuple[DateRange, ...]
    problems: tuple[tuple[Span, NoticeCode], ...] = ()


def date_ranges(question: str, today: date) -> tuple[DateRange, ...]:
    """The date ranges that the question names. `today` is the day of asking; "since 2023" lasts until then.

    A range without a beginning ("before 2024") begins with `date.min`; one that begins after today ends with `date.max`.
    """
    return read_dates(question, today).ranges


def read_dates(question: str, today: date) -> DatesRead:
    """The same with the words that mean no days, such as "31 February"."""
    for words in _languages(question):
        found = periods(question, today, words)
        if found.found or found.impossible:
            return _Reading(question, today, words, found).read()
    return DatesRead(())


def _languages(question: str) -> Sequence[DateWords]:
    """Those that most of the small words are of, English first: several where the words are too few to tell."""
    asked = {word.lower() for word in _WORD.findall(question)}
    counts = [len(asked & words.question_words) for words in LANGUAGES]
    return [words for words, count in zip(LANGUAGES, counts, strict=True) if count == max(counts)]


@dataclass(frozen=True, slots=True)
class _Leads:
    """What may stand before a period, in one language; each pattern ends where the period begins."""

    bounds: dict[str, re.Pattern[str]]
    halves: tuple[re.Pattern[str], ...]
    quarters: tuple[re.Pattern[str], ...]
    between: re.Pattern[str]
    from_: re.Pattern[str]
    and_: re.Pattern[str]
    to: re.Pattern[str]
    day_of_both: re.Pattern[str]
    to_another_day: re.Pattern[str]


@cache
def _leads(words: DateWords) -> _Leads:
    article = rf"(?: (?:{words.article}))?(?<!['’])"
    ordinal = words.ordinal

    def before(spelling: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{spelling})(?:{article}\s+|\s+l['’]|(?<=['’]))$", re.IGNORECASE)

    def part(number: str, of: str, letter: str) -> re.Pattern[str]:
        lead = r"(?:in |during |im |in der |au |en |el |la |het |de |in het |in de |en el |en la |au cours du )?(?:the )?"
        return re.compile(rf"(?<![\w-])(?:{lead}(?:{number}) (?:{of})|{letter}(?: of)?)\s+$", re.IGNORECASE)

    joined = rf"(?:{words.between}) (?P<day>\d{{1,2}}){ordinal} (?:{words.and_})"
    led = rf"(?:{words.from_}) (?P<other>\d{{1,2}}){ordinal} (?:{words.to})"
    return _Leads(
        bounds={name: before(spelling) for name, spelling in words.bounds.items()},
        halves=tuple(part(number, words.half_of, f"H{nth}") for nth, number in enumerate(words.halves, start=1)),
        quarters=tuple(part(number, words.quarter_of, f"[QTK]{nth}") for nth, number in enumerate(words.quarters, start=1)),
        between=before(words.between),
        from_=before(words.from_),
        and_=re.compile(rf"\s+(?:{words.and_}){article}\s+", re.IGNORECASE),
        to=re.compile(rf"\s+(?:{words.to}){article}\s+", re.IGNORECASE),
        day_of_both=re.compile(rf"(?<![\w-])(?:{joined}|{led}){article}\s+$", re.IGNORECASE),
        to_another_day=re.compile(
            rf" (?:{words.and_}|{words.to}|–|-) (?P<day>\d{{1,2}}){ordinal}(?:,? (?P<year>(?:19|20)\d\d))?(?![\w/%-]|[.,]\d)",
            re.IGNORECASE,
        ),
    )


class _Reading:
    """One question: its periods, and what becomes of them by the words around them."""

    def __init__(self, question: str, today: date, words: DateWords, found: Periods) -> None:
        self._question = question
        self._today = today
        self._leads = _leads(words)
        self._found = found
        self._read_to = 0
        self._problems = [(span, NoticeCode.NO_SUCH_DAY) for span in found.impossible]

    def read(self) -> DatesRead:
        ranges: list[DateRange] = []
        left = deque(self._found.found)
        while left:
            one = left.popleft()
            if left and (pair := self._pair(one, left[0])) is not None:
                left.popleft()
                ranges += pair
            elif (days := self._two_days(one)) is not None:
                ranges += days
                while left and left[0].span.start < self._read_to:  # the year behind the second day
                    left.popleft()
            elif (meant := self._bounded(self._part(one))) is not None:
                ranges.append(meant)
        return DatesRead(tuple(ranges), tuple(sorted(self._problems, key=lambda one: one[0].start)))

    def _before(self, span: Span) -> str:
        return self._question[max(0, span.start - _LONGEST_LEAD) : span.start]

    def _pair(self, one: Period, other: Period) -> list[DateRange] | None:
        """The range from one to the other; empty where it ends before it begins, None where the words join none."""
        gap = self._question[one.span.end : other.span.start]
        if self._leads.and_.fullmatch(gap):
            lead = self._leads.between.search(self._before(one.span))
        elif self._leads.to.fullmatch(gap):
            lead = self._leads.from_.search(self._before(one.span)) or self._leads.between.search(self._before(one.span))
        else:
            return None
        if lead is None:
            return None
        span = Span(one.span.start - len(lead[0]), other.span.end)
        try:
            begin, end = self._years(one, other)
        except ValueError:  # a leap day, or the end of time
            self._problems.append((span, NoticeCode.NO_SUCH_DAY))
            return []
        return self._range(span, begin.first, end.last)

    def _years(self, one: Period, other: Period) -> tuple[Period, Period]:
        """Both with a year where one names it; where none does, the first is the last that has begun."""
        if one.without_year and not other.without_year:
            one = in_year(one, other.last.year)
            return (one if one.first <= other.last else in_year(one, other.last.year - 1)), other
        if other.without_year:
            other = in_year(other, one.first.year)
            return one, other if one.first <= other.last else in_year(other, one.first.year + 1)
        return one, other

    def _two_days(self, one: Period) -> list[DateRange] | None:
        """ "between 3 and 5 March 2024" and "from March 3 to 5": both days are of the month that is named once."""
        if one.first != one.last:
            return None
        before = self._leads.day_of_both.search(self._before(one.span))
        if before is not None:
            span = Span(one.span.start - len(before[0]), one.span.end)
            return self._of_month(span, one.first, int(before["day"] or before["other"]), one.first.day)
        behind = self._leads.to_another_day.match(self._question, one.span.end)
        lead = self._leads.between.search(self._before(one.span)) or self._leads.from_.search(self._before(one.span))
        if behind is None or lead is None:
            return None
        month = whole("month", one.first)[0]
        if behind["year"]:
            month = month.replace(year=int(behind["year"]))
        span = Span(one.span.start - len(lead[0]), behind.end())
        return self._of_month(span, month, one.first.day, int(behind["day"]))

    def _of_month(self, span: Span, month: date, first: int, last: int) -> list[DateRange]:
        """The range between two days of the month that the day `month` is in."""
        self._read_to = span.end
        if not 1 <= min(first, last) <= max(first, last) <= calendar.monthrange(month.year, month.month)[1]:
            self._problems.append((span, NoticeCode.NO_SUCH_DAY))
            return []
        return self._range(span, month.replace(day=first), month.replace(day=last))

    def _range(self, span: Span, first: date, last: date) -> list[DateRange]:
        if first <= last:
            return [DateRange(span, first, last)]
        self._problems.append((span, NoticeCode.ENDS_BEFORE_IT_BEGINS))
        return []

    def _part(self, period: Period) -> Period:
        """The half or quarter that is asked for of a month or a year, else all of the period."""
        if (period.first, period.last) not in (whole("month", period.first), whole("year", period.first)):
            return period
        before = self._before(period.span)
        for patterns in (self._leads.halves, self._leads.quarters):
            for number, pattern in enumerate(patterns):
                if lead := pattern.search(before):
                    first, last = _share(period, number, len(patterns))
                    return Period(Span(period.span.start - len(lead[0]), period.span.end), first, last)
        return period

    def _bounded(self, period: Period) -> DateRange | None:
        """What the words before a period make of it; None for one that means days only with such words."""
        before = self._before(period.span)
        for name, pattern in self._leads.bounds.items():
            if lead := pattern.search(before):
                span = Span(period.span.start - len(lead[0]), period.span.end)
                bounds = _bounds(name, period, self._today, at_its_end=_END.search(lead[0]) is not None)
                return DateRange(span, *bounds) if bounds is not None else None
        return None if period.is_bare else DateRange(period.span, period.first, period.last)


def _share(period: Period, number: int, parts: int) -> tuple[date, date]:
    """The part of that number, from 0: of a year in whole months, of a month in days, its first half 15 days long."""
    first, last = period.first, period.last
    if (first.year, first.month) == (last.year, last.month):
        edges = [first.replace(day=day) for day in ((1, 16) if parts == _HALVES else (1, 9, 16, 24))]
    else:
        edges = [first.replace(month=month) for month in range(1, 13, 12 // parts)]
    return edges[number], edges[number + 1] - timedelta(1) if number + 1 < parts else last


def _bounds(name: str, period: Period, today: date, *, at_its_end: bool) -> tuple[date, date] | None:
    """The days before, since, until or after a period; None where there are none."""
    first = period.last if at_its_end and name == "since" else period.first
    try:
        if name == "before":
            return date.min, period.last if at_its_end else first - timedelta(1)
        if name == "until":
            return date.min, period.last
        if name == "since":
            return (first, today) if first <= today else (first, period.last)
        begin = period.last + timedelta(1)
    except OverflowError:  # before the first day, or after the last
        return None
    return begin, today if begin <= today else date.max
