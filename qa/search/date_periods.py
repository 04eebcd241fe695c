"""A question in one language and a clock → the days, weeks, months and years that stand in it, each with its days.

A month or weekday alone is the last one that has begun, a day of a month the last one; in a question that looks ahead ("will")
it is the next one. Weeks begin on Monday. What can mean
several things ("this summer", "03/04/2024" in English, "the 90s") is left alone, and so are words that are dates only
sometimes ("may", "march", "sun") unless something beside them makes them one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped,unused-ignore]

from qa.base.types import Span
from qa.search.date_words import ENGLISH, DateWords

_RECENT_DAYS = 30  # what "recently" and "the latest" mean: the news of a month
_UNITS = ("day", "weekend", "week", "month", "year")
_LONGEST_MONTH = 31
_YEARS_BETWEEN = 8  # a leap day is at most so far from the next


@dataclass(frozen=True, slots=True)
class Period:
    """Days that words of a question mean. `without_year` is (month, day or None) where they name no year,
    so that another may be meant.

    `is_bare`: the words mean days only where others bound them, as in "before May" or "the first half of the year".
    """

    span: Span
    first: date
    last: date
    without_year: tuple[int, int | None] | None = None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of a question in its order, and the words for days that there are not, such as "31 February"."""

    found: tuple[Period, ...]
    impossible: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Days:
    first: date
    last: date
    without_year: tuple[int, int | None] | None = None


class _NoSuchDay(ValueError):
    """A day that its month or year does not have."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """When a question was asked, in which language, and whether it is about what is to come."""

    today: date
    words: DateWords
    looks_ahead: bool


_Means = Callable[[re.Match[str], _Asked], _Days | None]


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to spell a period."""

    pattern: re.Pattern[str]
    means: _Means
    is_bare: bool = False


def periods(question: str, today: date, words: DateWords) -> Periods:
    """The longest spellings first: what they take, shorter ones leave alone."""
    asked = _Asked(today, words, looks_ahead=_ahead(words).search(question) is not None)
    is_taken = bytearray(len(question))
    found: list[Period] = []
    impossible: list[Span] = []
    for form in _forms(words):
        for match in form.pattern.finditer(question):
            span = Span(match.start(), match.end())
            if any(is_taken[span.start : span.end]):
                continue
            try:
                days = form.means(match, asked)
            except _NoSuchDay:
                impossible.append(span)
                is_taken[span.start : span.end] = b"\x01" * (span.end - span.start)
                continue
            except (ValueError, OverflowError):  # a year before the first or after the last
                continue
            if days is not None:
                found.append(Period(span, days.first, days.last, days.without_year, form.is_bare))
                is_taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    return Periods(tuple(sorted(found, key=lambda one: one.span.start)), tuple(impossible))


def in_year(period: Period, year: int) -> Period:
    """A period without a year in this one; ValueError for a leap day where it has none."""
    assert period.without_year is not None
    month, day = period.without_year
    first, last = (date(year, month, day),) * 2 if day else whole("month", date(year, month, 1))
    return Period(period.span, first, last, period.without_year, period.is_bare)


def whole(unit: str, day: date) -> tuple[date, date]:
    """The week, weekend, month or year that the day is in."""
    monday = day - timedelta(day.weekday())
    if unit == "weekend":
        return monday + timedelta(5), monday + timedelta(6)
    if unit == "week":
        return monday, monday + timedelta(6)
    if unit == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return (date(day.year, 1, 1), date(day.year, 12, 31)) if unit == "year" else (day, day)


@cache
def _ahead(words: DateWords) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words.ahead})(?![\w-])", re.IGNORECASE)


@cache
def _forms(words: DateWords) -> tuple[_Form, ...]:
    def forms(templates: Sequence[str], means: _Means, *, is_bare: bool = False) -> Iterator[_Form]:
        return (_Form(_pattern(template, words), means, is_bare) for template in templates)

    near = (_Form(_pattern(template, words), _near(days)) for days, template in words.near.items())
    slashed = () if words is ENGLISH else (r"<D>/(?P<month_number>\d{1,2})/<Y>",)
    return (
        *forms((r"(?:on )?(?P<iso>\d{4}-\d{2}-\d{2})",), _iso_day),
        *forms((r"(?:on |am |vom |le |el |op )?<D>\.(?P<month_number>\d{1,2})\.<Y>", *slashed), _day_in_numbers),
        *forms(words.days, _month_day),
        *forms(words.months_of_years, _month),
        *forms(words.months_alone, _month),
        *forms(words.up_to_now, _up_to_now),
        *forms(words.calendar, _calendar),
        *forms(words.ago, _ago),
        *near,
        *forms(words.weekdays_alone, _weekday),
        *forms(words.years, _year),
        *forms((words.recently,), lambda _match, asked: _Days(asked.today - timedelta(_RECENT_DAYS), asked.today)),
        *forms((r"<MONTH>",), _month, is_bare=True),
        *forms((words.whole_year,) if words.whole_year else (), _this_year, is_bare=True),
    )


def _pattern(template: str, words: DateWords) -> re.Pattern[str]:
    numbers = "|".join(sorted(words.numbers, key=len, reverse=True))
    tokens = {
        "<MONTH>": _named("month", words.months),
        "<MON>": _named("month", words.abbreviated_months),
        "<WEEKDAY>": _named("weekday", words.weekdays),
        "<UNITS>": _either({f"unit_{unit}": words.units[unit][1] for unit in _UNITS}),
        "<EACH>": _either({f"unit_{unit}": words.units[unit][0] for unit in _UNITS}),
        "<UNIT>": _either({f"unit_{unit}": words.units[unit][0] for unit in _UNITS if unit != "day"}),
        "<WHICH>": _either({f"which_{which}": words.which[which] for which in words.which}),
        "<N>": rf"(?P<number>\d{{1,3}}|{numbers})",
        "<D>": r"(?P<day>\d{1,2})",
        "<YEAR>": r"(?P<year>(?:19|20)\d\d)",
        "<Y>": r"(?P<year>(?:1\d|20)\d\d)",
    }
    for token, meant in tokens.items():
        template = template.replace(token, meant)
    return re.compile(rf"(?<![\w.,/$€£-])(?:{template})(?![\w/%-]|[.,]\d)", re.IGNORECASE)


def _named(kind: str, spellings: Sequence[str]) -> str:
    return _either({f"{kind}_{number}": spelling for number, spelling in enumerate(spellings)})


def _either(named: dict[str, str]) -> str:
    return "(?:" + "|".join(f"(?P<{name}>{spelling})" for name, spelling in named.items()) + ")"


def _group(match: re.Match[str], kind: str) -> str | None:
    """What stands behind `kind_` in the name of the group that matched."""
    return next(
        (name.removeprefix(f"{kind}_") for name, held in match.groupdict().items() if held and name.startswith(f"{kind}_")), None
    )


def _held(match: re.Match[str], name: str) -> str | None:
    return match.groupdict().get(name)


def _number(match: re.Match[str], kind: str) -> int:
    return int(_group(match, kind) or 0)


def _shifted(day: date, count: int, unit: str) -> date:
    """`count` units later; a month that is too short gives its last day."""
    step = {"day": relativedelta(days=count), "month": relativedelta(months=count), "year": relativedelta(years=count)}
    moved: date = day + step.get(unit, relativedelta(weeks=count))
    return moved


def _calendar(match: re.Match[str], asked: _Asked) -> _Days:
    unit = _group(match, "unit") or "day"
    steps = {"last": -1, "this": 0, "next": 1}[_group(match, "which") or "this"]
    if unit == "weekend" and asked.today.weekday() < 5 and steps < 1:
        steps = -1  # "this weekend", asked on a Wednesday about what happened, is the one that was
    return _Days(*whole(unit, _shifted(asked.today, steps, unit)))


def _up_to_now(match: re.Match[str], asked: _Asked) -> _Days:
    """The past year, the last three weeks: up to today."""
    return _Days(_shifted(asked.today, -_count(match, asked), _group(match, "unit") or "day"), asked.today)


def _ago(match: re.Match[str], asked: _Asked) -> _Days:
    """N days ago is a day, N weeks ago a week, and so on."""
    unit = _group(match, "unit") or "day"
    return _Days(*whole(unit, _shifted(asked.today, -_count(match, asked), unit)))


def _count(match: re.Match[str], asked: _Asked) -> int:
    written = (_held(match, "number") or "1").lower()
    return int(written) if written.isdigit() else asked.words.numbers[written]


def _weekday(match: re.Match[str], asked: _Asked) -> _Days:
    """The last such day, today included; with "last" it is before today, with "next" after it."""
    which = _group(match, "which")
    back = (asked.today.weekday() - _number(match, "weekday")) % 7
    if which == "last" and back == 0:
        back = 7
    day = asked.today - timedelta(back) if which != "next" else asked.today + timedelta(7 - back)
    return _Days(day, day)


def _month(match: re.Match[str], asked: _Asked) -> _Days:
    """The month of the year that is named, else the last one that has begun, or the next where the question looks ahead."""
    which, month, today = _group(match, "which"), _number(match, "month") + 1, asked.today
    if year := _held(match, "year"):
        return _Days(*whole("month", date(int(year), month, 1)))
    if which is None and asked.looks_ahead:
        return _Days(*whole("month", date(today.year + (month < today.month), month, 1)), without_year=(month, None))
    has_begun = month < today.month or (month == today.month and which != "last")
    meant = today.year - (not has_begun) + (which == "next")
    return _Days(*whole("month", date(meant, month, 1)), without_year=(month, None))


def _month_day(match: re.Match[str], asked: _Asked) -> _Days | None:
    """The day of the year that is named, else the last one, or the next where the question looks ahead; both may be today."""
    month, number = _number(match, "month") + 1, int(match["day"])
    if not 1 <= number <= _LONGEST_MONTH:
        return None  # no day at all: "May 50 people come?"
    if year := _held(match, "year"):
        day = _day(int(year), month, number)
        return _Days(day, day)
    if number > calendar.monthrange(2024, month)[1]:  # of a leap year
        raise _NoSuchDay(match[0])
    today, way = asked.today, 1 if asked.looks_ahead else -1
    within = range(today.year, today.year + way * (_YEARS_BETWEEN + 1), way)
    days = (date(year, month, number) for year in within if _has(year, month, number))
    meant = next((day for day in days if (day - today).days * way >= 0), None)  # None beyond the first year or the last
    return _Days(meant, meant, without_year=(month, number)) if meant is not None else None


def _has(year: int, month: int, number: int) -> bool:
    return MINYEAR <= year <= MAXYEAR and number <= calendar.monthrange(year, month)[1]


def _day(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise _NoSuchDay(str(error)) from error


def _day_in_numbers(match: re.Match[str], _asked: _Asked) -> _Days:
    day = _day(int(match["year"]), int(match["month_number"]), int(match["day"]))
    return _Days(day, day)


def _iso_day(match: re.Match[str], _asked: _Asked) -> _Days:
    year, month, number = map(int, match["iso"].split("-"))
    day = _day(year, month, number)
    return _Days(day, day)


def _year(match: re.Match[str], _asked: _Asked) -> _Days:
    return _Days(*whole("year", date(int(match["year"]), 1, 1)))


def _this_year(_match: re.Match[str], asked: _Asked) -> _Days:
    return _Days(*whole("year", asked.today))


def _near(days: int) -> _Means:
    return lambda _match, asked: _Days(*(asked.today + timedelta(days),) * 2)
