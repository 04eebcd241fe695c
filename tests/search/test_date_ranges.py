"""What a question's words mean as days, by the clock of Friday, 8 March 2024."""

from __future__ import annotations

from datetime import date

import pytest

from qa.search.date_ranges import date_ranges

FRIDAY = date(2024, 3, 8)


def meant(question: str, today: date = FRIDAY) -> list[tuple[str, str, str]]:
    """(the words, the first day, the last day) of each date range."""
    return [(dates.span.of(question), str(dates.first), str(dates.last)) for dates in date_ranges(question, today)]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2024-03-08", "2024-03-08"),
        ("this morning", "2024-03-08", "2024-03-08"),
        ("yesterday", "2024-03-07", "2024-03-07"),
        ("last night", "2024-03-07", "2024-03-07"),
        ("the day before yesterday", "2024-03-06", "2024-03-06"),
        ("tomorrow", "2024-03-09", "2024-03-09"),
        ("this week", "2024-03-04", "2024-03-10"),
        ("last week", "2024-02-26", "2024-03-03"),
        ("next week", "2024-03-11", "2024-03-17"),
        ("this weekend", "2024-03-02", "2024-03-03"),  # the next one has not begun
        ("last weekend", "2024-03-02", "2024-03-03"),
        ("this past weekend", "2024-03-02", "2024-03-03"),
        ("next weekend", "2024-03-16", "2024-03-17"),
        ("this month", "2024-03-01", "2024-03-31"),
        ("earlier this month", "2024-03-01", "2024-03-31"),
        ("last month", "2024-02-01", "2024-02-29"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("later this year", "2024-01-01", "2024-12-31"),
        ("over the past year", "2023-03-08", "2024-03-08"),
        ("this past week", "2024-03-01", "2024-03-08"),
        ("in the last three weeks", "2024-02-16", "2024-03-08"),
        ("over the past 30 days", "2024-02-07", "2024-03-08"),
        ("a year ago", "2023-01-01", "2023-12-31"),
        ("two weeks ago", "2024-02-19", "2024-02-25"),
        ("10 days ago", "2024-02-27", "2024-02-27"),
        ("on Sunday", "2024-03-03", "2024-03-03"),
        ("on Friday", "2024-03-08", "2024-03-08"),
        ("last Friday", "2024-03-01", "2024-03-01"),
        ("next Monday", "2024-03-11", "2024-03-11"),
        ("in March", "2024-03-01", "2024-03-31"),
        ("in April", "2023-04-01", "2023-04-30"),  # that of this year has not begun
        ("last March", "2023-03-01", "2023-03-31"),
        ("in May 2021", "2021-05-01", "2021-05-31"),
        ("in early November 2024", "2024-11-01", "2024-11-30"),
        ("on February 29", "2024-02-29", "2024-02-29"),
        ("on March 8", "2024-03-08", "2024-03-08"),
        ("on March 12", "2023-03-12", "2023-03-12"),  # the last one: that of this year has not come
        ("on 26 December", "2023-12-26", "2023-12-26"),
        ("on January 6, 2021", "2021-01-06", "2021-01-06"),
        ("on the 6th of January 2021", "2021-01-06", "2021-01-06"),
        ("2023-11-05", "2023-11-05", "2023-11-05"),
        ("in 1996", "1996-01-01", "1996-12-31"),
        ("since 2023", "2023-01-01", "2024-03-08"),
        ("since February", "2024-02-01", "2024-03-08"),
        ("since last week", "2024-02-26", "2024-03-08"),
        ("recently", "2024-02-07", "2024-03-08"),
        ("in recent weeks", "2024-02-07", "2024-03-08"),
        ("the latest", "2024-02-07", "2024-03-08"),
    ],
)
def test_words_for_a_time_are_days(words: str, first: str, last: str) -> None:
    assert meant(f"Who {words} said so?") == [(words, first, last)]


@pytest.mark.parametrize(
    "question",
    [
        "Who may march in the parade?",
        "How many of the 2,024 voters came?",
        "What costs $2024?",
        "Who wrote about the 1990s?",
        "What is planned for the 2024-2025 season?",
        "Who is the 16-year-old champion?",
        "Which event is the biggest night of the year?",
        "How often a week does the ferry sail?",
        "Where does the sun set on Labor Day weekend?",
        "What happened in New York?",
        "What happened on February 30?",
        "What did the Mayflower carry?",
    ],
)
def test_words_that_are_no_time_or_could_be_several_are_left_alone(question: str) -> None:
    assert meant(question) == []


def test_each_period_of_a_question_is_found_in_its_order() -> None:
    assert meant("Did more ships call last month than in January 2023?") == [
        ("last month", "2024-02-01", "2024-02-29"),
        ("in January 2023", "2023-01-01", "2023-01-31"),
    ]


def test_words_of_a_longer_time_are_not_a_shorter_one_as_well() -> None:
    assert meant("What burned on March 2, 2024?") == [("on March 2, 2024", "2024-03-02", "2024-03-02")]


def test_case_does_not_matter() -> None:
    assert meant("WHAT HAPPENED YESTERDAY?") == [("YESTERDAY", "2024-03-07", "2024-03-07")]


def test_a_month_that_is_too_short_and_a_leap_day_are_met() -> None:
    assert meant("What opened last month?", date(2023, 3, 31)) == [("last month", "2023-02-01", "2023-02-28")]
    assert meant("What opened over the past year?", date(2024, 2, 29)) == [("over the past year", "2023-02-28", "2024-02-29")]


@pytest.mark.parametrize("today", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("words", ["last week", "yesterday", "next year", "tomorrow", "600 years ago", "recently", "in May"])
def test_a_clock_at_the_end_of_time_breaks_nothing(today: date, words: str) -> None:
    assert all(dates.first <= dates.last for dates in date_ranges(f"Who sailed {words}?", today))
