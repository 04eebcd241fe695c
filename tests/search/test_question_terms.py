"""A question's terms: which, how heavy, and which of them are of names and of numbers."""

from __future__ import annotations

import math

import pytest

from qa.base.terms import term_keys
from qa.search.question_terms import QuestionTerms, question_terms

FREQUENCIES = {"who": 90, "the": 100}


def terms_of(question: str) -> QuestionTerms:
    return question_terms(
        question, lambda text: text.lower().replace("?", "").split(), lambda term: FREQUENCIES.get(term, 0), passages=100
    )


def test_each_term_stands_once_in_the_order_of_the_question() -> None:
    made = terms_of("who met the mayor the day before?")
    assert made.keys.tolist() == term_keys(["who", "met", "the", "mayor", "day", "before"]).tolist()
    assert made.pairs == [(0, 1), (1, 2), (2, 3), (3, 2), (2, 4), (4, 5)]


def test_a_weight_is_the_inverse_frequency_of_bm25() -> None:
    weights = terms_of("who met the").weights.tolist()
    assert weights == pytest.approx([math.log(1 + 10.5 / 90.5), math.log(1 + 100.5 / 0.5), math.log(1 + 0.5 / 100.5)])


def test_words_with_a_capital_are_names_and_the_first_needs_two() -> None:
    assert terms_of("Who met Ada Thorn of the BBC").names.tolist() == [False, False, True, True, False, False, True]
    assert terms_of("NATO met").names.tolist() == [True, False]


def test_words_with_a_digit_are_numbers() -> None:
    assert terms_of("who won in 2024 by 3rd").numbers.tolist() == [False, False, False, True, False, True]


def test_a_question_without_terms_has_none() -> None:
    made = terms_of("?")
    assert (made.keys.tolist(), made.weights.tolist(), made.pairs) == ([], [], [])
