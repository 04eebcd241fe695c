"""Slices: which group a question is in, and what counts in its shares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.base.stages import ANSWER, READ
from qa.base.types import Status
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.report.slices import Group, Share, slices
from qa.evaluation.runs import (
    AnswerOutcome,
    DatasetFacts,
    Found,
    QuestionOutcome,
    Run,
    RunFacts,
    StageOutcome,
)

FOUND_THIRD = StageOutcome(hits=(), depth=10, found=(Found(3, 1),), missed=())
FOUND_NINTH = StageOutcome(hits=(), depth=10, found=(Found(9, 1),), missed=())
RIGHT = AnswerOutcome(Status.ANSWERED, 0.9, True, 1, 1, 1, None, None)
ABSTAINED = AnswerOutcome(Status.NOT_FOUND, 0.1, False, 0, 0, 0, None, None)
QUESTION = QuestionOutcome(
    id="q",
    judged_by=JudgedBy.SPANS,
    answerable=True,
    items=1,
    stages={"merged": FOUND_THIRD},
    answer=RIGHT,
    timings_ms={},
    wording_f1=None,
    question_word="who",
    words=7,
    answer_type="name",
    age_days=3,
    kind="fact",
)
FACTS = RunFacts(
    name="run",
    created_at="2025-03-08T12:00:00+00:00",
    version="0.1.0",
    dataset=DatasetFacts("set", "set.jsonl", "spans", "d" * 64, 1, ()),
    index=None,
    settings={},
    stages=("merged", READ, ANSWER),
    read_passages=5,
    wording="question",
    source="qa",
    limit=None,
    seconds=1.0,
    processors=2,
    notes=(),
)


def run(*outcomes: QuestionOutcome, stages: tuple[str, ...] = FACTS.stages) -> Run:
    named = tuple(replace(outcome, id=f"q{number}") for number, outcome in enumerate(outcomes, start=1))
    return Run(replace(FACTS, stages=stages), named)


def groups(held: Run, by: str, **sources: str) -> dict[str, Group]:
    (found,) = [slicing for slicing in slices(held, source_of=sources.get) if slicing.by == by]
    return {group.name: group for group in found.groups}


def test_questions_are_in_the_group_of_their_word_the_largest_first() -> None:
    held = run(replace(QUESTION, question_word="when"), QUESTION, QUESTION)
    found = groups(held, "question word")
    assert [(name, group.question_ids) for name, group in found.items()] == [("who", ("q2", "q3")), ("when", ("q1",))]


def test_what_puts_all_questions_into_one_group_is_left_out() -> None:
    assert slices(run(QUESTION, QUESTION), source_of=lambda _: None) == ()


def test_ranges_are_in_their_order_and_the_unknown_last() -> None:
    held = run(*(replace(QUESTION, age_days=days) for days in (None, 400, 0, 7, 8, -1)))
    assert list(groups(held, "article age")) == [
        "published later",
        "up to a day",
        "2–7 days",
        "8–30 days",
        "over a year",
        "not known",
    ]


@pytest.mark.parametrize(("words", "name"), [(5, "up to 5 words"), (6, "6–8 words"), (15, "12–15 words"), (16, "over 15 words")])
def test_a_length_at_the_edge_is_in_the_range_that_names_it(words: int, name: str) -> None:
    other = 10 if words != 10 else 6
    assert groups(run(replace(QUESTION, words=words), replace(QUESTION, words=other)), "question length")[name].question_ids == (
        "q1",
    )


def test_the_source_is_that_of_the_questions_article() -> None:
    found = groups(run(QUESTION, QUESTION, QUESTION), "source", q1="The Post", q3="The Post")
    assert {name: group.question_ids for name, group in found.items()} == {"The Post": ("q1", "q3"), "not known": ("q2",)}


def test_the_smallest_of_many_groups_are_one() -> None:
    held = run(*(replace(QUESTION, kind=f"kind {number:02}") for number in range(20)), QUESTION)
    found = groups(held, "kind")
    assert list(found)[:2] == ["fact", "kind 00"]
    assert list(found)[-1] == "10 others"
    assert len(found["10 others"].question_ids) == 10


def test_found_counts_the_passages_that_were_read_and_only_questions_with_something_to_find() -> None:
    late = replace(QUESTION, stages={"merged": FOUND_NINTH}, question_word="when")
    nothing = replace(QUESTION, items=0, answerable=False, answer=ABSTAINED)
    found = groups(run(QUESTION, late, nothing), "question word")
    assert found["who"].found == Share(1, 1)  # rank 3 of the 5 that were read; the unanswerable one does not count
    assert found["when"].found == Share(0, 1)
    assert found["who"].answered == Share(1, 2)


def test_a_question_the_run_forgot_counts_as_failed() -> None:
    forgotten = replace(QUESTION, stages={}, answer=None, question_word="when")
    group = groups(run(QUESTION, forgotten), "question word")["when"]
    assert (group.found, group.best_right, group.answered) == (Share(0, 1), Share(0, 1), Share(0, 1))


def test_a_run_that_only_searched_says_nothing_of_answers() -> None:
    searched = replace(QUESTION, answer=None)
    group = groups(run(searched, replace(searched, question_word="when"), stages=("merged",)), "question word")["who"]
    assert (group.found, group.best_right, group.answered) == (Share(1, 1), Share(0, 0), Share(0, 0))


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = Share(8, 10).interval
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))  # R: prop.test(8, 10, correct=FALSE)
    assert Share(10, 10).interval[1] == pytest.approx(1)
