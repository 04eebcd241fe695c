"""Curves: recall by depth, probabilities by what they turned out to be, and latencies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.evaluation.figures import Decisions
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.report.curves import Latency, latencies, probabilities_by_outcome, recall_by_depth
from qa.evaluation.runs import DatasetFacts, Found, QuestionOutcome, Run, RunFacts, StageOutcome

QUESTION = QuestionOutcome(
    id="q1",
    judged_by=JudgedBy.SPANS,
    answerable=True,
    items=2,
    stages={"merged": StageOutcome((), 100, (Found(1, 1), Found(20, 1)), ())},
    answer=None,
    timings_ms={},
    wording_f1=None,
    question_word="who",
    words=4,
    answer_type="name",
    age_days=None,
    kind=None,
)
FACTS = RunFacts(
    name="run",
    created_at="2025-03-08T12:00:00+00:00",
    version="0.1.0",
    dataset=DatasetFacts("mill", "mill.jsonl", "spans", "d" * 64, 1, ()),
    index=None,
    settings={},
    stages=("merged",),
    read_passages=None,
    wording="question",
    source="qa",
    limit=None,
    seconds=1.0,
    processors=2,
    notes=(),
)


def test_recall_grows_where_something_is_found_and_counts_what_was_missed_or_forgotten() -> None:
    missed_one = replace(QUESTION, id="q2", stages={"merged": StageOutcome((), 100, (Found(5, 1),), (1,))})
    forgotten = replace(QUESTION, id="q3", stages={})
    nothing_to_find = replace(QUESTION, id="q4", items=0, stages={"merged": StageOutcome((), 100, (), ())})
    recall = recall_by_depth(Run(FACTS, (QUESTION, missed_one, forgotten, nothing_to_find)), "merged")
    assert recall.shape == (100,)
    assert recall[[0, 3, 4, 18, 19, 99]] == pytest.approx(np.array([0.5, 0.5, 1.0, 1.0, 1.5, 1.5]) / 3)


def test_what_was_found_behind_the_hundredth_hit_is_not_drawn() -> None:
    deep = replace(QUESTION, stages={"merged": StageOutcome((), 200, (Found(101, 1),), ())})
    assert recall_by_depth(Run(FACTS, (deep,)), "merged")[-1] == 0


def test_probabilities_are_told_apart_by_what_the_sentence_turned_out_to_be() -> None:
    held = Decisions(
        ("a", "b", "c"),
        np.array([0.9, 0.6, 0.3]),
        right=np.array([True, False, False]),
        answerable=np.array([True, True, False]),
    )
    assert {name: list(values) for name, values in probabilities_by_outcome(held).items()} == {
        "right": [0.9],
        "wrong": [0.6],
        "unanswerable": [0.3],
    }


def test_latencies_are_over_the_questions_that_had_the_step_and_the_total_is_last() -> None:
    short = replace(QUESTION, timings_ms={"total": 2.0})
    whole = replace(QUESTION, id="q2", timings_ms={"search": 5.0, "total": 12.0})
    assert latencies(Run(FACTS, (short, whole))) == (Latency("search", 5.0, 5.0), Latency("total", 7.0, 11.5))
