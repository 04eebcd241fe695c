"""The order after reading: scores by hand, and what agreement adds."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from qa.answer.passage_scores import (
    CONTAINED,
    RELEVANCE_WEIGHT,
    SPAN_WEIGHT,
    SPAN_WEIGHT_ALONE,
    TEMPERATURE,
    Floats,
    best_answers,
    own_scores,
    votes,
)
from qa.answer.reading import AnswerSpan, PassageReading
from qa.base.protocols import Candidate
from qa.base.types import Article, Passage, Sentence, SentenceKind, Span

TEXT = "Ada Thorn kept the keys."


@pytest.fixture
def candidate(article: Callable[..., Article]) -> Callable[[str, float], Candidate]:
    def made(article_id: str, score: float) -> Candidate:
        span = Span(0, len(TEXT))
        passage = Passage(f"{article_id}@1", article_id, span, (Sentence(0, span, SentenceKind.PROSE),))
        return Candidate(passage, article(article_id, TEXT), "", score=score)

    return made


def read(start: int, end: int, score: float, relevance: float | None) -> PassageReading:
    best = AnswerSpan(Span(start, end), score)
    return PassageReading((best,), best=best, no_answer=0.0, relevance=relevance)


def with_votes(own: Floats, answers: list[str]) -> Floats:
    raised: Floats = own + votes(own, answers, range(len(own)), own, answers).added
    return raised


def test_ranking_relevance_and_span_add_up(candidate: Callable[[str, float], Candidate]) -> None:
    scores = own_scores([candidate("art_1", -1.0)], [read(0, 9, 5.0, 2.0)])
    assert scores.tolist() == pytest.approx([-1.0 + RELEVANCE_WEIGHT * 2.0 + SPAN_WEIGHT * 5.0])


def test_a_reader_without_relevance_is_judged_by_its_span(candidate: Callable[[str, float], Candidate]) -> None:
    scores = own_scores([candidate("art_1", -1.0)], [read(0, 9, 6.0, None)])
    assert scores.tolist() == pytest.approx([-1.0 + SPAN_WEIGHT_ALONE * 6.0])


def test_a_passage_in_which_nothing_was_read_has_its_ranking_alone(candidate: Callable[[str, float], Candidate]) -> None:
    nothing = PassageReading((None,), best=None, no_answer=0.0)
    assert own_scores([candidate("art_1", -1.0)], [nothing]).tolist() == [-1.0]


def test_two_passages_with_one_answer_speak_for_each_other() -> None:
    scores = with_votes(np.array([1.0, 1.0, 1.0]), ["Ada Thorn", "ada thorn", "Barnaby Quill"])
    assert scores.tolist() == pytest.approx([1 + TEMPERATURE / 2 * math.log(2)] * 2 + [1.0])


def test_a_weak_passage_says_little_for_a_strong_one_and_a_strong_one_much_for_a_weak_one() -> None:
    strong, weak = with_votes(np.array([4.0, -2.0]), ["Ada", "Ada"]).tolist()
    assert strong == pytest.approx(4 + TEMPERATURE / 2 * math.log1p(math.exp(-6 / TEMPERATURE)))
    assert weak == pytest.approx(-2 + TEMPERATURE / 2 * math.log1p(math.exp(6 / TEMPERATURE)))
    assert strong > weak


def test_an_answer_that_contains_the_other_has_a_part_of_a_voice() -> None:
    one, other = with_votes(np.array([0.0, 0.0]), ["Ada", "Ada Thorn"]).tolist()
    assert one == other == pytest.approx(TEMPERATURE / 2 * math.log1p(CONTAINED))


def test_another_answer_of_a_passage_is_voted_for_by_the_others() -> None:
    own = np.array([2.0, 1.0])
    (added,) = votes(np.array([0.0]), ["Quill"], [0], own, ["Ada", "Quill"]).added.tolist()
    assert added == pytest.approx(TEMPERATURE / 2 * math.log1p(math.exp(1 / TEMPERATURE)))


def test_a_share_is_the_part_of_all_voices() -> None:
    own = np.array([2.0, 2.0, 2.0])
    shares = votes(own, ["Ada", "Ada", "Quill"], range(3), own, ["Ada", "Ada", "Quill"]).share
    assert shares.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])


def test_passages_without_an_answer_do_not_agree() -> None:
    assert with_votes(np.array([0.0, 0.0]), ["", ""]).tolist() == [0, 0]


def test_agreement_puts_two_passages_before_a_slightly_better_one(candidate: Callable[[str, float], Candidate]) -> None:
    candidates = [candidate("art_1", 0.5), candidate("art_2", 0.0), candidate("art_3", 0.0)]
    readings = [read(15, 23, 1, 1), read(0, 9, 1, 1), read(0, 9, 1, 1)]
    own, answers = own_scores(candidates, readings), best_answers(candidates, readings)
    assert answers == ["the keys", "Ada Thorn", "Ada Thorn"]
    first, *agreeing = with_votes(own, answers).tolist()
    assert own.argmax() == 0 and min(agreeing) > first
