from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.corpus.dates import parse_days, parse_published

_MOMENTS = st.datetimes(
    datetime(1400, 1, 2),
    datetime(2026, 1, 1),
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("2024-01-31", "2024-01-31"),
        ("2024/01/31", "2024-01-31"),
        ("20240131", "2024-01-31"),
        (20240131, "2024-01-31"),
        ("31 January 2024", "2024-01-31"),
        ("January 31st, 2024", "2024-01-31"),
        ("Wednesday, Jan. 31, 2024", "2024-01-31"),
        ("2024-01-31T07:30:00Z", "2024-01-31T07:30:00Z"),
        ("2024-01-31T07:30:00.123+05:30", "2024-01-31T02:00:00Z"),
        ("2024-01-31 00:00", "2024-01-31T00:00:00Z"),
        ("Jan 31, 2024 7:30 am EST", "2024-01-31T12:30:00Z"),
        ("Jan 31, 2024 7 pm", "2024-01-31T19:00:00Z"),
        ("Wed, 31 Jan 2024 07:30:00 +0100", "2024-01-31T06:30:00Z"),
        ("Wed, 31 Jan 2024 07:30:00 GMT", "2024-01-31T07:30:00Z"),
        (1706686200, "2024-01-31T07:30:00Z"),
        ("1706686200", "2024-01-31T07:30:00Z"),
        (1706686200000, "2024-01-31T07:30:00Z"),
        (1706686200.5, "2024-01-31T07:30:00Z"),
        ("03/04/2024", "2024-03-04"),
        ("13/04/2024", "2024-04-13"),
        ("1492-10-12", "1492-10-12"),
        ("Jan 31, 2024 7:30 am ET", "2024-01-31"),
        ("", None),
        (None, None),
    ],
)
def test_a_spelling_is_read(spelling: str | float | None, expected: str | None) -> None:
    assert parse_published(spelling) == expected


@pytest.mark.parametrize(
    ("spelling", "language", "expected"),
    [
        ("03.04.2024", "de", "2024-04-03"),
        ("03.04.2024", "en", "2024-04-03"),  # dots are European, whatever the language
        ("3.4.2024 14:30", "de-AT", "2024-04-03T14:30:00Z"),
        ("03/04/2024", "fr", "2024-04-03"),
        ("03-04-2024", "nl", "2024-04-03"),
        ("03/04/2024", "en-GB", "2024-04-03"),
        ("03/04/2024", "en_US", "2024-03-04"),
        ("04/13/2024", "de", "2024-04-13"),  # there is no thirteenth month
        ("2024-03-04", "de", "2024-03-04"),
        ("2024/03/04", "es", "2024-03-04"),
        ("5. März 2024", "de", "2024-03-05"),
        ("Dienstag, 5. März 2024, 14:30 Uhr", "de", "2024-03-05T14:30:00Z"),
        ("Di, 05 Mär 2024 14:30:00 +0100", "de", "2024-03-05T13:30:00Z"),
        ("1er mars 2024", "fr-FR", "2024-03-01"),
        ("3 mei 2024", "nl", "2024-05-03"),
        ("3 de marzo de 2024", "es", "2024-03-03"),
        ("5 марта 2024", "ru", "2024-03-05"),
        ("2024年3月5日", "ja", "2024-03-05"),
        ("5 March 2024", "de", "2024-03-05"),
        ("Tue, 05 Mar 2024 14:30:00 +0100", "de", "2024-03-05T13:30:00Z"),
    ],
)
def test_days_months_and_their_order_are_those_of_the_language(spelling: str, language: str, expected: str) -> None:
    assert parse_published(spelling, language=language) == expected


@pytest.mark.parametrize("nonsense", ["31. Februar 2024", "März 2024", "heute", "vor drei Tagen", "5. März 24", "Copyright März"])
def test_what_is_no_whole_date_in_its_language_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match="expected a whole date"):
        parse_published(nonsense, language="de")


@pytest.mark.parametrize("language", ["xx", "", "not a language", "sr-Latn"])
def test_a_language_without_names_reads_english(language: str) -> None:
    assert parse_published("5 March 2024", language=language) == "2024-03-05"
    with pytest.raises(ValueError, match="expected a whole date"):
        parse_published("5. Lenzing 2024", language=language)


@pytest.mark.parametrize(
    "nonsense",
    [
        *("March", "March 2024", "2024", "2024-01", "10am", "Monday", "today", "yesterday", "3 hours ago", "n/a"),
        *("2024-02-30", "31 Jan 24", "01/02/03", "99999999999999999", "1399-12-31", "2999-01-01", "0", "x" * 5000),
        *(0, 7, -1, 2024, 1e300, float("nan"), float("inf"), 10**30, True, "٣", "2024-01-31T25:00"),
    ],
)
def test_what_is_no_whole_date_is_refused_with_what_was_expected(nonsense: str | float) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_published(nonsense)


ZEROS = ["1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1980-01-01 00:00", "1899-12-30T00:00:00"]
MIDNIGHTS = [datetime(1970, 1, 1), datetime(1980, 1, 1), datetime(1899, 12, 30)]  # the same, in UTC


@pytest.mark.parametrize("zero", ZEROS)
def test_the_moment_that_a_clock_counts_from_is_no_date_but_its_day_may_be(zero: str) -> None:
    with pytest.raises(ValueError, match="which programs write for an unknown time"):
        parse_published(zero)
    assert parse_published("1970-01-01") == "1970-01-01"


@given(_MOMENTS)
def test_iso_and_feed_spellings_of_a_moment_agree(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assume(whole.astimezone(UTC).replace(tzinfo=None) not in MIDNIGHTS)
    expected = whole.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert parse_published(whole.isoformat()) == expected
    assert parse_published(format_datetime(whole)) == expected


@given(st.dates(date(1400, 1, 1), date(2026, 1, 1)))
def test_a_day_stays_that_day_in_every_spelling(day: date) -> None:
    for spelling in ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%b %d, %Y", "%Y%m%d", "%m/%d/%Y"):
        assert parse_published(day.strftime(spelling)) == day.isoformat()


@given(st.text(max_size=40), st.sampled_from(["en", "de", "fr", "ru", "ja"]))
def test_any_text_is_read_or_refused(text: str, language: str) -> None:
    try:
        found = parse_published(text, language=language)
    except ValueError:
        return
    assert found is None or datetime.fromisoformat(found).year >= 1400


def test_a_number_too_long_to_be_written_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_published(10**5000)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        (" 2024-03-08 ", "2024-03-08", "2024-03-08"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_day_month_or_year_is_its_days(written: str, first: str, last: str) -> None:
    assert tuple(map(str, parse_days(written))) == (first, last)


@pytest.mark.parametrize(
    "written", ["", "soon", "24", "2024-13", "2024-02-30", "2024-00-01", "0000", "2024/03/08", "٢٠٢٤", "2024-03-08T05:00"]
)
def test_what_is_no_day_month_or_year_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"expected (it|one) as in 2024-03-08, 2024-03 or 2024"):
        parse_days(written)
