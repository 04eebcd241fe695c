"""What the day of an article earns its passages, the arithmetic written out."""

from __future__ import annotations

from datetime import date

import pytest

from qa.base.types import DateRange, Hit, Ranking, Span
from qa.search.recency import with_recency

TODAY = date(2024, 3, 8)
YEAR_AGO = date(2023, 3, 9)  # 365 days


def ranked(*hits: tuple[str, float]) -> Ranking:
    return Ranking("q", "merged", tuple(Hit(f"{article}@00000000:0-9", score) for article, score in hits))


def scores(
    ranking: Ranking,
    published: dict[str, date | None],
    *date_ranges: DateRange,
    today: date = TODAY,
    weight: float = 0.1,
    k: int = 10,
) -> dict[str, float]:
    """Article → score, best first, with a period weight of 0.2."""
    made = with_recency(ranking, published, today=today, date_ranges=date_ranges, weight=weight, period_weight=0.2, k=k)
    assert (made.question, made.scorer) == ("q", "recency")
    return {hit.passage_id.partition("@")[0]: hit.score for hit in made.hits}


def test_the_weight_is_earned_today_and_halves_in_a_year() -> None:
    assert scores(ranked(("new", 0.5), ("old", 0.5)), {"new": TODAY, "old": YEAR_AGO}) == pytest.approx(
        {"new": 0.525, "old": 0.475}  # 0.1 x 1 and 0.1 x 1/2 are earned, 0.075 on average
    )


def test_articles_that_are_all_as_old_keep_their_scores() -> None:
    assert scores(ranked(("a", 0.9), ("b", 0.3)), dict.fromkeys("ab", TODAY)) == pytest.approx({"a": 0.9, "b": 0.3})


def test_a_newer_article_passes_one_that_fits_a_little_better_and_not_one_that_fits_much_better() -> None:
    published = {"best": date(2014, 3, 8), "close": date(2014, 3, 8), "new": TODAY}
    assert list(scores(ranked(("best", 0.9), ("close", 0.55), ("new", 0.5)), published)) == ["best", "new", "close"]


def test_what_came_out_after_the_question_counts_as_what_came_out_before_it() -> None:
    made = scores(ranked(("after", 0.5), ("before", 0.5)), {"after": date(2024, 4, 8), "before": date(2024, 2, 6)})
    assert made["after"] == pytest.approx(made["before"])  # 31 days each way


def test_an_article_without_a_day_keeps_its_score() -> None:
    made = scores(ranked(("new", 0.5), ("old", 0.5), ("undated", 0.5)), {"new": TODAY, "old": YEAR_AGO, "undated": None})
    assert made == pytest.approx({"new": 0.525, "undated": 0.5, "old": 0.475})


def test_without_any_day_the_ranking_stays_as_it_is() -> None:
    assert scores(ranked(("a", 0.9), ("b", 0.3)), {"a": None, "b": None}) == {"a": 0.9, "b": 0.3}


def test_a_period_that_is_named_earns_its_weight_inside_and_half_of_it_a_week_outside() -> None:
    february = DateRange(Span(0, 4), date(2024, 2, 1), date(2024, 2, 29))
    published = {"in it": date(2024, 2, 1), "a week late": date(2024, 3, 7), "a week early": date(2024, 1, 25)}
    hits = ranked(("a week early", 0.5), ("a week late", 0.5), ("in it", 0.5))
    third = 0.4 / 3  # 0.2 + 0.1 + 0.1 are earned
    assert scores(hits, published, february, weight=0) == pytest.approx(
        {"in it": 0.7 - third, "a week early": 0.6 - third, "a week late": 0.6 - third}
    )


def test_of_two_periods_the_nearest_counts() -> None:
    both = (
        DateRange(Span(0, 4), date(2020, 1, 1), date(2020, 12, 31)),
        DateRange(Span(9, 12), date(2023, 1, 1), date(2023, 12, 31)),
    )
    published = {"2020": date(2020, 6, 1), "2021": date(2021, 7, 1), "2023": date(2023, 6, 1)}
    made = scores(ranked(("2020", 0.5), ("2021", 0.5), ("2023", 0.5)), published, *both, weight=0)
    third = 0.4 / 3
    assert made == pytest.approx({"2020": 0.7 - third, "2023": 0.7 - third, "2021": 0.5 - third}, abs=1e-6)


def test_what_is_asked_of_the_future_stands_in_the_news_of_today() -> None:
    next_year = DateRange(Span(0, 9), date(2025, 1, 1), date(2025, 12, 31))
    published = {"new": TODAY, "old": date(2014, 3, 8)}
    assert scores(ranked(("new", 0.5), ("old", 0.5)), published, next_year, weight=0) == pytest.approx({"new": 0.6, "old": 0.4})


def test_ties_are_ordered_by_id_also_where_the_list_is_cut() -> None:
    published = dict.fromkeys("abc", TODAY)
    assert list(scores(ranked(("a", 0.5), ("b", 0.5), ("c", 0.5)), published, k=2)) == ["a", "b"]
