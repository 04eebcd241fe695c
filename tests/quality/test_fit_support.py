"""What the fit of the probability takes for a right first sentence, and the sentences that were checked by reading."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from qa.base.types import Evidence, Span
from qa.evaluation.judgements import JudgedBy, JudgedQuestion
from qa.evaluation.judging import Item, ItemisedQuestion

HERE = Path(__file__).parent
CHECKED = HERE / "checked" / "realtimeqa_2024.jsonl"
PLACE = Span(0, 24)
ELSEWHERE = (Item("art_2", (Span(90, 97),), 1),)


@pytest.fixture(scope="module")
def fit_support() -> ModuleType:
    return program(HERE / "fit_support.py")


def asked(*, items: tuple[Item, ...]) -> ItemisedQuestion:
    judged = JudgedQuestion("q1", "How many debates?", JudgedBy.ANSWERS, (), answers=("Two",))
    return ItemisedQuestion(judged, items, answerable=None, newest=None)


def first(quote: str) -> Evidence:
    return Evidence("art_1@0", "art_1", "", 0, PLACE, quote, score=1.0, probability=0.5)


def test_a_first_sentence_that_says_it_in_other_words_is_right_once_it_was_checked(fit_support: ModuleType) -> None:
    question, sentence = asked(items=ELSEWHERE), first("They will debate twice.")
    check = fit_support.Checked(answerable=True, sentences=frozenset({("art_1", PLACE)}))
    assert not fit_support.is_right(question, None, sentence)
    assert fit_support.is_right(question, check, sentence)


def test_the_words_of_an_answer_are_right_only_where_it_stands_in_a_judged_article(fit_support: ModuleType) -> None:
    sentence = first("Two debates are planned.")
    assert fit_support.is_right(asked(items=ELSEWHERE), None, sentence)
    assert not fit_support.is_right(asked(items=()), None, sentence)


def test_each_question_was_checked_once_and_is_answerable_where_a_sentence_answers(fit_support: ModuleType) -> None:
    lines = [json.loads(line) for line in CHECKED.read_text("utf-8").splitlines()]
    assert len(fit_support.checked("realtimeqa_2024")) == len(lines) == 183
    assert all(one["answerable"] for one in lines if one["sentences"])
