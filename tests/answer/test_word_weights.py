"""How much each word of a question counts."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from qa.answer.word_weights import word_weights
from qa.index.postings import TantivyPostings, write_postings


@pytest.fixture
def postings(tmp_path: Path) -> TantivyPostings:
    write_postings(tmp_path, [(1, "The ferry left the quay"), (2, "A ferry came"), (3, "The tide rose")])
    return TantivyPostings.open(tmp_path)


def test_function_words_do_not_count_beside_others(postings: TantivyPostings) -> None:
    assert set(word_weights("When did the ferry leave?", postings)) == {"ferri", "leav"}


def test_a_question_of_function_words_alone_keeps_them(postings: TantivyPostings) -> None:
    assert set(word_weights("Who is it?", postings)) == {"who", "is", "it"}


def test_weights_are_inverse_frequencies_over_the_index_and_a_background(postings: TantivyPostings) -> None:
    weights = word_weights("ferry zeppelin", postings)
    assert weights["ferri"] == pytest.approx(math.log(1 + (3 + 1000 - 7 + 0.5) / 7.5))  # in 2 of 3, and 5 of 1,000
    assert weights["zeppelin"] == pytest.approx(math.log(1 + (3 + 1000 - 5 + 0.5) / 5.5))
