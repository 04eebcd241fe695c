from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from qa.base.errors import RunError
from qa.base.stages import ANSWER
from qa.base.types import Status
from qa.evaluation.compare import Difference, compare, compare_all
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.runs import AnswerOutcome, DatasetFacts, Found, QuestionOutcome, Run, RunFacts, StageOutcome


def run_of(name: str, ranks: Mapping[str, Sequence[int | None]], *, right: Sequence[bool] | None = None) -> Run:
    """Stage → the rank of each question's answer; `right` adds answers of which these were right."""
    count = len(next(iter(ranks.values())))
    stages = (*ranks, ANSWER) if right is not None else tuple(ranks)
    dataset = DatasetFacts("harbour", "harbour", "spans", "d1", count, ())
    facts = RunFacts(name, "2026-01-01T00:00:00+00:00", "0", dataset, None, {}, stages, 5, "question", "qa", None, 1.0, 2, ())
    return Run(facts, tuple(_outcome(number, ranks, right) for number in range(count)))


def _outcome(number: int, ranks: Mapping[str, Sequence[int | None]], right: Sequence[bool] | None) -> QuestionOutcome:
    stages = {
        stage: StageOutcome((), 100, (Found(rank, 1),) if (rank := held[number]) else (), () if held[number] else (1,))
        for stage, held in ranks.items()
    }
    answer = None
    if right is not None:
        is_right = right[number]
        stages[ANSWER] = StageOutcome((), 1, (Found(1, 1),) if is_right else (), () if is_right else (1,))
        answer = AnswerOutcome(Status.ANSWERED, 0.9 if is_right else 0.4, is_right, 1, int(is_right), 1, None, None)
    return QuestionOutcome(f"q{number}", JudgedBy.SPANS, True, 1, stages, answer, {}, None, "who", 3, None, None, None)


def difference(run: Run, other: Run, measure: str) -> Difference:
    return next(one for one in compare(run, other).differences if one.measure == measure)


def test_a_difference_is_the_mean_over_the_same_questions_with_wins_and_losses() -> None:
    old, new = run_of("old", {"merged": [1, 2, None, 1]}), run_of("new", {"merged": [1, 1, 4, 2]})
    found = difference(old, new, "MRR@10")
    assert found.baseline == pytest.approx((1 + 1 / 2 + 0 + 1) / 4)
    assert found.value == pytest.approx((1 + 1 + 1 / 4 + 1 / 2) / 4)
    assert found.difference == pytest.approx(found.value - found.baseline)
    assert (found.wins, found.losses, found.n) == (2, 1, 4)
    assert found.low < found.difference < found.high


def test_a_plain_loss_is_a_regression_and_noise_is_none() -> None:
    old = run_of("old", {"merged": [1] * 40})
    worse = compare(old, run_of("new", {"merged": [None] * 30 + [1] * 10}))
    assert {one.measure for one in worse.regressions} == {"success@5", "MRR@10"}
    noise = compare(old, run_of("new", {"merged": [2] + [1] * 39}))
    assert noise.differences and noise.regressions == []


def test_a_plain_win_is_significant_and_no_regression() -> None:
    comparison = compare(run_of("old", {"merged": [None] * 30}), run_of("new", {"merged": [1] * 30}))
    assert all(one.is_significant for one in comparison.differences)
    assert comparison.regressions == []


def test_a_larger_risk_is_worse() -> None:
    ranks = {"merged": [1] * 60}
    mixed = [True, False] * 30
    area_alone = ["risk-coverage area"]
    comparison = compare(run_of("old", ranks, right=[True] * 60), run_of("new", ranks, right=mixed), judged_by=area_alone)
    area = next(one for one in comparison.differences if one.measure == "risk-coverage area")
    assert (area.baseline, area.wins, area.losses) == (0, 0, 0)
    assert area.value == pytest.approx(0.5 * 0 + 0.5 * 0.5)  # the right half has risk 0, the rest 0.5
    assert comparison.regressions == [area]


def test_holm_counts_the_measures_that_differ_and_names_the_others() -> None:
    old, new = run_of("old", {"dense": [1] * 9, "merged": [1] * 9}), run_of("new", {"dense": [1] * 9, "merged": [2] * 8 + [1]})
    comparison = compare(old, new)
    assert {one.measure for one in comparison.differences} == {"success@1", "MRR@10", "nDCG@10"}
    assert ("dense", "MRR@10") in comparison.unchanged and ("merged", "success@5") in comparison.unchanged
    corrections = {one.measure: one.p_holm / one.p for one in comparison.differences}
    assert corrections["MRR@10"] == pytest.approx(1)  # the only one that judges and differs
    assert max(corrections["success@1"], corrections["nDCG@10"]) == pytest.approx(2)


def test_five_measures_judge_a_run_and_the_others_fail_nothing() -> None:
    ranks = {"dense": [1] * 40, "merged": [1] * 40}
    old = run_of("old", ranks, right=[True] * 40)
    new = run_of("new", {"dense": [None] * 40, "merged": [1] * 40}, right=[True] * 40)
    comparison = compare(old, new)
    assert comparison.judged_by == (("merged", "success@5"), ("merged", "MRR@10"), ("answer", "accuracy@1"))
    assert {one.stage for one in comparison.differences} == {"dense"} and all(one.is_worse for one in comparison.differences)
    assert comparison.regressions == []
    (chosen,) = compare(old, new, judged_by=["dense: recall@100"]).regressions
    assert chosen.name == ("dense", "recall@100")
    assert compare(old, new, only=["dense: recall@100"]).regressions == [chosen]


def test_a_loss_in_one_of_five_is_found_though_many_measures_overlap() -> None:
    lost = [None] * 7 + [1] * 33  # p = 1/64: corrected for all measures that change with it, it is no loss
    found = compare(run_of("old", {"dense": [1] * 40, "merged": [1] * 40}), run_of("new", {"dense": lost, "merged": lost}))
    assert [one.measure for one in found.regressions] == ["success@5", "MRR@10"]
    assert max(one.p_holm for one in found.differences) > 0.05


def test_a_run_without_the_five_is_judged_by_none_of_its_measures() -> None:
    run = run_of("read", {"read": [1, 2]})
    assert compare(run, run_of("again", {"read": [1, 1]})).judged_by == ()


def test_equal_runs_differ_in_nothing() -> None:
    run = run_of("same", {"merged": [1, 2, None]}, right=[True, False, True])
    comparison = compare(run, run)
    assert comparison.differences == () and comparison.won == () and comparison.lost == ()
    assert ("answer", "decision accuracy") in comparison.unchanged


def test_questions_are_won_and_lost_by_what_was_answered_the_largest_change_first() -> None:
    ranks = {"merged": [1, 1, 1, 1]}
    comparison = compare(
        run_of("old", ranks, right=[True, True, False, False]), run_of("new", ranks, right=[True, False, True, True])
    )
    assert comparison.decided_by == ("answer", "decision accuracy")
    assert (comparison.won, comparison.lost) == (("q2", "q3"), ("q1",))
    by_rank = compare(run_of("old", {"merged": [2, 5, 1]}), run_of("new", {"merged": [1, 1, None]}))
    assert by_rank.decided_by == ("merged", "MRR@10")
    assert (by_rank.won, by_rank.lost) == (("q1", "q0"), ("q2",))


def test_only_the_measures_asked_for_are_compared() -> None:
    old, new = run_of("old", {"dense": [1, 2], "merged": [1, 2]}), run_of("new", {"dense": [2, 2], "merged": [2, 2]})
    chosen = compare(old, new, only=["merged: MRR@10", "success@1"])
    assert [(one.stage, one.measure) for one in chosen.differences] == [
        ("dense", "success@1"),
        ("merged", "success@1"),
        ("merged", "MRR@10"),
    ]
    with pytest.raises(RunError, match=r"'MRR' is not compared; what both runs have is dense: success@1, "):
        compare(old, new, only=["MRR"])


def test_somebodys_stage_is_held_against_our_last_searching_one() -> None:
    comparison = compare(run_of("bm25s", {"bm25s": [2, 2]}), run_of("ours", {"dense": [None, 3], "merged": [1, 1]}))
    assert {one.stage for one in comparison.differences} == {"bm25s / merged"}
    assert next(one for one in comparison.differences if one.measure == "MRR@10").difference == pytest.approx(0.5)


def test_runs_of_different_sets_or_questions_are_refused_with_counts() -> None:
    run = run_of("old", {"merged": [1, 1, 1]})
    other_set = replace(run, facts=replace(run.facts, dataset=replace(run.facts.dataset, digest="d2")))
    with pytest.raises(RunError, match="runs of different sets"):
        compare(run, other_set)
    with pytest.raises(RunError, match="1 are only in the first, 0 only in the second, 2 in both"):
        compare(run, run_of("new", {"merged": [1, 1]}))


def test_runs_without_a_common_measure_are_refused() -> None:
    searched, answered = run_of("a", {"merged": [1]}), run_of("b", {"merged": [1]})
    with pytest.raises(RunError, match="have no stage and measure in common"):
        compare(replace(searched, facts=replace(searched.facts, stages=())), answered)


def test_every_further_run_is_held_against_the_first() -> None:
    runs = [run_of(name, {"merged": ranks}) for name, ranks in (("a", [1, 1]), ("b", [2, 1]), ("c", [1, 3]))]
    assert [(one.baseline, one.name, one.lost) for one in compare_all(runs)] == [("a", "b", ("q0",)), ("a", "c", ("q1",))]


def test_no_figure_of_a_comparison_is_undefined() -> None:
    ranks = {"merged": [1] * 20}
    comparison = compare(
        run_of("a", ranks, right=[True] * 10 + [False] * 10), run_of("b", ranks, right=[False] * 5 + [True] * 15)
    )
    for one in comparison.differences:
        assert not any(math.isnan(value) for value in (one.value, one.low, one.high, one.p, one.p_holm))
        assert one.low <= one.difference <= one.high
