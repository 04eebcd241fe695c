"""Two rankings of one question → one, the arithmetic written out."""

from __future__ import annotations

import pytest

from qa.base.types import Hit, Ranking
from qa.search.merge import weighted_merge


def ranking(scorer: str, *hits: tuple[str, float], question: str = "q") -> Ranking:
    return Ranking(question, scorer, tuple(Hit(*hit) for hit in hits))


def test_each_ranking_is_scaled_between_its_last_and_its_best_and_weighted() -> None:
    dense = ranking("dense", ("a", 0.9), ("b", 0.85), ("d", 0.7))
    lexical = ranking("lexical", ("b", 12.0), ("c", 6.0), ("a", 3.0))
    merged = weighted_merge([(dense, 0.7), (lexical, 0.3)], k=10)
    assert [hit.passage_id for hit in merged.hits] == ["b", "a", "c", "d"]
    assert [hit.score for hit in merged.hits] == pytest.approx(
        [
            0.825,  # 0.7 x (0.85 - 0.7) / (0.9 - 0.7) + 0.3 x (12 - 3) / (12 - 3)
            0.7,  # 0.7 x (0.9 - 0.7) / (0.9 - 0.7) + 0.3 x (3 - 3) / (12 - 3)
            0.1,  # 0.3 x (6 - 3) / (12 - 3)
            0.0,  # 0.7 x (0.7 - 0.7) / (0.9 - 0.7)
        ]
    )
    assert (merged.question, merged.scorer) == ("q", "merged")


def test_ties_are_ordered_by_id_also_where_the_list_is_cut() -> None:
    tied = ranking("dense", ("a", 1.0), ("b", 1.0), ("c", 1.0))
    assert [hit.passage_id for hit in weighted_merge([(tied, 0.5)], k=2).hits] == ["a", "b"]


def test_scores_below_zero_are_scaled_as_others_are() -> None:
    merged = weighted_merge([(ranking("dense", ("a", 0.5), ("b", 0.0), ("c", -0.5)), 1.0)], k=5)
    assert [(hit.passage_id, hit.score) for hit in merged.hits] == [("a", 1.0), ("b", 0.5), ("c", 0.0)]


def test_all_passages_of_a_ranking_with_one_score_earn_its_weight() -> None:
    merged = weighted_merge([(ranking("dense", ("a", -0.1), ("b", -0.2)), 0.7), (ranking("lexical", ("b", 2.0)), 0.3)], k=5)
    assert [(hit.passage_id, hit.score) for hit in merged.hits] == [("a", 0.7), ("b", 0.3)]


def test_an_empty_ranking_adds_nothing() -> None:
    merged = weighted_merge([(ranking("dense", ("a", 0.5)), 0.7), (ranking("lexical"), 0.3)], k=5)
    assert [(hit.passage_id, hit.score) for hit in merged.hits] == [("a", 0.7)]
    assert weighted_merge([(ranking("dense"), 1.0)], k=5).hits == ()


def test_rankings_of_two_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="rankings of one question, got 2"):
        weighted_merge([(ranking("dense"), 0.7), (ranking("lexical", question="another"), 0.3)], k=5)
    with pytest.raises(ValueError, match="got 0"):
        weighted_merge([], k=5)
