from __future__ import annotations

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.measures import (
    RANKING_MEASURES,
    Bin,
    answer_f1,
    auroc,
    calibration_bins,
    coverage_at_precision,
    exact_match,
    expected_calibration_error,
    ranking_values,
    risk_coverage,
    risk_coverage_area,
)
from qa.evaluation.runs import Found, StageOutcome


def outcome(*found: tuple[int, int], missed: tuple[int, ...] = (), depth: int = 100) -> StageOutcome:
    return StageOutcome((), depth, tuple(Found(*pair) for pair in found), missed)


def values_of(held: StageOutcome) -> dict[str, float]:
    return {measure: values["q"] for measure, values in ranking_values({"q": held}).items()}


# Rankings


def test_the_first_right_hit_at_rank_three_is_worked_out_by_hand() -> None:
    values = values_of(outcome((3, 1)))
    assert values["success@1"] == 0
    assert values["success@5"] == values["success@10"] == values["success@50"] == 1
    assert values["MRR@10"] == pytest.approx(1 / 3)
    assert values["nDCG@10"] == pytest.approx(1 / math.log2(4))
    assert values["MAP@100"] == pytest.approx(1 / 3)
    assert values["recall@10"] == values["recall@100"] == 1


def test_two_items_of_different_grade_and_one_missed_are_worked_out_by_hand() -> None:
    values = values_of(outcome((1, 1), (4, 2), missed=(1,)))
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert values["nDCG@10"] == pytest.approx((1 / math.log2(2) + 2 / math.log2(5)) / ideal)
    assert values["MAP@100"] == pytest.approx((1 / 1 + 2 / 4) / 3)
    assert values["recall@10"] == pytest.approx(2 / 3)


def test_a_cut_leaves_out_what_is_ranked_behind_it() -> None:
    values = values_of(outcome((10, 1), (11, 1), (51, 1)))
    assert values["recall@10"] == pytest.approx(1 / 3)
    assert values["recall@100"] == 1
    assert values["MRR@10"] == pytest.approx(1 / 10)
    assert values_of(outcome((11, 1)))["MRR@10"] == 0
    assert values_of(outcome((51, 1)))["success@50"] == 0


def test_a_question_that_nothing_was_ranked_for_scores_zero_and_is_counted() -> None:
    values = ranking_values({"found": outcome((1, 1)), "forgotten": outcome(missed=(1,), depth=0)})
    assert set(values) == set(RANKING_MEASURES)
    for by_question in values.values():
        assert by_question == {"found": 1.0, "forgotten": 0.0}


def test_nothing_ranked_for_any_question_scores_zero() -> None:
    assert ranking_values({"q": outcome(missed=(1, 2))})["nDCG@10"] == {"q": 0.0}


@given(st.lists(st.sampled_from([0, 1, 2, 3]), min_size=1, max_size=60), st.integers(0, 3))
def test_a_ranking_of_documents_has_the_values_ir_measures_gives_it(grades: list[int], missed: int) -> None:
    qrels = [ir_measures.Qrel("q", f"d{rank}", grade) for rank, grade in enumerate(grades)]
    qrels += [ir_measures.Qrel("q", f"m{number}", 1) for number in range(missed)]
    run = [ir_measures.ScoredDoc("q", f"d{rank}", -float(rank)) for rank in range(len(grades))]
    expected = {metric.measure: metric.value for metric in ir_measures.iter_calc(list(RANKING_MEASURES.values()), qrels, run)}
    found = [(rank, grade) for rank, grade in enumerate(grades, start=1) if grade]
    values = values_of(outcome(*found, missed=(1,) * missed))
    for name, measure in RANKING_MEASURES.items():
        assert values[name] == pytest.approx(expected.get(measure, 0.0))


# Answers: the cases are the rules of SQuAD's evaluate-v2.0.py


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("The Denver Broncos!", ["Denver Broncos"], 1),  # article, punctuation and case do not count
        ("a an the", [""], 1),  # nothing is left of it
        ("Denver", ["Denver Broncos"], 0),
        ("1,100 passengers", ["1100 passengers"], 1),
        ("10–24", ["1024"], 0),  # an en dash is no ASCII punctuation
        ("Broncos", ["Panthers", "Broncos"], 1),  # any of them
        ("", [], 1),  # no answer, and none given
        ("something", [], 0),
        ("", ["Broncos"], 0),
        ("theatre", ["atre"], 0),  # "the" only as a word
    ],
)
def test_exact_match_follows_squad(prediction: str, answers: list[str], expected: float) -> None:
    assert exact_match(prediction, answers) == expected


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("cold grey harbour", ["grey harbour wall"], 2 * (2 / 3) * (2 / 3) / (2 / 3 + 2 / 3)),
        ("the grey grey sea", ["grey sea"], 2 * (2 / 3) * 1 / (2 / 3 + 1)),  # a word counts as often as both have it
        ("sea", ["wall", "the sea"], 1),
        ("sea", ["wall"], 0),
        ("", [], 1),
        ("sea", [], 0),
        ("the", ["sea"], 0),
        ("sea", ["the", "sea wall"], 2 * 1 * 0.5 / 1.5),  # an answer of which nothing is left is none
    ],
)
def test_f1_follows_squad(prediction: str, answers: list[str], expected: float) -> None:
    assert answer_f1(prediction, answers) == pytest.approx(expected)


# Probabilities

PROBABILITIES = np.array([0.9, 0.9, 0.8, 0.1])
RIGHT = np.array([True, False, True, False])


def test_auroc_counts_pairs_and_half_of_ties() -> None:
    # right 0.9 against wrong 0.9: half, against 0.1: one; right 0.8 against 0.9: none, against 0.1: one
    assert auroc(PROBABILITIES, RIGHT) == pytest.approx((0.5 + 1 + 0 + 1) / 4)


def test_auroc_without_both_kinds_is_not_a_number() -> None:
    assert math.isnan(auroc(PROBABILITIES, np.ones(4, dtype=bool)))
    assert math.isnan(auroc(np.zeros(0), np.zeros(0, dtype=bool)))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=2, max_size=40))
def test_auroc_is_the_share_of_pairs_in_order(drawn: list[tuple[float, bool]]) -> None:
    positive = [score for score, is_positive in drawn if is_positive]
    negative = [score for score, is_positive in drawn if not is_positive]
    found = auroc(np.array([score for score, _ in drawn]), np.array([is_positive for _, is_positive in drawn]))
    if positive and negative:
        pairs = [(a > b) + 0.5 * (a == b) for a in positive for b in negative]
        assert found == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert math.isnan(found)


def test_risk_is_the_share_wrong_of_those_answered_and_equals_are_answered_together() -> None:
    coverage, risk = risk_coverage(PROBABILITIES, RIGHT)
    assert coverage.tolist() == [2 / 4, 3 / 4, 4 / 4]
    assert risk.tolist() == [1 / 2, 1 / 3, 2 / 4]


def test_the_area_weights_each_risk_by_the_coverage_it_adds() -> None:
    assert risk_coverage_area(PROBABILITIES, RIGHT) == pytest.approx(0.5 * 1 / 2 + 0.25 * 1 / 3 + 0.25 * 1 / 2)
    assert math.isnan(risk_coverage_area(np.zeros(0), np.zeros(0, dtype=bool)))


def test_coverage_at_a_precision_is_the_largest_share_that_keeps_it() -> None:
    assert coverage_at_precision(PROBABILITIES, RIGHT, precision=0.6) == 3 / 4  # two of three are right
    assert coverage_at_precision(PROBABILITIES, RIGHT, precision=0.9) == 0
    nine_of_ten = np.arange(10) != 0
    assert coverage_at_precision(np.full(10, 0.5), nine_of_ten) == 1  # exactly 90 %


def test_bins_hold_their_lower_edge_and_one_is_in_the_last() -> None:
    bins = calibration_bins(np.array([0.0, 0.5, 0.99, 1.0]), np.array([False, True, True, False]), bins=2)
    assert bins == [Bin(0.0, 0.5, 1, 0.0, 0.0), Bin(0.5, 1.0, 3, pytest.approx((0.5 + 0.99 + 1) / 3), pytest.approx(2 / 3))]


def test_the_calibration_error_is_the_mean_gap_by_how_many_a_bin_holds() -> None:
    # [0.8, 1]: mean probability (0.9 + 0.9 + 0.8) / 3, two of three right; [0, 0.2): 0.1, none of one right
    gap = abs((0.9 + 0.9 + 0.8) / 3 - 2 / 3)
    assert expected_calibration_error(PROBABILITIES, RIGHT, bins=5) == pytest.approx(3 / 4 * gap + 1 / 4 * 0.1)
    assert math.isnan(expected_calibration_error(np.zeros(0), np.zeros(0, dtype=bool)))
