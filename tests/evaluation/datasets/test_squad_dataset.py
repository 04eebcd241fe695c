"""The JSON of SQuAD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.base.types import Article, Span
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement

if TYPE_CHECKING:
    from conftest import SetFolder

FIRST = "\U0001f4a1 The pier is 90 metres long."  # 29 characters
SECOND = "It was built in 1957."


def _answers(*answers: tuple[str, int]) -> list[dict[str, object]]:
    return [{"text": text, "answer_start": start} for text, start in answers]


def _squad(*entries: tuple[str, list[tuple[str, list[dict[str, object]]]]]) -> str:
    data = [
        {"title": title, "paragraphs": [{"context": context, "qas": qas} for context, qas in paragraphs]}
        for title, paragraphs in entries
    ]
    return json.dumps({"version": "v2.0", "data": data})


def test_contexts_become_one_article_and_the_spans_of_all_annotators_move_with_them(folder: SetFolder) -> None:
    built = {"id": "q1", "question": "When was it built?", "answers": _answers(("1957", 16), ("in 1957", 13), ("1957", 16))}
    path = folder.text("dev-v2.0.json", _squad(("The_Pier", [(FIRST, []), (SECOND, [built])])))
    harbour = read_dataset(path)
    assert (harbour.name, harbour.format, harbour.notes) == ("dev-v2.0", "squad", ())
    spans = (Judgement("The_Pier", Span(47, 51), 1, "1957"), Judgement("The_Pier", Span(44, 51), 1, "in 1957"))  # 29 + 2 + 16
    assert harbour.questions == (
        JudgedQuestion("q1", "When was it built?", JudgedBy.SPANS, spans, answers=("1957", "in 1957"), answerable=True),
    )
    assert harbour.articles is not None
    (article,) = harbour.articles()
    assert isinstance(article, Article)
    assert (article.given_id, article.title, article.text) == ("The_Pier", "The Pier", f"{FIRST}\n\n{SECOND}")
    assert article.text[47:51] == "1957"


def test_a_folder_with_one_such_file_beside_others_is_read(folder: SetFolder) -> None:
    folder.text("info.json", '{"licence": "our own"}')
    folder.text("dev.json.gz", _squad(("Pier", [(FIRST, [{"id": "q1", "question": "Why?", "answers": []}])])))
    assert read_dataset(folder.path).name == "harbour"


def test_impossible_questions_are_unanswerable_and_those_without_a_label_are_noted(folder: SetFolder) -> None:
    plausible = {"is_impossible": True, "answers": [], "plausible_answers": _answers(("90 metres", 14))}
    qas = [{"id": "q1", "question": "How wide?", **plausible}, {"id": "q2", "question": "Why?", "answers": []}]
    harbour = read_dataset(folder.text("dev.json", _squad(("Pier", [(FIRST, qas)]))))
    assert [(question.answerable, question.judgements) for question in harbour.questions] == [(False, ()), (None, ())]
    assert harbour.notes == ("Questions with neither an answer nor is_impossible, not judged: 1 (q2)",)


def test_an_answer_that_does_not_stand_at_its_offset_is_noted_and_its_question_kept(folder: SetFolder) -> None:
    answers = _answers(("90 metres", 13), ("90 metres", 14), ("long.", 99))
    path = folder.text("dev.json", _squad(("Pier", [(FIRST, [{"id": "q1", "question": "How long?", "answers": answers}])])))
    harbour = read_dataset(path)
    assert harbour.questions[0].judgements == (Judgement("Pier", Span(14, 23), 1, "90 metres"),)
    assert harbour.notes == ("Answers left out, for they are not at answer_start in their context: 2 (q1, q1)",)


def test_titles_that_are_there_twice_are_numbered(folder: SetFolder) -> None:
    qas = [{"id": "q1", "question": "How long?", "answers": _answers(("90 metres", 14))}]
    path = folder.text("dev.json", _squad(("Pier", [(SECOND, [])]), ("Pier", [(FIRST, qas)]), ("Pier#2", [(SECOND, [])])))
    harbour = read_dataset(path)
    assert harbour.articles is not None
    ids = [article.given_id for article in harbour.articles() if isinstance(article, Article)]
    assert ids == ["Pier", "Pier#2", "Pier#2#2"]
    assert harbour.questions[0].judgements == (Judgement("Pier#2", Span(14, 23), 1, "90 metres"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"data": [', "not JSON"),
        ("[]", "JSON, but no object"),
        ('{"questions": []}', "read as SQuAD: there is no 'data'"),
        ('{"data": []}', "no article that can be used"),
        ('{"data": [{"title": "Pier", "paragraphs": [{"context": "Rain.", "qas": []}]}]}', "no question with an id and words"),
        (
            '{"data": [{"title": "Pier", "paragraphs": [{"context": "Rain.", "qas": [{"id": "q1"}]}]}]}',
            r"there is no 'data\[0\].paragraphs\[0\].qas\[0\].question'",
        ),
        (
            '{"data": [{"paragraphs": [{"context": "Rain.", "qas": [{"id": "q1", "question": "Why?", '
            '"answers": [{"text": "Rain", "answer_start": -1}]}]}]}]}',
            r"answers\[0\].answer_start is -1: expected greater than or equal to 0",
        ),
    ],
)
def test_another_shape_is_refused_with_the_place(folder: SetFolder, text: str, reason: str) -> None:
    with pytest.raises(DatasetError, match=rf"dev.json.*{reason}"):
        read_dataset(folder.text("dev.json", text))


def test_question_ids_that_are_there_twice_are_refused(folder: SetFolder) -> None:
    qas = [{"id": "q1", "question": "How long?", "answers": _answers(("90 metres", 14))}] * 2
    with pytest.raises(DatasetError, match="1 ids of questions are there more than once, first 'q1'"):
        read_dataset(folder.text("dev.json", _squad(("Pier", [(FIRST, qas)]))))


def test_several_such_files_in_a_folder_are_refused(folder: SetFolder) -> None:
    for name in ("dev.json", "train.json"):
        folder.text(name, _squad(("Pier", [(FIRST, [])])))
    with pytest.raises(DatasetError, match=r"holds dev.json, train.json; expected one set. Name the file that is meant"):
        read_dataset(folder.path)
