"""A question and the clock it is asked by → the date ranges that its words mean: "last week", "in March", "yesterday", "2023".

English only. A month or weekday alone is the last one that has begun, a day of a month the nearest one; weeks begin on
Monday. What can mean several things ("this summer", "03/04/2024", "the 90s") is left alone, and so are words that are
dates only sometimes ("may", "march", "sun") unless something beside them makes them one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped,unused-ignore]

from qa.base.types import DateRange, Span

_RECENT_DAYS = 30  # what "recently" and "the latest" mean: the news of a month
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_NUMBERS |= {"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_MONTHS = [name.lower() for name in calendar.month_name]
_WEEKDAYS = [name.lower() for name in calendar.day_name]

_NUMBER = rf"(?:a )?(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(?P<unit>day|week|month|year)"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS[1:])})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NOT_IN_A_NUMBER = r"(?<![\w.,/$€£-])", r"(?![\w/%-]|[.,]\d)"


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to spell a date range; `means` may find that a match is none (None), such as 31 February."""

    pattern: re.Pattern[str]
    means: Callable[[re.Match[str], date], tuple[date, date] | None]


def date_ranges(question: str, today: date) -> tuple[DateRange, ...]:
    """The date ranges that the question names, in its order. No two share a word.

    `today` is the day of asking; "since 2023" and "since March" last until then.
    """
    ranges: list[DateRange] = []
    for form in _FORMS:
        for match in form.pattern.finditer(question):
            span = Span(match.start(), match.end())
            if any(span.overlaps(one.span) for one in ranges):
                continue
            try:
                meant = form.means(match, today)
            except (ValueError, OverflowError):  # a day that its month does not have, a year before the first
                continue
            if meant is not None:
                ranges.append(DateRange(span, *meant))
    return tuple(sorted(ranges, key=lambda one: one.span.start))


def _form(pattern: str, means: Callable[[re.Match[str], date], tuple[date, date] | None]) -> _Form:
    before, behind = _NOT_IN_A_NUMBER
    return _Form(re.compile(f"{before}{pattern}{behind}", re.IGNORECASE), means)


def _since(match: re.Match[str], first: date, last: date, today: date) -> tuple[date, date]:
    """The range itself, or all from its beginning on where "since" stands before it."""
    return (first, today) if match["since"] and first <= today else (first, last)


def _whole(unit: str, day: date) -> tuple[date, date]:
    """The week, weekend, month or year that the day is in."""
    monday = day - timedelta(day.weekday())
    if unit == "weekend":
        return monday + timedelta(5), monday + timedelta(6)
    if unit == "week":
        return monday, monday + timedelta(6)
    if unit == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _shifted(day: date, count: int, unit: str) -> date:
    """`count` units later; a month that is too short gives its last day."""
    step = {"day": relativedelta(days=count), "month": relativedelta(months=count), "year": relativedelta(years=count)}
    moved: date = day + step.get(unit, relativedelta(weeks=count))
    return moved


def _calendar(match: re.Match[str], today: date) -> tuple[date, date]:
    unit = match["unit"].lower()
    steps = {"this": 0, "next": 1}.get(match["which"].lower(), -1)
    if unit == "weekend" and today.weekday() < 5 and steps < 1:
        steps = -1  # "this weekend", asked on a Wednesday about what happened, is the one that was
    first, last = _whole(unit, _shifted(today, steps, unit))
    return _since(match, first, last, today)


def _up_to_now(match: re.Match[str], today: date) -> tuple[date, date]:
    """The past year, the last three weeks: up to today."""
    return _shifted(today, -_count(match), match["unit"].lower()), today


def _ago(match: re.Match[str], today: date) -> tuple[date, date]:
    """N days ago is a day, N weeks ago a week, and so on."""
    unit = match["unit"].lower()
    day = _shifted(today, -_count(match), unit)
    return (day, day) if unit == "day" else _whole(unit, day)


def _count(match: re.Match[str]) -> int:
    written = (match["number"] or "one").lower()
    return int(written) if written.isdigit() else _NUMBERS[written]


def _weekday(match: re.Match[str], today: date) -> tuple[date, date]:
    """The last such day, today included; with "last" it is before today, with "next" after it."""
    which = (match["which"] or "").lower()
    back = (today.weekday() - _WEEKDAYS.index(match["weekday"].lower())) % 7
    if which == "last" and back == 0:
        back = 7
    day = today - timedelta(back) if which != "next" else today + timedelta(7 - back)
    return day, day


def _month(match: re.Match[str], today: date) -> tuple[date, date]:
    """The month of the year that is named, else the last one that has begun."""
    which = (match["which"] or "").lower()
    month = _MONTHS.index(match["month"].lower())
    if match["year"]:
        year = int(match["year"])
    else:
        has_begun = month < today.month or (month == today.month and which != "last")
        year = today.year - (not has_begun) + (which == "next")
    return _since(match, *_whole("month", date(year, month, 1)), today)


def _month_day(match: re.Match[str], today: date) -> tuple[date, date]:
    month, number = _MONTHS.index(match["month"].lower()), int(match["day"])
    if match["year"]:
        day = date(int(match["year"]), month, number)
    else:
        day = min(_in_years(today.year, month, number), key=lambda day: abs(day - today))
    return _since(match, day, day, today)


def _in_years(year: int, month: int, number: int) -> Iterator[date]:
    """The day in this year, the one before and the one after, where they have it."""
    with_it = [
        one for one in (year, year - 1, year + 1) if MINYEAR <= one <= MAXYEAR and number <= calendar.monthrange(one, month)[1]
    ]
    return (date(one, month, number) for one in with_it)


def _year(match: re.Match[str], today: date) -> tuple[date, date]:
    return _since(match, *_whole("year", date(int(match["year"]), 1, 1)), today)


def _iso_day(match: re.Match[str], today: date) -> tuple[date, date]:
    day = date.fromisoformat(match["iso"])
    return _since(match, day, day, today)


def _near(days: int) -> Callable[[re.Match[str], date], tuple[date, date]]:
    return lambda _match, today: (today + timedelta(days), today + timedelta(days))


_SINCE = r"(?:(?P<since>since) )?"
# The longest spellings first: what they take, shorter ones leave alone.
_FORMS = (
    _form(rf"{_SINCE}(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})", _iso_day),
    _form(rf"{_SINCE}(?:on )?{_MONTH} {_DAY}(?:,? {_YEAR})?", _month_day),
    _form(rf"{_SINCE}(?:on )?(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", _month_day),
    _form(rf"{_SINCE}(?:in |during )?(?P<which>)(?:early |mid-|late )?{_MONTH},?(?: of)? {_YEAR}", _month),
    _form(
        rf"(?:{_SINCE[:-1]}|in |during |by |until |of |early |late )(?:early |mid-|late )?(?:(?P<which>last|this|next|past) )?"
        rf"{_MONTH}(?P<year>)",
        _month,
    ),
    _form(rf"(?P<since>)(?P<which>last|this|next|past) {_MONTH}(?P<year>)", _month),
    _form(rf"(?:in |over |during |for |within )?(?:the )?(?:last|past|previous) {_NUMBER} {_UNIT}s?", _up_to_now),
    _form(rf"(?:in |over |during |for |within )?(?:(?:the|this) past|the last) {_UNIT}(?P<number>)", _up_to_now),
    _form(
        rf"{_SINCE}(?:earlier |later |early |late |of )?(?:the )?(?P<which>this|last|past|next|previous)(?: past)? "
        r"(?P<unit>weekend|week|month|year)",
        _calendar,
    ),
    _form(rf"{_NUMBER} {_UNIT}s? ago", _ago),
    _form(r"(?:the )?day before yesterday", _near(-2)),
    _form(r"(?:yesterday|last night)", _near(-1)),
    _form(r"(?:today|tonight|this (?:morning|afternoon|evening))", _near(0)),
    _form(r"(?:on )?tomorrow", _near(1)),
    _form(rf"(?:on )?(?:(?P<which>last|this|next|past) )?(?P<weekday>{'|'.join(_WEEKDAYS)})", _weekday),
    _form(rf"{_SINCE}(?:in |during |of |by )?{_YEAR}", _year),
    _form(
        r"(?:recently|(?:the )?(?:latest|most recent)|current(?:ly)?|now|nowadays|these days|at the moment|at present"
        r"|in recent (?:days|weeks|months))",
        lambda _match, today: (today - timedelta(_RECENT_DAYS), today),
    ),
)
