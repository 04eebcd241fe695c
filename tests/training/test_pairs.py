"""Pairs: where the answer stands in a passage, and near misses that hold none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.types import Article, PassageRule, Span
from qa.evaluation.judgements import Dataset, JudgedBy, JudgedQuestion, Judgement
from qa.index.encoder import SentenceTransformerEncoder
from qa.training.pairs import Pair, SetPairs, pairs_of

MILL = (
    "The mill on Gallow Hill closed in 1952, after the flood. It had ground rye for two hundred years.\n\n"
    "Ada Thorn kept the keys of the mill until her death. Nobody else was let in.\n\n"
    "In 1952 the mill pond was drained, and eels lay in the mud for days. Children sold them in the market."
)
FERRY = "The ferry left at noon. The keys of the ferry were kept by Barnaby Quill, who slept aboard the ship for thirty years."
ARTICLES = (Article("art_1", "mill", "The mill", MILL), Article("art_2", "ferry", "The ferry", FERRY))
RULE = PassageRule(characters=110, overlap_sentences=0, title_tokens=32)


def judged(article_id: str, text: str, quote: str) -> Judgement:
    start = text.index(quote)
    return Judgement(article_id, Span(start, start + len(quote)), 1, quote)


@pytest.fixture
def make(encoder: SentenceTransformerEncoder) -> Callable[..., SetPairs]:
    def make_(*questions: JudgedQuestion, near_misses: int = 5) -> SetPairs:
        dataset = Dataset("harbour", Path("harbour"), "spans", "d", questions, lambda: ARTICLES)
        return pairs_of(dataset, encoder, RULE, near_misses=near_misses)

    return make_


def answers(pair: Pair) -> list[str]:
    return [span.of(pair.passage.text) for span in pair.answers]


def test_a_judged_span_is_an_answer_in_the_passage_that_holds_it(make: Callable[..., SetPairs]) -> None:
    made = make(JudgedQuestion("q", "Who kept the keys of the mill?", JudgedBy.SPANS, (judged("mill", MILL, "Ada Thorn"),)))
    (example,) = made.examples
    (right,) = example.right
    assert (answers(right), right.passage.title) == (["Ada Thorn"], "The mill")
    assert right.passage.text.startswith("Ada Thorn kept")
    assert made.skipped == 0


def test_of_a_judged_sentence_the_answers_own_words_are_taken(make: Callable[..., SetPairs]) -> None:
    sentence = judged("mill", MILL, "Ada Thorn kept the keys of the mill until her death.")
    made = make(JudgedQuestion("q", "Who kept the keys?", JudgedBy.SPANS, (sentence,), answers=("ada thorn",)))
    assert answers(made.examples[0].right[0]) == ["Ada Thorn"]


def test_near_misses_rank_high_and_hold_neither_a_judged_place_nor_an_answer(make: Callable[..., SetPairs]) -> None:
    question = JudgedQuestion("q", "When did the mill close?", JudgedBy.SPANS, (judged("mill", MILL, "1952"),), answers=("1952",))
    (example,) = make(question).examples
    assert example.near_misses
    for miss in example.near_misses:
        assert miss.answers == ()
        assert "1952" not in miss.passage.text  # the drained pond is left out: it says 1952 too
    (nearest,) = make(question, near_misses=1).examples[0].near_misses
    assert nearest == example.near_misses[0]
    assert "mill" in nearest.passage.text


def test_where_articles_are_judged_by_an_answers_words_every_place_counts(make: Callable[..., SetPairs]) -> None:
    question = JudgedQuestion(
        "q", "When was the pond drained?", JudgedBy.ANSWERS, (Judgement("mill", None, 1),), answers=("1952",)
    )
    first, second = make(question).examples[0].right
    assert "drained" in first.passage.text  # the question's words find it first
    assert answers(first) == answers(second) == ["1952"]


def test_an_unanswerable_question_has_near_misses_alone(make: Callable[..., SetPairs]) -> None:
    (example,) = make(JudgedQuestion("q", "Who sold the mill?", JudgedBy.SPANS, (), answerable=False)).examples
    assert example.right == () and example.near_misses


def test_questions_without_a_label_are_skipped_and_counted(make: Callable[..., SetPairs]) -> None:
    unknown = JudgedQuestion("q1", "Who?", JudgedBy.SPANS, (), answerable=None)
    elsewhere = JudgedQuestion("q2", "Who?", JudgedBy.ANSWERS, (Judgement("mill", None, 1),), answers=("Nobody Known",))
    made = make(unknown, elsewhere)
    assert (made.examples, made.skipped) == ((), 2)
