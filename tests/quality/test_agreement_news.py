"""The questions on agreement and dispute over real news: what is kept of them, and how they are joined with their articles."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from programs import program

from qa.evaluation.datasets.reading import read_dataset

HERE = Path(__file__).parent
NEWS = HERE / "agreement_news"
KINDS = {"number", "money", "date", "name", "text"}
RELATIONS = {"leads", "differs", "earlier"}


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (NEWS / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def digests() -> dict[str, str]:
    kept: dict[str, str] = json.loads((NEWS / "digests.json").read_text("utf-8"))
    return kept


@pytest.fixture(scope="module")
def statements() -> ModuleType:
    """The program that asks them."""
    return program(HERE / "statements.py")


def test_there_are_70_questions_each_with_one_statement_that_leads(records: list[dict[str, Any]]) -> None:
    asked = [record["question"].lower().rstrip("?") for record in records]
    assert len(set(asked)) == len({record["id"] for record in records}) == len(records) == 70
    assert {record["kind"] for record in records} <= KINDS
    for record in records:
        relations = [statement["relation"] for statement in record["statements"]]
        assert set(relations) <= RELATIONS
        assert [at for at, relation in enumerate(relations) if relation == "leads"] == [0], record["id"]
        assert len({statement["value"] for statement in record["statements"]}) == len(relations), record["id"]


def test_at_least_two_articles_speak_to_each_question(records: list[dict[str, Any]]) -> None:
    for record in records:
        said_by = {place["article_id"] for statement in record["statements"] for place in statement["spans"]}
        assert len(said_by) > 1, record["id"]


def test_a_sentence_of_the_news_says_one_thing_of_a_question(records: list[dict[str, Any]]) -> None:
    for record in records:
        places = [tuple(place.values()) for statement in record["statements"] for place in statement["spans"]]
        assert len(set(places)) == len(places), record["id"]


def test_offsets_and_digests_are_kept_and_no_text_of_articles(records: list[dict[str, Any]], digests: dict[str, str]) -> None:
    for record in records:
        assert set(record) <= {"id", "question", "kind", "asked_at", "statements"}
        assert len(record["question"]) <= 100
        for statement in record["statements"]:
            assert set(statement) == {"value", "relation", "spans"} and len(statement["value"]) <= 50
            for place in statement["spans"]:
                assert set(place) == {"article_id", "start", "end"} and place["article_id"] in digests
    assert all(re.fullmatch(r"rtqa-[0-9a-f]{12}", id_) for id_ in digests)
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in digests.values())


def test_joined_with_their_articles_they_are_read_as_any_other_set(
    statements: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"id": "a1", "title": "Strike", "text": "Some 45,000 workers are on strike.", "published_at": "2024-10-01"}
    other = {"id": "a2", "title": "Weather", "text": "It rains."}
    _write(tmp_path / "from" / "articles.jsonl", told, other)
    leads = {"value": "45,000", "relation": "leads", "spans": [{"article_id": "a1", "start": 0, "end": 34}]}
    _write(tmp_path / "kept" / "questions.jsonl", {"id": "q1", "question": "How many strike?", "statements": [leads]})
    digest = hashlib.sha256(told["text"].encode()).hexdigest()
    (tmp_path / "kept" / "digests.json").write_text(json.dumps({"a1": digest}), "utf-8")
    monkeypatch.setattr(statements, "NEWS", tmp_path / "kept")
    joined = statements.join(tmp_path / "from", tmp_path / "out")
    (question,) = read_dataset(joined).questions
    assert question.judgements[0].quote == told["text"]
    (line,) = (joined / "articles.jsonl").read_text("utf-8").splitlines()
    assert told.items() <= json.loads(line).items()


def test_news_with_other_texts_than_those_judged_are_refused(statements: ModuleType, tmp_path: Path) -> None:
    _write(tmp_path / "articles.jsonl", {"id": "rtqa-0b71906ce88a", "title": "A title", "text": "Another text."})
    with pytest.raises(SystemExit, match=r"judged articles are missing or have another text"):
        statements.join(tmp_path, tmp_path / "out")


def _write(path: Path, *records: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
