"""Any common spelling of a publication date → an ISO 8601 day, or a time in UTC; a day, month or year → its days.

dateutil reads English and numbers, dateparser the months and weekdays of other languages (home of both). dateutil fills missing
parts from a default. Every text is parsed with two defaults that differ in each part, which shows the parts it filled in.
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from qa.base.types import ANY_TIME

EXPECTED = "expected a whole date with a four-digit year, such as 2024-01-31 or 2024-01-31T07:30:00Z"

_FIRST_YEAR = 1400
_LONGEST = 100  # characters; the longest real spelling is about 50
_SECONDS = range(10**8, 10**11)  # 1973 and later; a smaller number is probably not a time
_MILLISECONDS = range(10**11, 10**14)
_DAYS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_NUMBERS = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1\d{4}(?!\d)", re.ASCII)  # 03.04.2024: a day and a month in some order
_ISO_LIKE = re.compile(r"\s*\d{4}[-/.]\d")
_NAME = re.compile(r"[^\W\d_]{3}|[^\W\d_a-zA-Z]")
_MONTH_FIRST = ("en", "en-us", "en-ph")
# The zero of clocks and file formats: Unix, DOS and ZIP, Windows, spreadsheets. Programs write it where no time is known.
_ZEROS = frozenset(
    datetime(year, month, day, tzinfo=UTC)
    for year, month, day in ((1970, 1, 1), (1980, 1, 1), (1601, 1, 1), (1899, 12, 30), (1900, 1, 1))
)
_DEFAULTS = (datetime(1996, 1, 1, 0), datetime(2003, 12, 28, 13))  # they share only minutes and seconds

# Abbreviations with one meaning in English news. IST, AMT and others have several.
_ZONE_HOURS = {
    **{"UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3},
    **{"MSK": 3, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "HST": -10},
}


def depends_on_language(value: str | int | float | None) -> bool:
    """Whether a date may be read differently in another language: in all spellings but ISO 8601 and numbers."""
    return isinstance(value, str) and not value.strip().isdigit() and not _ISO_LIKE.match(value)


def parse_published(value: str | int | float | None, *, language: str = "en") -> str | None:
    """The date as `2024-01-31` if only a day is given, else as a UTC time `2024-01-31T07:30:00Z`.

    None and blank text give None. Accepted are ISO 8601, RFC 822, words in English or in `language` (BCP 47), `20240131`,
    and seconds or milliseconds since 1970. In 03/04/2024 the day comes first, in English the month: as in news feeds, unless
    its region says otherwise ("en-GB"). In 03.04.2024 the day always comes first. A number over 12 is the day. A time without
    a zone is UTC. If the zone's name is unknown or ambiguous ("ET", "IST"), only the day is kept. Fractions of seconds are
    dropped.

    Raises:
        ValueError: an incomplete date ("March", "today"), one that does not exist, or a two-digit year. Also a year before
            1400 or more than two years ahead, or the moment that a clock counts from, such as 1970-01-01T00:00:00Z.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError(f"the date {value} is not a date; {EXPECTED}")
    text = value.strip() if isinstance(value, str) else _digits(value)
    if not text:
        return None
    if len(text) > _LONGEST:
        raise ValueError(f"the date {text[:40]!r}… has {len(text):,} characters; {EXPECTED}")
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number in _SECONDS:
        return _in_range(datetime.fromtimestamp(number, UTC), text)
    if number in _MILLISECONDS:
        return _in_range(datetime.fromtimestamp(number // 1000, UTC), text)
    return _spelled(text, language.replace("_", "-").lower())


def parse_days(text: str) -> tuple[date, date]:
    """The first and the last day of `2024`, `2024-03` or `2024-03-08`.

    Raises:
        ValueError: another spelling, or a day that does not exist.
    """
    parts = _DAYS.fullmatch(text.strip())
    if parts is None:
        raise ValueError(f"{text[:40]!r} is no day, month or year; expected it as in 2024-03-08, 2024-03 or 2024")
    year, month, day = (int(part) if part else 0 for part in parts.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no date: {error}; expected one as in 2024-03-08, 2024-03 or 2024") from error


def first_day(written: str | None) -> date | None:
    """The first day of what `parse_days` reads; None for empty text."""
    return parse_days(written)[0] if written else None


def last_day(written: str | None) -> date | None:
    """The last day of what `parse_days` reads; None for empty text."""
    return parse_days(written)[1] if written else None


def as_of_day(written: str | None) -> date | None:
    """The last day of what `parse_days` reads, and ANY_TIME of "any"; None for empty text."""
    return ANY_TIME if written == "any" else last_day(written)


def _digits(value: int | float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"the date {value} is not a date; {EXPECTED}")
        return str(int(value))
    return str(value) if value < 10**20 else "9" * 21  # str() of a huge number is refused by Python itself


def _spelled(text: str, language: str) -> str:
    zones = _Zones()
    numbers = _NUMBERS.search(text)
    day_first = numbers is not None and (numbers[1] == "." or language not in _MONTH_FIRST)
    try:
        first, second = (_parse(text, default, zones, day_first=day_first) for default in _DEFAULTS)
    except ValueError:
        if (in_words := _in_words(text, language)) is None:
            raise
        return in_words
    if first.replace(tzinfo=None).date() != second.replace(tzinfo=None).date():
        raise ValueError(f"the date {text!r} is not whole; {EXPECTED}")
    if f"{first.year:04}" not in text:
        raise ValueError(f"the date {text!r} has no four-digit year; {EXPECTED}")
    if zones.unknown or first.hour != second.hour:  # the hour came from the default: only a day is given
        return _in_range(first.replace(tzinfo=None), text)[:10]
    return _in_range(first if first.tzinfo else first.replace(tzinfo=UTC), text)


def _in_words(text: str, language: str) -> str | None:
    """A date with names of another language than English, such as "5. März 2024"; None for what is no such whole date."""
    code = language.partition("-")[0]
    if code == "en" or not _NAME.search(text):
        return None
    from dateparser.date import DateDataParser  # type: ignore[import-untyped,unused-ignore]

    strict = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    try:
        read = DateDataParser(languages=[code], settings=strict | {"RETURN_TIME_AS_PERIOD": True}).get_date_data(text)
    except (ValueError, OverflowError):  # a language that dateparser has no names of, or a day that does not exist
        return None
    moment = read.date_obj
    if not isinstance(moment, datetime) or f"{moment.year:04}" not in text:
        return None
    if read.period != "time":
        return _in_range(moment.replace(tzinfo=None), text)[:10]
    return _in_range(moment if moment.tzinfo else moment.replace(tzinfo=UTC), text)


def _parse(text: str, default: datetime, zones: _Zones, *, day_first: bool) -> datetime:
    from dateutil import parser  # type: ignore[import-untyped,unused-ignore]

    try:
        moment: object = parser.parse(text, default=default, tzinfos=zones, dayfirst=day_first)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"the date {text!r} cannot be read; {EXPECTED}") from error
    if not isinstance(moment, datetime):
        raise ValueError(f"the date {text!r} cannot be read; {EXPECTED}")
    return moment


class _Zones:
    """What dateutil calls for every zone; without it, dateutil uses the machine's own. It notes an unknown name."""

    def __init__(self) -> None:
        self.unknown = False

    def __call__(self, name: str | None, offset_seconds: int | None) -> tzinfo | None:
        if offset_seconds is not None:
            if abs(offset_seconds) >= 86_400:
                raise ValueError(f"an offset of {offset_seconds} seconds")
            return timezone(timedelta(seconds=offset_seconds))
        if name is None:
            return None
        hours = _ZONE_HOURS.get(name.upper())
        self.unknown = self.unknown or hours is None
        return None if hours is None else timezone(timedelta(hours=hours))


def _in_range(moment: datetime, text: str) -> str:
    last = datetime.now(UTC).year + 2
    if not _FIRST_YEAR <= moment.year <= last:
        raise ValueError(f"the date {text!r} is of the year {moment.year}; expected {_FIRST_YEAR} to {last}")
    in_utc = moment if moment.tzinfo is None else moment.astimezone(UTC)
    if in_utc in _ZEROS:
        raise ValueError(
            f"the date {text!r} is where a clock begins to count, which programs write for an unknown time; {EXPECTED}"
        )
    return in_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
