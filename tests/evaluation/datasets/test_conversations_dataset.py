"""Conversations: one question a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.base.types import Span
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement

if TYPE_CHECKING:
    from conftest import SetFolder

TEXT = "The lamp is high. It turns."


def _turn(question: str, **fields: object) -> dict[str, object]:
    return {"question": question, "rewrite": f"{question[:-1]} on the pier?", "answers": [], **fields}


def test_each_turn_is_a_question_with_those_before_it_and_the_human_wording(folder: SetFolder) -> None:
    turns = [_turn("Is there a lamp?", answers=["Yes."]), _turn("Does it turn?"), _turn("Why?", article_id=None, evidence=[])]
    folder.lines("conversations.jsonl.gz", {"id": "c1", "topic": "Lamps", "turns": turns})
    harbour = read_dataset(folder.path)
    assert (harbour.format, harbour.articles, harbour.notes) == ("records", None, ())
    assert harbour.questions[0] == JudgedQuestion(
        "c1_1",
        "Is there a lamp?",
        JudgedBy.ARTICLES,
        (),
        answers=("Yes.",),
        answerable=None,
        standalone_question="Is there a lamp on the pier?",
    )
    assert [(question.id, question.earlier_questions) for question in harbour.questions[1:]] == [
        ("c1_2", ("Is there a lamp?",)),
        ("c1_3", ("Is there a lamp?", "Does it turn?")),
    ]


def test_evidence_that_is_the_whole_article_judges_the_article_and_a_part_the_span(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    turns = [
        _turn("Is it high?", article_id="lamp", evidence=[{"article_id": "lamp", "text": TEXT}]),
        _turn("Does it turn?", article_id="lamp", evidence=[{"article_id": "lamp", "text": "It turns."}]),
        _turn("Is it old?", article_id="lamp"),
    ]
    folder.lines("conversations.jsonl", {"id": "c1", "turns": turns})
    whole = (JudgedBy.ARTICLES, (Judgement("lamp", None, 1),), True)
    assert [
        (question.judged_by, question.judgements, question.answerable) for question in read_dataset(folder.path).questions
    ] == [
        whole,
        (JudgedBy.SPANS, (Judgement("lamp", Span(18, 27), 1, "It turns."),), True),
        whole,
    ]


def test_turns_whose_evidence_is_not_there_are_noted(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    turns = [
        _turn("Is it high?", article_id="lamp", evidence=[{"article_id": "lamp", "text": "It rains."}]),
        _turn("Is it old?", article_id="crane"),
    ]
    folder.lines("conversations.jsonl", {"id": "c1", "turns": turns})
    harbour = read_dataset(folder.path)
    assert [(question.judgements, question.answerable) for question in harbour.questions] == [
        ((), None),
        ((Judgement("crane", None, 1),), True),
    ]
    assert harbour.notes == (
        "Evidence left out, for its article does not hold it: 1 (c1_1)",
        "Judgements that name an article which the set does not have: 1 (crane)",
    )


def test_a_turn_without_words_is_refused_with_its_place(folder: SetFolder) -> None:
    folder.lines("conversations.jsonl", {"id": "c1", "turns": [_turn("Why?"), {"question": ""}]})
    with pytest.raises(DatasetError, match=r"line 1: turns\[1\].question is '': it is blank"):
        read_dataset(folder.path)


def test_conversations_without_a_turn_are_no_set(folder: SetFolder) -> None:
    folder.lines("conversations.jsonl", {"id": "c1", "turns": []})
    with pytest.raises(DatasetError, match="no question with an id and words was found"):
        read_dataset(folder.path)


def test_conversation_ids_that_are_there_twice_are_refused(folder: SetFolder) -> None:
    folder.lines("conversations.jsonl", *({"id": "c1", "turns": [_turn("Why?")]} for _ in range(2)))
    with pytest.raises(DatasetError, match="1 ids of conversations are there more than once, first 'c1'"):
        read_dataset(folder.path)
