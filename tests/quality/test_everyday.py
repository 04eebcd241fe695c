"""The everyday questions: what is kept of them, and how they are joined with their articles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TypedDict

import pytest
from programs import program

from qa.base.types import Article, Status
from qa.corpus.sentences import split_sentences
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.runs import AnswerOutcome, Found, QuestionOutcome, StageOutcome

HERE = Path(__file__).parent
KEPT = {"id", "question", "kind", "answerable", "judgements", "short_answers", "asked_at"}
KINDS = {"fact", "yes_no", "reason", "unanswerable"}


class Place(TypedDict):
    article_id: str
    start: int
    end: int


class Record(TypedDict):
    id: str
    question: str
    kind: str
    answerable: bool
    judgements: list[Place]
    short_answers: list[Place]


@pytest.fixture(scope="module")
def everyday() -> ModuleType:
    """The program that asks them."""
    return program(HERE / "everyday.py")


@pytest.fixture(scope="module")
def records() -> Mapping[str, list[Record]]:
    names = ("samples", "bbc")
    return {name: [json.loads(line) for line in _kept(name).splitlines()] for name in names}


def _kept(name: str) -> str:
    return (HERE / "everyday" / name / "questions.jsonl").read_text("utf-8")


@pytest.fixture(scope="module")
def samples(sample_articles: list[Article]) -> Mapping[str, Article]:
    return {article.given_id: article for article in sample_articles}


def test_there_are_150_questions_of_which_40_have_no_answer(records: Mapping[str, list[Record]]) -> None:
    every = [record for held in records.values() for record in held]
    assert [len(held) for held in records.values()] == [60, 90]
    assert sum(not record["answerable"] for record in every) == 40
    assert {record["kind"] for record in every} == KINDS
    assert all((record["kind"] == "unanswerable") is not record["answerable"] for record in every)
    assert all(bool(record["judgements"]) is record["answerable"] for record in every)


def test_no_question_is_there_twice_or_among_the_samples(
    records: Mapping[str, list[Record]], sample_questions: list[dict[str, object]]
) -> None:
    every = [record for held in records.values() for record in held]
    asked = [record["question"].lower().rstrip("?") for record in every]
    assert len(set(asked)) == len({record["id"] for record in every}) == 150
    assert not set(asked) & {str(one["question"]).lower().rstrip("?") for one in sample_questions}


def test_what_is_judged_of_a_sample_is_a_whole_sentence(
    records: Mapping[str, list[Record]], samples: Mapping[str, Article]
) -> None:
    for record in records["samples"]:
        for place in record["judgements"]:
            article = samples[place["article_id"]]
            spans = {(one.span.start, one.span.end) for one in split_sentences(article.text, language=article.language)}
            assert (place["start"], place["end"]) in spans, record["id"]


def test_a_short_answer_of_a_sample_is_made_of_whole_words(
    records: Mapping[str, list[Record]], samples: Mapping[str, Article]
) -> None:
    for record in records["samples"]:
        for place in record["short_answers"]:
            text = samples[place["article_id"]].text
            around = text[place["start"] - 1 : place["start"] + 1], text[place["end"] - 1 : place["end"] + 1]
            assert not any(re.fullmatch(r"\w\w", pair) for pair in around), record["id"]


@pytest.mark.parametrize("name", ["samples", "bbc"])
def test_a_short_answer_stands_in_a_sentence_that_was_judged(name: str, records: Mapping[str, list[Record]]) -> None:
    for record in records[name]:
        for answer in record["short_answers"]:
            assert any(_holds(sentence, answer) for sentence in record["judgements"]), record["id"]


def _holds(sentence: Place, answer: Place) -> bool:
    same = sentence["article_id"] == answer["article_id"]
    return same and sentence["start"] <= answer["start"] < answer["end"] <= sentence["end"]


@pytest.mark.parametrize("name", ["samples", "bbc"])
def test_questions_and_offsets_are_kept_and_no_text_of_articles(name: str, records: Mapping[str, list[Record]]) -> None:
    for record in records[name]:
        assert set(record) <= KEPT
        assert len(record["question"]) <= 80
        for place in record["judgements"]:
            assert set(place) == {"article_id", "start", "end", "grade"}
        for place in record["short_answers"]:
            assert set(place) == {"article_id", "start", "end"}


def test_every_judged_article_of_bbc_has_the_digest_of_its_text(records: Mapping[str, list[Record]]) -> None:
    digests = json.loads((HERE / "everyday" / "bbc" / "digests.json").read_text("utf-8"))
    assert set(digests) == {place["article_id"] for record in records["bbc"] for place in record["judgements"]}
    assert all(re.fullmatch(r"bbc-[a-z]+-\d{3}", id_) for id_ in digests)
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in digests.values())


def test_the_topics_of_bbc_are_even(records: Mapping[str, list[Record]]) -> None:
    of = [{place["article_id"].split("-")[1] for place in record["judgements"][:1]} for record in records["bbc"]]
    for topic in ("business", "entertainment", "politics", "sport", "tech"):
        assert of.count({topic}) >= 12


def test_joined_with_their_articles_they_can_be_evaluated(everyday: ModuleType, tmp_path: Path) -> None:
    dataset = read_dataset(everyday.join("samples", everyday.SAMPLES, tmp_path))
    bridge, mayor = dataset.questions[0], dataset.questions[1]
    assert bridge.judgements[0].quote == "The first vehicle over the Weighhouse Bridge on Saturday was a baker's van."
    assert bridge.answers == ()  # yes or no: no words of the article are the short answer
    assert mayor.answers == ("Ingrid Tallow", "Mayor Ingrid Tallow", "Bastian Quill")


def test_articles_other_than_those_judged_are_refused(everyday: ModuleType, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    line = json.dumps({"id": "bbc-business-003", "title": "A title", "text": "Another text."})
    (articles / "articles.jsonl").write_text(line, "utf-8")
    with pytest.raises(SystemExit, match=r"judged articles are missing or have another text, first bbc-business-003"):
        everyday.join("bbc", articles, tmp_path / "out")


def test_a_folder_without_articles_is_named(everyday: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"holds no articles\.jsonl, gzipped or not"):
        everyday.join("bbc", tmp_path, tmp_path / "out")


def _outcome(*, answerable: bool, rank: int | None, status: Status, right: bool, exact: float | None) -> QuestionOutcome:
    found = () if rank is None else (Found(rank, 2),)
    return QuestionOutcome(
        id="s001",
        judged_by=JudgedBy.SPANS,
        answerable=answerable,
        items=int(answerable),
        stages={"distinct": StageOutcome((), 12, found, ())},
        answer=AnswerOutcome(status, 0.5, right, 1, int(right), 1, exact, exact),
        timings_ms={},
        wording_f1=None,
        question_word="who",
        words=3,
        answer_type=None,
        age_days=None,
        kind="fact",
    )


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (_outcome(answerable=True, rank=1, status=Status.ANSWERED, right=True, exact=1.0), ""),
        (_outcome(answerable=True, rank=1, status=Status.WEAK, right=True, exact=None), ""),
        (_outcome(answerable=True, rank=13, status=Status.WEAK, right=False, exact=0.0), "no right passage in the first 12"),
        (_outcome(answerable=True, rank=2, status=Status.WEAK, right=False, exact=0.0), "another sentence is the best"),
        (
            _outcome(answerable=True, rank=2, status=Status.WEAK, right=True, exact=0.0),
            "the sentence is right, the short answer is not",
        ),
        (
            _outcome(answerable=True, rank=2, status=Status.NOT_FOUND, right=True, exact=0.0),
            "the sentence is right, and is not shown",
        ),
        (_outcome(answerable=False, rank=None, status=Status.NOT_FOUND, right=False, exact=1.0), ""),
        (_outcome(answerable=False, rank=None, status=Status.WEAK, right=False, exact=0.0), "weak, though nothing answers it"),
    ],
)
def test_a_question_fails_at_the_first_stage_that_loses_it(everyday: ModuleType, outcome: QuestionOutcome, why: str) -> None:
    assert everyday.fault(outcome) == why


def test_figures_keep_questions_with_and_without_an_answer_apart(everyday: ModuleType) -> None:
    right = _outcome(answerable=True, rank=7, status=Status.ANSWERED, right=True, exact=1.0)
    wrong = _outcome(answerable=True, rank=None, status=Status.WEAK, right=False, exact=0.0)
    silent = _outcome(answerable=False, rank=None, status=Status.NOT_FOUND, right=False, exact=1.0)
    lines = list(everyday.figures("both", [right, wrong, silent]))
    shown = {line[:36].strip(): (float(line[36:].split()[0]), line.split()[-1]) for line in lines[1:]}
    assert lines[0] == "both: 3 questions, 1 without an answer"
    assert shown["a right passage in the first 5"] == (0.0, "2")
    assert shown["a right passage in the first 12"] == (0.5, "2")
    assert shown["best sentence right"] == (0.5, "2")
    assert shown["short answer, exact match"] == (0.5, "2")
    assert shown["without: not found"] == (1.0, "1")
    assert shown["wrong of what is weak"] == (1.0, "1")
