"""BEIR folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.base.errors import DatasetError
from qa.base.types import Article
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement

if TYPE_CHECKING:
    from conftest import SetFolder

HEADER = "query-id\tcorpus-id\tscore\n"


@pytest.fixture
def beir(folder: SetFolder) -> SetFolder:
    folder.lines(
        "corpus.jsonl", {"_id": "d1", "title": "Pier", "text": "The pier is long."}, {"_id": "d2", "title": "", "text": "A lamp."}
    )
    folder.lines("queries.jsonl", *({"_id": name, "text": f"Question {name}?", "metadata": {}} for name in ("1", "2", "3")))
    return folder


def test_the_questions_are_those_that_the_split_judges(beir: SetFolder) -> None:
    beir.text("qrels/test.tsv", HEADER + "1\td1\t2\n1\td2\t0\n3\td2\t0\n")
    harbour = read_dataset(beir.path)
    assert harbour.format == "beir"
    assert harbour.questions == (
        JudgedQuestion("1", "Question 1?", JudgedBy.ARTICLES, (Judgement("d1", None, 2), Judgement("d2", None, 0))),
        JudgedQuestion("3", "Question 3?", JudgedBy.ARTICLES, (Judgement("d2", None, 0),), answerable=None),
    )
    assert harbour.notes == ("Questions left out, for this split does not judge them: 1 (2)",)
    assert harbour.articles is not None
    titles = [(article.given_id, article.title) for article in harbour.articles() if isinstance(article, Article)]
    assert titles == [("d1", "Pier"), ("d2", "A lamp.")]


@pytest.mark.parametrize(
    ("splits", "asked", "read"),
    [
        (("dev", "test", "train"), None, "test"),
        (("dev", "train"), None, "dev"),
        (("train",), None, "train"),
        (("dev", "test"), "dev", "dev"),
    ],
)
def test_the_split_is_the_one_asked_for_else_test_else_dev_else_the_only_one(
    beir: SetFolder, splits: tuple[str, ...], asked: str | None, read: str
) -> None:
    for number, split in enumerate(splits, start=1):
        beir.text(f"qrels/{split}.tsv", f"{HEADER}{number}\td1\t1\n")
    chosen = read_dataset(beir.path, split=asked)
    assert [question.id for question in chosen.questions] == [str(splits.index(read) + 1)]
    assert chosen.split == read


def test_a_split_that_is_not_there_is_refused_with_those_that_are(beir: SetFolder) -> None:
    beir.text("qrels/dev.tsv", HEADER + "1\td1\t1\n")
    beir.text("qrels/train.tsv", HEADER + "1\td1\t1\n")
    with pytest.raises(DatasetError, match="has no split 'final'; it has dev, train"):
        read_dataset(beir.path, split="final")


def test_of_several_splits_that_are_neither_test_nor_dev_none_is_chosen(beir: SetFolder) -> None:
    beir.text("qrels/one.tsv", HEADER + "1\td1\t1\n")
    beir.text("qrels/two.tsv", HEADER + "1\td1\t1\n")
    with pytest.raises(DatasetError, match="has the splits one, two, and neither test nor dev"):
        read_dataset(beir.path)


def test_the_digest_tells_splits_apart(beir: SetFolder) -> None:
    for split in ("dev", "test"):
        beir.text(f"qrels/{split}.tsv", HEADER + "1\td1\t1\n")
    assert read_dataset(beir.path, split="dev").digest != read_dataset(beir.path, split="test").digest


def test_a_header_may_be_missing(beir: SetFolder) -> None:
    beir.text("qrels/test.tsv", "2\td1\t1\n")
    assert [question.id for question in read_dataset(beir.path).questions] == ["2"]


def test_unknown_ids_are_noted(beir: SetFolder) -> None:
    beir.text("qrels/test.tsv", HEADER + "1\td9\t1\n8\td1\t1\n2\td1\t1\n3\td1\t1\n")
    harbour = read_dataset(beir.path)
    assert harbour.questions[0].judgements == (Judgement("d9", None, 1),)
    assert harbour.notes == (
        "Judgements left out, for a question that the set does not have: 1 (question 8)",
        "Judgements that name an article which the set does not have: 1 (d9)",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1\tQ0\td1\t1", r"4 columns, expected 3 \(query-id, corpus-id, score\)"),
        ("1 d1 1", "1 columns, expected 3"),
        ("1\td1\thigh", "the grade is 'high', expected an integer"),
    ],
)
def test_a_broken_line_of_qrels_is_refused(beir: SetFolder, line: str, reason: str) -> None:
    beir.text("qrels/test.tsv", f"{HEADER}{line}\n")
    with pytest.raises(DatasetError, match=f"test.tsv, line 2: {reason}"):
        read_dataset(beir.path)


def test_a_split_that_judges_no_known_question_is_no_set(beir: SetFolder) -> None:
    beir.text("qrels/test.tsv", HEADER + "8\td1\t1\n")
    with pytest.raises(DatasetError, match="no question with an id and words was found"):
        read_dataset(beir.path)
