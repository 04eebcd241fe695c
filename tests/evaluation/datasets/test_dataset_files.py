"""Damage of whatever file of a set: refused with the file, the line and what was wrong."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.evaluation.datasets.reading import read_dataset

if TYPE_CHECKING:
    from conftest import SetFolder

QUESTION = {"id": "q1", "question": "How long is the pier?", "judgements": []}
GOOD = '{"id": "q1", "question": "How long is the pier?", "judgements": []}\n'


def _refused(path: Path) -> str:
    with pytest.raises(DatasetError) as refused:
        read_dataset(path)
    return str(refused.value)


def test_a_path_with_nothing_there_is_named(tmp_path: Path) -> None:
    assert _refused(tmp_path / "nowhere") == f"There is no file or folder {tmp_path / 'nowhere'}. Check the spelling."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "q2", "question": "Why?" "judgements": []}', "not JSON: Expecting ',' delimiter at column 33"),
        ('["q2", "Why?"]', "is JSON, but no object"),
        ('{"id": "q2", "judgements": []}', "there is no 'question'"),
        ('{"id": "q2", "question": " \\t", "judgements": []}', "question is ' \\t': it is blank, expected some words"),
        ('{"id": "q2", "question": 7, "judgements": []}', "question is 7: expected a valid string"),
        ('{"id": "", "question": "Why?", "judgements": []}', "id is '': it is blank"),
        ('{"id": true, "question": "Why?", "judgements": []}', "id is True: expected a valid string"),
        ('{"id": "q2", "question": "Why?"}', "expected judgements or statements, and not both"),
        ('{"id": "q2", "question": "Why?", "judgements": {}}', "judgements is {}: expected a valid list"),
        (
            '{"id": "q2", "question": "Why?", "judgements": [], "answerable": "no"}',
            "answerable is 'no': expected a valid boolean",
        ),
        ('{"id": "q2", "question": "Why?", "judgements": [], "asked_at": "today"}', "asked_at is 'today'"),
    ],
)
def test_a_broken_line_is_refused_with_its_number_and_reason(folder: SetFolder, line: str, reason: str) -> None:
    path = folder.text("questions.jsonl", GOOD + "\n" + line + "\n")
    message = _refused(folder.path)
    assert message.startswith(f"{path}, line 3: ")
    assert reason in message


def test_a_field_deep_in_a_record_is_named_with_its_place(folder: SetFolder) -> None:
    judgements = [{"article_id": "pier", "start": 0, "end": 3}, {"article_id": "pier", "start": "4", "end": 8}]
    folder.lines("questions.jsonl", {**QUESTION, "judgements": judgements})
    assert "line 1: judgements[1].start is '4': expected a valid integer" in _refused(folder.path)


def test_a_gzip_file_that_is_cut_off_is_refused(folder: SetFolder) -> None:
    whole = gzip.compress(GOOD.encode() * 1_000)
    folder.lines("questions.jsonl.gz")
    (folder.path / "questions.jsonl.gz").write_bytes(whole[:-20])
    assert "questions.jsonl.gz: the gzip file is cut off" in _refused(folder.path)


def test_a_line_that_is_not_utf8_is_refused_with_its_number(folder: SetFolder) -> None:
    path = folder.data("questions.jsonl", GOOD.encode() + '{"id": "q2", "question": "Café?", "judgements": []}'.encode("cp1252"))
    assert _refused(folder.path).startswith(f"{path}, line 2: not UTF-8: it holds the byte 0xe9")


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_questions_file_without_any_is_refused(folder: SetFolder, text: str) -> None:
    folder.text("questions.jsonl", text)
    assert "the file is empty" in _refused(folder.path) or "no question with an id and words was found" in _refused(folder.path)


def test_an_articles_file_without_any_is_refused(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", QUESTION)
    folder.text("articles.jsonl", "\n")
    assert "articles.jsonl: no article that can be used" in _refused(folder.path)


def test_question_ids_that_are_there_twice_are_counted(folder: SetFolder) -> None:
    names = ("q1", "q2", "q1", "q3", "q3")
    folder.lines("questions.jsonl", *({**QUESTION, "id": name} for name in names))
    assert "2 ids of questions are there more than once, first 'q1'" in _refused(folder.path)


def test_article_ids_that_are_there_twice_are_counted(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", QUESTION)
    folder.lines("articles.jsonl", *({"id": name, "text": "Rain."} for name in ("pier", "lamp", "lamp")))
    assert "1 ids of articles are there more than once, first 'lamp'" in _refused(folder.path)


@pytest.mark.parametrize(("record", "reason"), [({"id": "pier"}, "there is no 'text'"), ({"text": "Rain."}, "there is no 'id'")])
def test_an_article_without_a_text_or_an_id_is_refused(folder: SetFolder, record: dict[str, str], reason: str) -> None:
    folder.lines("questions.jsonl", QUESTION)
    folder.lines("articles.jsonl", record)
    assert f"articles.jsonl, line 1: {reason}" in _refused(folder.path)


def test_a_set_is_not_there_plain_and_packed(folder: SetFolder) -> None:
    folder.lines("questions.jsonl", QUESTION)
    folder.lines("questions.jsonl.gz", QUESTION)
    assert "holds questions.jsonl and questions.jsonl.gz; expected one of them" in _refused(folder.path)


def test_a_byte_order_mark_and_windows_line_ends_are_no_damage(folder: SetFolder) -> None:
    folder.data("questions.jsonl", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert [question.id for question in read_dataset(folder.path).questions] == ["q1"]
