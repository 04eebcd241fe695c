"""Texts: the words behind the ids of a run, and what is said when they are not there."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.terms import ArticleTerms
from qa.base.types import Article, Span
from qa.evaluation.articles import GivenArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import JudgedBy, JudgedQuestion, Judgement
from qa.evaluation.judging import Item
from qa.evaluation.known_items import known_items
from qa.evaluation.runs import DatasetFacts, IndexFacts, RunFacts
from qa.evaluation.texts import Texts
from qa.index.store import Store, StoreWriter

TEXT = "The mill closed in 1952. Ada Thorn kept the keys."
STORED = Article(id="art_1", given_id="mill", title="The mill", text=TEXT, source="The Post")
GENERATION = 4


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A set of one question, without articles."""
    record = {
        "id": "q1",
        "question": "Who kept the keys?",
        "judgements": [{"article_id": "mill", "start": 25, "end": 34, "text": "Ada Thorn"}],
    }
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(record) + "\n", "utf-8")
    return file


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    with contextlib.closing(StoreWriter.open(folder, create=True)) as writer, writer.writing():
        terms = ArticleTerms.of((), ())
        added_at = "2025-03-08T12:00:00Z"
        writer.add_article(STORED, language="en", embedded_title="", sentences=[], passages=[], terms=terms, added_at=added_at)
        writer.set_fact("generation", str(GENERATION))
    return folder


def facts(dataset: Path, index: Path | None, *, digest: str | None = None, generation: int = GENERATION) -> RunFacts:
    if digest is None:
        digest = read_dataset(dataset).digest
    return RunFacts(
        name="run",
        created_at="2025-03-08T12:00:00+00:00",
        version="0.1.0",
        dataset=DatasetFacts("mill", str(dataset), "spans", digest, 1, ()),
        index=IndexFacts(str(index), generation, 1, 1, "words", "e" * 64, "float32") if index else None,
        settings={},
        stages=("merged",),
        read_passages=None,
        wording="question",
        source="qa",
        limit=None,
        seconds=1.0,
        processors=2,
        notes=(),
    )


def test_questions_come_from_the_set_and_articles_from_the_index(dataset: Path, index: Path) -> None:
    with Texts.of(facts(dataset, index)) as texts:
        question = texts.question("q1")
        assert question is not None
        assert question.question == "Who kept the keys?"
        assert texts.article("art_1") == texts.article("mill") == STORED
        assert texts.quote("art_1", Span(25, 34)) == "Ada Thorn"
        assert texts.source("q1") == "The Post"
        assert texts.judged("q1") == (Item("art_1", (Span(25, 34),), 1),)
        assert texts.notes == ()


def test_an_unknown_question_article_or_place_is_none(dataset: Path, index: Path) -> None:
    with Texts.of(facts(dataset, index)) as texts:
        assert texts.question("q2") is None
        assert texts.article("art_2") is None
        assert texts.quote("art_2", Span(0, 1)) is None
        assert texts.quote("art_1", Span(0, len(TEXT) + 1)) is None
        assert texts.source("q2") is None
        assert texts.judged("q2") == ()


def test_a_set_that_is_gone_is_said_and_the_index_is_read_all_the_same(tmp_path: Path, index: Path) -> None:
    gone = tmp_path / "gone.jsonl"
    with Texts.of(facts(gone, index, digest="d" * 64)) as texts:
        assert texts.question("q1") is None
        assert texts.article("mill") == STORED
        (note,) = texts.notes
        assert note.startswith("Questions are shown by their ids alone.")
        assert "gone.jsonl" in note


def test_an_index_that_is_gone_is_said_and_the_set_is_read_all_the_same(dataset: Path, tmp_path: Path) -> None:
    with Texts.of(facts(dataset, tmp_path / "gone")) as texts:
        assert texts.question("q1") is not None
        assert texts.quote("art_1", Span(25, 34)) is None
        (note,) = texts.notes
        assert note.startswith("Passages are shown by their ids and offsets alone.")
        assert str(tmp_path / "gone") in note


def test_without_an_index_the_articles_are_those_of_the_set(dataset: Path) -> None:
    record = {"id": "mill", "title": "The mill", "text": TEXT}
    dataset.with_name("articles.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    with Texts.of(facts(dataset.parent, None)) as texts:
        assert texts.quote("mill", Span(25, 34)) == "Ada Thorn"
        assert texts.notes == ()


def test_another_set_or_index_can_be_named(dataset: Path, index: Path, tmp_path: Path) -> None:
    named = facts(tmp_path / "gone", tmp_path / "gone", digest=read_dataset(dataset).digest)
    with Texts.of(named, dataset=dataset, index=index) as texts:
        assert texts.question("q1") is not None
        assert texts.article("mill") == STORED
        assert texts.notes == ()


def test_known_item_questions_are_made_anew(sample_index: Path, tmp_path: Path) -> None:
    with contextlib.closing(Store.open(sample_index)) as store, store.reading():
        made = known_items(store, sample_index, most=6, seed=3)
        index = IndexFacts(str(sample_index), store.generation, 44, 1, "words", "e" * 64, "float32")
    synthetic = DatasetFacts(made.name, str(made.path), made.format, made.digest, 6, made.notes, seed=3)
    of_samples = replace(facts(tmp_path, None, digest=""), dataset=synthetic, index=index, limit=6)
    with Texts.of(of_samples) as texts:
        assert [texts.question(question.id) for question in made.questions] == list(made.questions)
        assert texts.notes == ()
    with Texts.of(replace(of_samples, index=None)) as texts:
        assert texts.question(made.questions[0].id) is None
        assert f"They were made of the index {sample_index}, which is not there." in texts.notes[0]


def test_the_questions_are_those_of_the_split_that_was_asked(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "mill", "title": "", "text": TEXT}) + "\n")
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps({"_id": id_, "text": f"Who {id_}?"}) + "\n" for id_ in "ab"))
    for split, id_ in (("test", "a"), ("dev", "b")):
        (tmp_path / "qrels" / f"{split}.tsv").write_text(f"query-id\tcorpus-id\tscore\n{id_}\tmill\t1\n")
    of_split = DatasetFacts("beir", str(tmp_path), "beir", read_dataset(tmp_path, split="dev").digest, 1, (), split="dev")
    with Texts.of(replace(facts(tmp_path, None, digest=""), dataset=of_split)) as texts:
        assert texts.question("b") is not None
        assert texts.notes == ()


def test_a_set_that_has_changed_since_is_said(dataset: Path, index: Path) -> None:
    with Texts.of(facts(dataset, index, digest="d" * 64)) as texts:
        (note,) = texts.notes
        assert "is not the one the run was made with" in note


def test_an_index_that_has_changed_since_is_said(dataset: Path, index: Path) -> None:
    with Texts.of(facts(dataset, index, generation=3)) as texts:
        (note,) = texts.notes
        assert "is at generation 4, the run was made at 3" in note


def test_places_of_an_answer_are_those_of_its_words_in_the_judged_article() -> None:
    judged = JudgedQuestion("q3", "When?", JudgedBy.ANSWERS, (Judgement("mill", None, 1),), answers=("1952",))
    texts = Texts({"q3": judged}, GivenArticles([STORED]))
    assert texts.judged("q3") == (Item("art_1", (Span(19, 23),), 1),)
