"""The questions on agreement, dispute and correction: what is kept of them, and that their offsets fit their articles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from qa.base.types import Article
from qa.corpus.near_duplicates import words_key
from qa.corpus.sentences import split_sentences
from qa.evaluation.datasets.reading import read_dataset

HERE = Path(__file__).parent / "agreement"
KINDS = {"number", "money", "date", "name", "yes_no", "text"}
RELATIONS = {"leads", "differs", "corrected_by", "earlier"}


class Place(TypedDict):
    article_id: str
    start: int
    end: int


class Statement(TypedDict):
    value: str
    relation: str
    spans: list[Place]


class Record(TypedDict):
    id: str
    question: str
    kind: str
    asked_at: NotRequired[str]
    statements: list[Statement]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [json.loads(line) for line in (HERE / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    lines = (HERE / "articles.jsonl").read_text("utf-8").splitlines()
    return [Article(given_id=str(record["id"]), **record) for record in map(json.loads, lines)]


@pytest.fixture(scope="module")
def sentences(articles: list[Article]) -> Mapping[str, set[tuple[int, int]]]:
    """Where the sentences of each article start and end."""
    return {
        article.given_id: {(one.span.start, one.span.end) for one in split_sentences(article.text, language=article.language)}
        for article in articles
    }


def _places(records: list[Record]) -> Iterator[tuple[Record, Place]]:
    for record in records:
        for statement in record["statements"]:
            yield from ((record, place) for place in statement["spans"])


def test_there_are_157_questions_over_133_articles(records: list[Record], articles: list[Article]) -> None:
    assert (len(records), len(articles)) == (157, 133)
    assert {record["kind"] for record in records} == KINDS


def test_no_question_is_there_twice_or_among_the_samples(
    records: list[Record], sample_questions: list[dict[str, object]]
) -> None:
    asked = [record["question"].lower().rstrip("?") for record in records]
    assert len(set(asked)) == len({record["id"] for record in records}) == len(records)
    assert not set(asked) & {str(one["question"]).lower().rstrip("?") for one in sample_questions}


def test_no_article_is_there_twice_or_among_the_samples(articles: list[Article], sample_articles: list[Article]) -> None:
    every = [*articles, *sample_articles]
    assert len({article.given_id for article in every}) == len(every)
    assert len({words_key(article.text) for article in every}) == len(every)


def test_every_article_says_something_of_a_question(records: list[Record], articles: list[Article]) -> None:
    assert {place["article_id"] for _, place in _places(records)} == {article.given_id for article in articles}


def test_one_statement_leads_and_stands_first(records: list[Record]) -> None:
    for record in records:
        relations = [statement["relation"] for statement in record["statements"]]
        assert set(relations) <= RELATIONS
        assert [at for at, relation in enumerate(relations) if relation == "leads"] == [0], record["id"]
        assert len({statement["value"] for statement in record["statements"]}) == len(relations), record["id"]


def test_a_statement_stands_in_whole_sentences(records: list[Record], sentences: Mapping[str, set[tuple[int, int]]]) -> None:
    assert all(statement["spans"] for record in records for statement in record["statements"])
    for record, place in _places(records):
        assert (place["start"], place["end"]) in sentences[place["article_id"]], record["id"]


def test_a_sentence_says_one_thing_of_a_question(records: list[Record]) -> None:
    said = Counter((record["id"], *place.values()) for record, place in _places(records))
    assert [once for once, times in said.items() if times > 1] == []


def test_a_question_for_a_time_has_a_clock_with_a_zone(records: list[Record]) -> None:
    clocks = {record["id"]: datetime.fromisoformat(record["asked_at"]) for record in records if "asked_at" in record}
    assert all(clock.tzinfo is not None for clock in clocks.values())
    assert {record["id"] for record in records if record["id"].startswith("time-")} <= set(clocks)


def test_the_set_is_read_as_any_other(records: list[Record]) -> None:
    dataset = read_dataset(HERE)
    assert [len(question.statements) for question in dataset.questions] == [len(record["statements"]) for record in records]
    assert not dataset.notes
