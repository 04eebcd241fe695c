from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from qa.base.stages import ANSWER, READ
from qa.base.types import Status
from qa.evaluation.figures import decisions, figures, losses, question_values
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.runs import (
    AnswerOutcome,
    DatasetFacts,
    Found,
    QuestionOutcome,
    Run,
    RunFacts,
    StageOutcome,
    StatementsOutcome,
)

STAGES = ("dense", "lexical", "merged", READ, ANSWER)


def stage(rank: int | None, *, items: int = 1, any_article: int | None = None) -> StageOutcome:
    found = (Found(rank, 1),) if rank else ()
    return StageOutcome((), 100, found, (1,) * (items - len(found)), any_article)


def answer(
    status: Status, probability: float, *, best_right: bool, cited: int = 0, right: int = 0, f1: float | None = None
) -> AnswerOutcome:
    return AnswerOutcome(status, probability, best_right, cited, right, cited, f1, f1)


def question(
    id_: str,
    ranks: Mapping[str, int | None],
    outcome: AnswerOutcome | None,
    *,
    items: int = 1,
    answerable: bool | None = True,
    by: JudgedBy = JudgedBy.SPANS,
    any_article: int | None = None,
    milliseconds: float = 10.0,
) -> QuestionOutcome:
    stages = {name: stage(rank, items=items, any_article=any_article) for name, rank in ranks.items()}
    return QuestionOutcome(id_, by, answerable, items, stages, outcome, {"total": milliseconds}, None, "who", 3, None, None, None)


def run_of(*outcomes: QuestionOutcome, stages: tuple[str, ...] = STAGES, read_passages: int | None = 5) -> Run:
    dataset = DatasetFacts("harbour", "harbour", "spans", "d1", len(outcomes), ())
    facts = RunFacts(
        "run", "2026-01-01T00:00:00+00:00", "0", dataset, None, {}, stages, read_passages, "question", "qa", None, 2.0, 2, ()
    )
    return Run(facts, outcomes)


RIGHT = question(
    "right",
    {"dense": 2, "lexical": 1, "merged": 1, READ: 1, ANSWER: 1},
    answer(Status.ANSWERED, 0.9, best_right=True, cited=2, right=1, f1=0.5),
)
HELD_BACK = question(
    "held back",
    {"dense": 4, "lexical": 4, "merged": 4, READ: 1, ANSWER: None},
    answer(Status.NOT_FOUND, 0.1, best_right=True, f1=0.0),
)
MISREAD = question(
    "misread",
    {"dense": 5, "lexical": None, "merged": 5, READ: 3, ANSWER: None},
    answer(Status.WEAK, 0.4, best_right=False, cited=1, f1=0.0),
)
OUTRANKED = question(
    "outranked",
    {"dense": 9, "lexical": None, "merged": 6, READ: None, ANSWER: None},
    answer(Status.WEAK, 0.3, best_right=False, cited=1),
)
UNSEARCHED = question(
    "unsearched",
    {"dense": None, "lexical": None, "merged": None, READ: None, ANSWER: None},
    answer(Status.NOT_FOUND, 0.0, best_right=False),
)
FORGOTTEN = question("forgotten", {}, answer(Status.NOT_FOUND, 0.0, best_right=False, f1=0.0))
UNANSWERABLE = question(
    "unanswerable",
    {"dense": None, "lexical": None, "merged": None, READ: None, ANSWER: None},
    answer(Status.NOT_FOUND, 0.2, best_right=False, f1=1.0),
    items=0,
    answerable=False,
)
UNKNOWN = question("unknown", {"merged": None}, answer(Status.WEAK, 0.5, best_right=False, cited=1), items=0, answerable=None)
RUN = run_of(RIGHT, HELD_BACK, MISREAD, OUTRANKED, UNSEARCHED, FORGOTTEN, UNANSWERABLE, UNKNOWN)


def value(run: Run, stage_name: str, measure: str) -> tuple[float, int]:
    found = next(figure for figure in figures(run) if (figure.stage, figure.measure) == (stage_name, measure))
    return found.value, found.n


def test_ranking_measures_count_every_question_with_something_to_find_the_forgotten_one_too() -> None:
    assert value(RUN, "merged", "success@5") == (3 / 6, 6)
    assert value(RUN, "merged", "MRR@10") == (pytest.approx((1 + 1 / 4 + 1 / 5 + 1 / 6) / 6), 6)
    assert value(RUN, "lexical", "success@1") == (1 / 6, 6)


def test_answers_are_judged_by_their_citations() -> None:
    assert value(RUN, ANSWER, "accuracy@1") == (2 / 6, 6)
    assert value(RUN, ANSWER, "answered") == (3 / 6, 6)
    assert value(RUN, ANSWER, "citation precision") == (pytest.approx((1 / 2 + 0 + 0) / 3), 3)
    assert value(RUN, ANSWER, "citation recall") == (1 / 6, 6)
    assert value(RUN, ANSWER, "citation F1") == (pytest.approx(2 * 0.5 * 1 / 1.5 / 6), 6)
    assert value(RUN, ANSWER, "exact citations") == (1, 4)
    assert value(RUN, ANSWER, "F1") == (pytest.approx((0.5 + 0 + 0 + 0 + 1) / 5), 5)


def test_a_decision_is_right_that_cites_the_answer_or_rightly_abstains_and_a_forgotten_question_decides_nothing() -> None:
    assert value(RUN, ANSWER, "decision accuracy") == (2 / 7, 7)  # right, and unanswerable
    unasked = question("unasked", {}, answer(Status.NOT_FOUND, 0.0, best_right=False), items=0, answerable=False)
    assert value(run_of(RIGHT, unasked), ANSWER, "decision accuracy") == (1 / 2, 2)


def test_abstaining_is_measured_over_the_questions_of_which_it_is_known_what_is_right() -> None:
    assert value(RUN, ANSWER, "abstention precision") == (1 / 3, 3)  # held back, unsearched, unanswerable
    assert value(RUN, ANSWER, "abstention recall") == (1, 1)
    held = decisions(RUN)
    assert held.ids == ("right", "held back", "misread", "outranked", "unsearched", "forgotten", "unanswerable")
    assert held.probabilities.tolist() == [0.9, 0.1, 0.4, 0.3, 0.0, 0.0, 0.2]
    assert held.right.tolist() == [True, True, False, False, False, False, False]
    # 0.9, 0.4, 0.3 are above 0.2; 0.1, 0.0, 0.0 below
    assert value(RUN, ANSWER, "abstention AUROC") == (pytest.approx(3 / 6), 7)
    # right: 0.9 is above all five, 0.1 above two
    assert value(RUN, ANSWER, "confidence AUROC") == (pytest.approx(7 / 10), 7)
    assert value(RUN, ANSWER, "coverage at 90 % precision") == (pytest.approx(1 / 7), 7)


def test_a_citation_that_is_not_exact_shows() -> None:
    wrong = AnswerOutcome(Status.ANSWERED, 0.9, True, 2, 2, 1, None, None)
    run = run_of(question("q", dict.fromkeys(STAGES, 1), wrong))
    assert value(run, ANSWER, "exact citations") == (0.5, 1)


def test_any_article_is_told_for_sets_with_answer_strings_alone() -> None:
    elsewhere = question("q", {"merged": None}, None, by=JudgedBy.ANSWERS, any_article=4)
    run = run_of(elsewhere, RIGHT, stages=("merged",))
    assert value(run, "merged", "success@5, any article") == (1, 1)
    assert value(run, "merged", "success@1, any article") == (0, 1)
    assert not any("any article" in measure for _, measure in question_values(run_of(RIGHT)))


def test_latency_is_in_milliseconds_and_throughput_in_questions_a_second() -> None:
    outcomes = [question(str(number), {"merged": 1}, None, milliseconds=float(number)) for number in range(101)]
    run = run_of(*outcomes, stages=("merged",))
    assert value(run, "time", "total p50, ms") == (50, 101)
    assert value(run, "time", "total p95, ms") == (95, 101)
    assert value(run, "time", "questions a second") == (101 / 2, 101)


def test_every_figure_lies_in_its_interval() -> None:
    for figure in figures(RUN):
        assert figure.n > 0
        assert math.isnan(figure.low) or figure.low <= figure.value <= figure.high, figure


def test_each_answer_is_lost_by_the_first_stage_that_lost_it() -> None:
    assert {loss.stage: loss.question_ids for loss in losses(RUN)} == {
        "search": ("unsearched", "forgotten"),
        "merged": ("outranked",),
        READ: ("misread",),
        ANSWER: ("held back",),
        "found": ("right",),
    }


def test_without_reading_an_answer_is_lost_behind_the_first_ten() -> None:
    eleventh = question("eleventh", {"dense": 3, "merged": 11}, None)
    run = run_of(OUTRANKED, eleventh, UNSEARCHED, stages=("dense", "merged"), read_passages=None)
    assert {loss.stage: loss.question_ids for loss in losses(run)} == {
        "search": ("unsearched",),
        "merged": ("eleventh",),
        "found": ("outranked",),
    }


def test_a_set_without_judgements_has_figures_of_time_alone() -> None:
    run = run_of(question("q", {"merged": None}, None, items=0, answerable=None), stages=("merged",))
    assert {figure.stage for figure in figures(run)} == {"time"}
    assert all(loss.question_ids == () for loss in losses(run))


def test_statements_have_an_accuracy_and_an_f1_over_all_questions() -> None:
    outcomes = [
        question(
            id_, {ANSWER: 1}, replace(answer(Status.ANSWERED, 0.9, best_right=True, cited=1, right=1), statements=statements)
        )
        for id_, statements in (
            ("one", StatementsOutcome(leads=True, right=2, false=1, missed=0)),
            ("two", StatementsOutcome(leads=False, right=0, false=0, missed=1)),
        )
    ]
    found = {figure.measure: figure for figure in figures(run_of(*outcomes)) if figure.stage == ANSWER}
    assert (found["statement accuracy"].value, found["statement accuracy"].n) == (0.5, 2)
    assert found["relation F1"].value == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))


def test_a_set_without_judged_statements_has_no_figures_of_them() -> None:
    measures = {figure.measure for figure in figures(run_of(RIGHT, HELD_BACK))}
    assert measures.isdisjoint({"statement accuracy", "relation F1"})
