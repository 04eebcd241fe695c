from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qa.evaluation.resampling import holm, mean_interval, percentile_intervals, randomisation_p, statistic_interval


def test_the_interval_of_a_mean_is_near_the_normal_one() -> None:
    values = np.random.default_rng(1).normal(3, 2, size=400)
    low, high = mean_interval(values)
    half = 1.96 * values.std(ddof=1) / math.sqrt(400)
    assert low == pytest.approx(values.mean() - half, abs=0.03)
    assert high == pytest.approx(values.mean() + half, abs=0.03)


def test_the_same_values_have_the_same_interval() -> None:
    values = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    assert mean_interval(values) == mean_interval(values)
    assert mean_interval(np.ones(7)) == (1, 1)


def test_nothing_has_no_interval() -> None:
    assert all(map(math.isnan, mean_interval(np.zeros(0))))
    assert all(map(math.isnan, statistic_interval(lambda rows: float(rows.mean()), 0)))


def test_a_statistic_is_drawn_over_questions_and_undefined_draws_are_left_out() -> None:
    values = np.arange(50.0)
    low, high = statistic_interval(lambda rows: float(np.median(values[rows])), 50)
    assert 12 < low < 24.5 < high < 37
    low, high = statistic_interval(lambda rows: float("nan") if 0 in rows else 1.0, 3)
    assert (low, high) == (1, 1)


@pytest.mark.parametrize("n", [1, 7, 126, 9_001])  # of which the last is drawn in several blocks
def test_percentiles_have_the_intervals_that_each_has_as_a_statistic(n: int) -> None:
    values = np.random.default_rng(3).exponential(20, size=n)
    each = [statistic_interval(lambda rows, of=of: float(np.percentile(values[rows], of)), n) for of in (50, 95)]
    assert percentile_intervals(values, (50, 95)) == each
    assert all(math.isnan(end) for ends in percentile_intervals(np.zeros(0), (50, 95)) for end in ends)


def test_p_is_that_of_all_sign_flips() -> None:
    differences = np.array([0.4, 0.3, -0.1, 0.2, 0.5, 0.1, 0.3, -0.2])
    sums = [abs(np.dot(signs, differences)) for signs in itertools.product((-1, 1), repeat=8)]
    exact = sum(value >= abs(differences.sum()) - 1e-9 for value in sums) / len(sums)
    assert randomisation_p(differences) == pytest.approx(exact, abs=0.01)


def test_questions_without_a_difference_change_no_p() -> None:
    differences = np.array([0.4, 0.3, -0.1, 0.2])
    assert randomisation_p(differences) == randomisation_p(np.append(differences, np.zeros(100)))


def test_equal_runs_have_p_one_and_no_p_is_zero() -> None:
    assert randomisation_p(np.zeros(9)) == 1
    assert randomisation_p(np.ones(60), rounds=999) == 1 / 1000


def test_p_is_uniform_where_nothing_differs_but_by_chance() -> None:
    random = np.random.default_rng(5)
    found = [randomisation_p(random.normal(size=30), rounds=500, seed=draw) for draw in range(400)]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.mean(np.array(found) < 0.5) == pytest.approx(0.5, abs=0.08)


def test_holm_multiplies_by_the_tests_left_and_never_decreases() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([3 * 0.01, 2 * 0.03, 2 * 0.03])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []
