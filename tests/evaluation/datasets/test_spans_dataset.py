"""Our own format: questions with judged spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.base.types import Relation, Span
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, JudgedStatement, Judgement

if TYPE_CHECKING:
    from conftest import SetFolder

TEXT = "\U0001f4a1 The lamp is 12 metres high. It turns."
HIGH = {"article_id": "lamp", "start": 14, "end": 23, "text": "12 metres"}


def _question(**fields: object) -> dict[str, object]:
    return {"id": "q1", "question": "How high is the lamp?", "judgements": [HIGH], **fields}


def test_every_field_is_kept(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    folder.lines(
        "questions.jsonl",
        _question(
            judgements=[{**HIGH, "grade": 2}, {"article_id": "lamp", "start": 30, "end": 39, "grade": 0}],
            kind="follow-up",
            answerable=True,
            answers=["12 metres"],
            asked_at="2024/01/31",
            earlier_questions=["Where is the lamp?"],
            standalone_question="How high is the lamp on the pier?",
        ),
    )
    assert read_dataset(folder.path).questions == (
        JudgedQuestion(
            "q1",
            "How high is the lamp?",
            JudgedBy.SPANS,
            (
                Judgement("lamp", Span(14, 23), 2, "12 metres"),
                Judgement("lamp", Span(30, 39), 0, "It turns."),  # the quote comes from the text
            ),
            answers=("12 metres",),
            answerable=True,
            asked_at="2024-01-31",
            earlier_questions=("Where is the lamp?",),
            standalone_question="How high is the lamp on the pier?",
            kind="follow-up",
        ),
    )


TURNS = {"article_id": "lamp", "start": 30, "end": 39}


def _stating(*statements: tuple[str, list[dict[str, object]]]) -> dict[str, object]:
    return {
        "id": "q1",
        "question": "How high is the lamp?",
        "statements": [{"value": "x", "relation": relation, "spans": spans} for relation, spans in statements],
    }


def test_the_statement_that_leads_is_what_answers(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    folder.lines("questions.jsonl", _stating(("leads", [HIGH]), ("corrected_by", [TURNS])))
    (question,) = read_dataset(folder.path).questions
    high, turns = Judgement("lamp", Span(14, 23), 1, "12 metres"), Judgement("lamp", Span(30, 39), 1, "It turns.")
    assert question.judgements == (high,)
    assert question.statements == (
        JudgedStatement(Relation.AGREES, (high,)),
        JudgedStatement(Relation.CORRECTED_BY, (turns,)),
    )


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (_stating(("earlier", [TURNS]), ("leads", [HIGH])), "the statement that leads must be the first"),
        (_stating(("earlier", [TURNS])), "the statement that leads must be the first"),
        (_stating(("repeats", [HIGH])), "expected 'leads', 'earlier', 'corrected_by' or 'differs'"),
        ({**_stating(("leads", [HIGH])), "judgements": [HIGH]}, "expected judgements or statements, and not both"),
        ({"id": "q1", "question": "How high?", "judgements": None}, "expected judgements or statements, and not both"),
        (_stating(("leads", [HIGH]), ("differs", [{**TURNS, "text": "They turn"}])), "expected 'They turn'"),
    ],
)
def test_statements_that_make_no_sense_are_refused(folder: SetFolder, record: dict[str, object], reason: str) -> None:
    folder.articles({"lamp": TEXT})
    folder.lines("questions.jsonl", record)
    with pytest.raises(DatasetError, match=re.escape(reason)):
        read_dataset(folder.path)


def test_what_is_not_said_has_a_default(folder: SetFolder) -> None:
    folder.lines(
        "questions.jsonl", _question(), _question(id=2, judgements=[]), _question(id="q3", judgements=[], answerable=False)
    )
    first, second, third = read_dataset(folder.path).questions
    assert (first.answerable, first.judgements) == (True, (Judgement("lamp", Span(14, 23), 1, "12 metres"),))
    assert (second.id, second.answerable) == ("2", None)
    assert (third.answerable, third.judgements) == (False, ())


def test_a_folder_without_articles_is_asked_over_another_index(folder: SetFolder) -> None:
    folder.lines("questions.jsonl.gz", _question(judgements=[{"article_id": "lamp", "start": 14, "end": 23}]))
    harbour = read_dataset(folder.path)
    assert harbour.articles is None
    assert harbour.questions[0].judgements[0].quote is None


def test_a_file_that_is_named_is_read_alone_and_says_so(folder: SetFolder) -> None:
    folder.articles({"lamp": "Another text."})
    harbour = read_dataset(folder.lines("questions.jsonl", _question()))
    assert harbour.articles is None
    assert harbour.notes == ("Articles beside the file that were not read; name the folder to ask over them: 1 (articles.jsonl)",)


def test_texts_that_do_not_stand_at_their_spans_are_refused_with_count_and_first_place(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    wrong = {**HIGH, "start": 15, "end": 24}
    path = folder.lines(
        "questions.jsonl", _question(), _question(id="q2", judgements=[wrong]), _question(id="q3", judgements=[wrong])
    )
    with pytest.raises(DatasetError) as refused:
        read_dataset(folder.path)
    first = "line 2: 'lamp' 15-24 is '2 metres ', expected '12 metres'"
    assert str(refused.value).startswith(f"{path}: 2 judgements differ from the text at their offsets, first {first}.")


def test_a_span_behind_the_end_of_its_article_is_refused(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    folder.lines("questions.jsonl", _question(judgements=[{"article_id": "lamp", "start": 30, "end": 40}]))
    with pytest.raises(DatasetError, match="first line 1: 'lamp' 30-40 ends behind a text of 39 characters"):
        read_dataset(folder.path)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (-1, 3, r"judgements\[0\].start is -1: expected greater than or equal to 0"),
        (9, 3, "the span 9-3 needs an end above its start"),
        (3, 3, "the span 3-3 needs an end above its start"),
    ],
)
def test_offsets_that_are_negative_or_reversed_are_refused(folder: SetFolder, start: int, end: int, reason: str) -> None:
    folder.lines("questions.jsonl", _question(judgements=[{"article_id": "lamp", "start": start, "end": end}]))
    with pytest.raises(DatasetError, match=rf"line 1: .*{reason}"):
        read_dataset(folder.path)


def test_a_question_cannot_be_unanswerable_and_answered(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", _question(answerable=False))
    with pytest.raises(DatasetError, match="answerable is false, yet a judgement has a grade above 0"):
        read_dataset(folder.path)


def test_a_judgement_of_an_unknown_article_is_kept_and_noted(folder: SetFolder) -> None:
    folder.articles({"lamp": TEXT})
    folder.lines("questions.jsonl", _question(judgements=[{**HIGH, "article_id": "crane"}]))
    harbour = read_dataset(folder.path)
    assert harbour.questions[0].judgements == (Judgement("crane", Span(14, 23), 1, "12 metres"),)
    assert harbour.notes == ("Judgements that name an article which the set does not have: 1 (crane)",)


def test_answerable_questions_without_a_judgement_are_noted_with_three_examples(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", *(_question(id=f"q{n}", judgements=[], answerable=True) for n in range(4)))
    note = "Questions that are called answerable and have no judgement: 4 (q0, q1, q2, …)"
    assert read_dataset(folder.path).notes == (note,)
