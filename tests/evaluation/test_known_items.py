from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.answer.word_weights import FUNCTION_WORDS
from qa.base.errors import DatasetError
from qa.base.stages import SEARCH_STAGES
from qa.base.types import Article
from qa.evaluation.figures import figures
from qa.evaluation.indexes import IndexPlan
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.known_items import known_items
from qa.evaluation.runner import Plan, run_set
from qa.index.store import Store
from qa.service.build import Indexer
from qa.service.service import Service


@pytest.fixture
def store(sample_index: Path) -> Iterator[Store]:
    with contextlib.closing(Store.open(sample_index)) as opened, opened.reading():
        yield opened


def test_the_same_articles_and_seed_make_the_same_questions(store: Store, sample_index: Path) -> None:
    first, again = (known_items(store, sample_index, most=40, seed=1) for _ in range(2))
    assert first == again
    other = known_items(store, sample_index, most=40, seed=2)
    assert {question.question for question in other.questions} != {question.question for question in first.questions}
    assert other.digest != first.digest


def test_half_are_headlines_of_articles_and_half_are_words_of_a_sentence(store: Store, sample_index: Path) -> None:
    made = known_items(store, sample_index, most=40, seed=1)
    assert [question.kind for question in made.questions] == ["headline"] * 20 + ["sentence"] * 20
    for question in made.questions:
        (judged,) = question.judgements
        stored = store.article(judged.article_id)
        assert stored is not None
        if question.kind == "headline":
            assert (question.question, question.judged_by, judged.span) == (stored.article.title, JudgedBy.ARTICLES, None)
        else:
            assert judged.span is not None and question.judged_by is JudgedBy.SPANS
            sentence = judged.span.of(stored.article.text)
            assert all(word in sentence and word.lower() not in FUNCTION_WORDS for word in question.question.split())
            assert len(question.question.split()) < len(sentence.split())


def test_they_are_said_to_be_synthetic(store: Store, sample_index: Path) -> None:
    made = known_items(store, sample_index, most=10, seed=3)
    assert made.seed == 3
    assert made.notes == ("the questions are synthetic, made of the index's own headlines and sentences with seed 3",)


def test_an_index_finds_what_is_in_it(sample_index: Path, store: Store, open_service: Callable[..., Service]) -> None:
    made = known_items(store, sample_index, most=88, seed=7)
    run = run_set(
        made,
        open_service(sample_index),
        Plan(stages=SEARCH_STAGES),
        index=IndexPlan(sample_index, {}, False, ()),
        progress=lambda *_: None,
    )
    found = {(figure.stage, figure.measure): figure.value for figure in figures(run)}
    assert found["merged", "success@10"] > 0.95


def test_an_index_of_which_no_question_can_be_made_is_told(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article], tmp_path: Path
) -> None:
    make_indexer(tmp_path / "tiny").add([article("a", "A short one.", title="A short one.")])
    with (
        contextlib.closing(Store.open(tmp_path / "tiny")) as opened,
        opened.reading(),
        pytest.raises(DatasetError, match="No known-item question can be made of the 1 articles"),
    ):
        known_items(opened, tmp_path / "tiny", most=10, seed=1)
