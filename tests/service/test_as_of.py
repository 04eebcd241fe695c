"""Questions asked in the past: only what was published by then answers, and what lies after all articles is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from qa.api.answer import answer_of, answer_shape
from qa.api.search import search_shape
from qa.base.types import ANY_TIME, NO_FILTERS, OF_ANY_TIME, Article, Filters, Notice, NoticeCode, Reason, Status
from qa.evaluation.ranking import ranked_together
from qa.service.service import Service

LATE = "By how much was the ferry to Skerrin late?"
DAYS = {"january": "2024-01-17", "february": "2024-02-20T23:30:00Z", "march": "2024-03-06", "undated": None}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, open_service: Callable[..., Service]) -> Service:
    service = open_service(tmp_path_factory.mktemp("as_of") / "index", read_passages=5)
    service.add_articles(
        Article(name, name, "Ferry late", f"The ferry to Skerrin was late by {minutes} minutes because of fog.", published_at=day)
        for (name, day), minutes in zip(DAYS.items(), ("ten", "twenty", "thirty", "forty"), strict=True)
    )
    return service


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=UTC)


def found(service: Service, asked_at: datetime | None, filters: Filters = NO_FILTERS) -> set[str]:
    """The articles that answer and those that a search finds, which are the same."""
    answer = service.ask(LATE, asked_at=asked_at, filters=filters, threshold=0, max_citations=10)
    searched = service.search(LATE, asked_at=asked_at, filters=filters)
    read = {evidence.article_id for evidence in answer.trace.evidence}
    assert read == {hit.article.id for hit in searched.hits}
    assert answer.filters == searched.filters
    return read


@pytest.mark.parametrize(
    ("asked_at", "expected"),
    [
        (None, {"january", "february", "march", "undated"}),
        (at(3, 6), {"january", "february", "march", "undated"}),
        (at(3, 5), {"january", "february", "undated"}),
        (at(2, 20), {"january", "february", "undated"}),  # of its own day all answer
        (at(2, 19, 23), {"january", "undated"}),
        (at(1, 1), {"undated"}),
    ],
)
def test_what_was_published_after_the_clock_does_not_answer_but_what_has_no_date_does(
    service: Service, asked_at: datetime | None, expected: set[str]
) -> None:
    assert found(service, asked_at) == expected


def test_any_time_and_a_day_of_its_own_go_before_the_clock(service: Service) -> None:
    assert found(service, at(1, 1), OF_ANY_TIME) == set(DAYS)
    assert found(service, at(1, 1), Filters(as_of=date(2024, 2, 1))) == {"january", "undated"}
    assert found(service, None, Filters(as_of=date(2024, 2, 1))) == {"january", "undated"}


def test_the_filters_of_an_answer_have_the_day_where_it_leaves_articles_out(service: Service) -> None:
    assert service.ask(LATE, asked_at=at(3, 5, 12)).filters == Filters(as_of=date(2024, 3, 5))
    assert service.ask(LATE, asked_at=at(3, 7)).filters == Filters()
    assert service.ask(LATE, asked_at=at(1, 1), filters=Filters(as_of=ANY_TIME)).filters == Filters()
    assert service.ask(LATE, filters=Filters(as_of=date(2025, 1, 1))).filters == Filters(as_of=date(2025, 1, 1))


def test_where_nothing_had_been_published_yet_the_answer_says_so(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(tmp_path / "later")
    service.add_articles([Article("a", "a", "Ferry late", "The ferry was late.", published_at="2024-03-06")])
    answer = service.ask("Was the ferry late?", asked_at=at(3, 5))
    assert (answer.status, answer.reason, str(answer.filters)) == (
        Status.NOT_FOUND,
        Reason.ALL_FILTERED_OUT,
        "as of 5 March 2024",
    )


def test_undated_sources_are_marked_in_json(service: Service) -> None:
    for article_id, is_undated in (("january", False), ("undated", True)):
        one = Filters(article_ids=(article_id,))
        answer = answer_shape(service.ask(LATE, asked_at=at(1, 20), filters=one, threshold=0))
        assert [cited.undated for cited in answer.citations] == [is_undated]
    hits = search_shape(service.search(LATE, asked_at=at(1, 20))).hits
    assert {hit.passage.article_id: hit.undated for hit in hits} == {"january": False, "undated": True}


@pytest.mark.parametrize("words", ["last week", "recently", "yesterday", "in June 2024"])
def test_days_past_the_newest_article_are_said_to_be(service: Service, words: str) -> None:
    question = f"What did the ferry do {words}?"
    answer = service.ask(question, asked_at=at(6, 20))
    (notice,) = answer.notices
    assert notice.code is NoticeCode.AFTER_NEWEST
    assert notice.text.startswith(f"“{words}” (") and " 2024" in notice.text
    assert notice.text.endswith(") is after your newest article, which is of 6 March 2024.")
    assert service.search(question, asked_at=at(6, 20)).notices == answer.notices
    assert answer_of(answer_shape(answer)).notices == answer.notices


def test_the_newest_article_is_the_newest_of_those_that_may_answer(service: Service) -> None:
    february = Filters(published_to=date(2024, 2, 29))
    (notice,) = service.ask("How late was the ferry last week?", asked_at=at(3, 12), filters=february).notices
    assert notice == Notice(
        NoticeCode.AFTER_NEWEST,
        "“last week” (4 March 2024 to 10 March 2024) is after your newest article, which is of 20 February 2024.",
    )


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        ("on 31 February", "no_such_day", "“on 31 February” is no day of the calendar, so it was not taken as a date."),
        (
            "between 2024 and 2023",
            "ends_before_it_begins",
            "“between 2024 and 2023” ends before it begins, so it was not taken as a date.",
        ),
    ],
)
def test_words_that_mean_no_days_are_said_to_mean_none(service: Service, words: str, code: NoticeCode, text: str) -> None:
    question = f"Was the ferry to Skerrin late {words}?"
    answer = service.ask(question, threshold=0)
    assert (answer.date_ranges, answer.notices) == ((), (Notice(code, text),))
    assert service.search(question).notices == answer.notices


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("before February 2024", "until 31 January 2024"),
        ("after 2024", "1 January 2025 and later"),
        ("in May 2023", "1 May 2023 to 31 May 2023"),
    ],
)
def test_the_days_of_a_question_are_shown_with_the_ends_that_they_have(service: Service, words: str, shown: str) -> None:
    (dates,) = service.ask(f"Was the ferry late {words}?", asked_at=at(3, 9)).date_ranges
    assert str(dates) == shown


@pytest.mark.parametrize("words", ["last week", "in January", "since Monday", ""])
def test_days_that_articles_reach_need_no_notice(service: Service, words: str) -> None:
    assert service.ask(f"How late was the ferry {words}?", asked_at=at(3, 9)).notices == ()


def test_articles_of_the_future_answer_where_nobody_gave_a_clock(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(2)).date().isoformat()
    service = open_service(tmp_path / "future")
    service.add_articles([Article("a", "a", "Ferry late", "The ferry was late.", published_at=tomorrow)])
    assert {hit.article.id for hit in service.search("ferry").hits} == {"a"}
    answer = service.ask("Was the ferry late?", threshold=0)
    assert service.ask("Was the ferry late?", threshold=0, asked_at=answer.asked_at).reason is Reason.ALL_FILTERED_OUT
    again = service.ask("Was the ferry late?", threshold=0, asked_at=answer.asked_at, filters=OF_ANY_TIME)
    assert (again.citations, again.filters) == (answer.citations, answer.filters)


def test_rankings_that_are_measured_leave_nothing_out(service: Service) -> None:
    (ranked,) = ranked_together(service, [LATE], asked_at=[at(1, 1)])
    assert len(ranked.rankings[-1].hits) == len(DAYS)
