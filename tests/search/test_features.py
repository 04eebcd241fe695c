"""What the ranker knows of each candidate beyond its words: the cosine, the day, and how it compares with the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from qa.base.terms import ArticleTerms, SearchedArticle, SearchedPassage, term_keys
from qa.base.types import DateRange, Span
from qa.search.features import FEATURES, Candidates, Clock, features
from qa.search.question_terms import QuestionTerms

TODAY = date(2024, 6, 15)
QUESTION = QuestionTerms(
    term_keys(["mill", "port"]), np.ones(2, np.float32), np.array([True, False]), np.zeros(2, bool), pairs=[(0, 1)]
)


def rows(
    *passages: tuple[int, str],
    cosines: Sequence[float] | None = None,
    days: Sequence[date | None] = (),
    clock: Clock | None = None,
    typical: float = 0.5,
    spread: float = 0.1,
) -> np.ndarray:
    """One row for each (article, words of its only sentence), which is a passage."""
    found = [
        SearchedPassage(place, str(place), article, place, place, days[place] if days else None)
        for place, (article, _) in enumerate(passages)
    ]
    articles = {
        article: SearchedArticle("en", ArticleTerms.of((), [words.split() for _, words in passages])) for article, _ in passages
    }
    given = np.array([0.5] * len(passages) if cosines is None else cosines, np.float32)
    return features(Candidates(found, articles, given, typical, spread), {"en": QUESTION}, clock)


def column(made: np.ndarray, name: str) -> list[float]:
    return [round(value, 4) for value in made[:, FEATURES.index(name)].tolist()]


def test_every_feature_has_one_column_and_no_name_is_there_twice() -> None:
    assert rows((1, "mill")).shape == (1, len(FEATURES))
    assert len(set(FEATURES)) == len(FEATURES)


def test_a_rank_counts_the_better_candidates_and_equal_ones_share_it() -> None:
    made = rows((1, "mill port"), (2, "mill"), (3, "port"), (4, "rain"))
    assert column(made, "passage_bm25_rank") == pytest.approx(np.log([1, 2, 2, 3]).round(4).tolist())
    assert column(made, "passage_bm25_scaled")[0] == 1.0
    assert column(made, "passage_bm25_scaled")[3] == 0.0


def test_the_best_passage_of_an_article_stands_with_all_of_them() -> None:
    made = rows((1, "rain"), (1, "mill port"), (2, "mill"), cosines=[0.7, 0.5, 0.6])
    assert column(made, "best_passage_of_article")[:2] == [1.0, 1.0]
    assert column(made, "best_cosine_of_article") == [2.0, 2.0, 1.0]


def test_cosines_are_compared_with_those_of_the_question_alone() -> None:
    made = rows((1, "mill"), (2, "port"), (3, "rain"), cosines=[0.4, 0.7, 0.5])
    assert column(made, "cosine_deviation") == [-1.0, 2.0, 0.0]
    assert column(made, "cosine_gap") == [3.0, 0.0, 2.0]
    assert column(made, "cosine_rank") == pytest.approx(np.log([3, 1, 2]).round(4).tolist())
    another = rows((1, "mill"), (2, "port"), (3, "rain"), cosines=[0.84, 0.87, 0.85], typical=0.85, spread=0.01)
    assert np.allclose(made, another, atol=1e-3)  # an encoder with other cosines changes nothing


def test_days_count_from_asking_and_halve_by_three_half_lives() -> None:
    made = rows((1, "mill"), (2, "mill"), days=[date(2024, 6, 8), date(2024, 6, 18)], clock=Clock(TODAY, ()))
    assert column(made, "days") == pytest.approx([np.log(8).round(4), np.log(4).round(4)])
    assert column(made, "within_7_days")[0] == 0.5
    assert column(made, "within_30_days")[0] == pytest.approx(2 ** (-7 / 30), abs=1e-4)
    assert column(made, "within_365_days")[0] == pytest.approx(2 ** (-7 / 365), abs=1e-4)
    assert column(made, "published_after") == [0.0, 1.0]
    assert column(made, "near_date_range") == [-1.0, -1.0]  # the question names none


def test_a_date_range_is_one_inside_and_halves_each_week_outside() -> None:
    march = DateRange(Span(0, 1), date(2024, 3, 1), date(2024, 3, 31))
    days = [date(2024, 3, 31), date(2024, 4, 7), date(2024, 2, 16), None]
    made = rows(*[(place, "mill") for place in range(4)], days=days, clock=Clock(TODAY, [march]))
    assert column(made, "near_date_range") == [1.0, 0.5, 0.25, -1.0]


def test_days_count_from_a_date_range_that_is_over_and_not_from_one_that_lasts() -> None:
    march = DateRange(Span(0, 1), date(2024, 3, 1), date(2024, 3, 31))
    this_week = DateRange(Span(0, 1), date(2024, 6, 10), date(2024, 6, 16))
    days = [date(2024, 4, 7), date(2024, 6, 8)]
    made = rows((1, "mill"), (2, "mill"), days=days, clock=Clock(TODAY, [march]))
    assert column(made, "within_7_days") == [0.5, pytest.approx(2 ** (-69 / 7), abs=1e-4)]
    made = rows((1, "mill"), (2, "mill"), days=days, clock=Clock(TODAY, [this_week]))
    assert column(made, "within_7_days") == [pytest.approx(2 ** (-69 / 7), abs=1e-4), 0.5]


def test_the_nearest_of_two_date_ranges_counts_and_the_future_counts_as_today() -> None:
    march = DateRange(Span(0, 1), date(2024, 3, 1), date(2024, 3, 31))
    later = DateRange(Span(2, 3), date(2024, 7, 1), date(2024, 7, 31))
    made = rows((1, "mill"), (2, "mill"), days=[date(2024, 6, 8), date(2024, 3, 5)], clock=Clock(TODAY, [march, later]))
    assert column(made, "near_date_range") == [0.5, 1.0]


@pytest.mark.parametrize("clock", [None, Clock(TODAY, ())])
def test_dates_are_masked_where_none_counts_or_an_article_has_none(clock: Clock | None) -> None:
    days = [date(2024, 6, 8), None]
    made = rows((1, "mill"), (2, "mill"), days=days, clock=clock)
    masked = [-1.0, -1.0] if clock is None else [0.5, -1.0]
    assert column(made, "within_7_days") == masked
    assert column(made, "days")[1] == column(made, "published_after")[1] == -1.0


def test_what_is_known_of_the_question_stands_in_every_row() -> None:
    made = rows((1, "mill"), (2, "rain"), cosines=[0.7, 0.5])
    assert column(made, "question_terms") == [2.0, 2.0]
    assert column(made, "question_names") == [1.0, 1.0]
    assert column(made, "question_coverage") == [0.5, 0.5]
    assert column(made, "cosine_peak") == pytest.approx([2.0, 2.0])
