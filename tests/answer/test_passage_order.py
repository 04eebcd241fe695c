"""Passages and their sentences → the passages by their best sentences."""

from __future__ import annotations

from qa.answer.passage_order import after_reading
from qa.base.types import Evidence, Hit, Span

FIRST, SECOND, OVERLAPPING = "a@12345678:0-100", "b@12345678:0-100", "a@12345678:50-200"


def sentence(passage: str, start: int, end: int, score: float) -> Evidence:
    return Evidence(passage, passage[0], "digest", 0, Span(start, end), "x" * (end - start), score, 0.5)


def order(read: list[str], *evidence: Evidence) -> list[tuple[str, float]]:
    return [(hit.passage_id, hit.score) for hit in after_reading([Hit(id_, 1.0) for id_ in read], evidence)]


def test_a_passage_has_the_score_of_its_best_sentence() -> None:
    sentences = [sentence(SECOND, 0, 40, 9), sentence(SECOND, 40, 80, 7), sentence(FIRST, 0, 40, 8)]
    assert order([FIRST, SECOND], *sentences) == [(SECOND, 9), (FIRST, 8)]


def test_a_sentence_of_two_passages_counts_for_both_in_the_order_before_reading() -> None:
    assert order([OVERLAPPING, FIRST], sentence(FIRST, 60, 90, 5)) == [(OVERLAPPING, 5), (FIRST, 5)]


def test_a_part_of_a_sentence_counts_for_the_passage_that_it_was_read_in() -> None:
    assert order([FIRST, OVERLAPPING], sentence(OVERLAPPING, 40, 250, 5)) == [(OVERLAPPING, 5)]


def test_a_sentence_of_another_article_at_the_same_place_counts_for_none() -> None:
    assert order([FIRST, SECOND], sentence(FIRST, 0, 40, 5)) == [(FIRST, 5)]
