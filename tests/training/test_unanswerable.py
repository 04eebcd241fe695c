"""Questions that are changed until their passage does not answer them."""

from __future__ import annotations

import random

import pytest

from qa.training.unanswerable import unanswerable

TEXT = (
    "The keys of Gallow Hill were kept by Ada Thorn in 1952, and in 1961 by a man of Old Mill. "
    "On Monday, in March, 40 eels lay dead."
)


def made(question: str, *, text: str = TEXT, tries: int = 40) -> set[str]:
    """All that comes of so many tries."""
    found = (unanswerable(question, text, random.Random(seed)) for seed in range(tries))
    return {one for one in found if one is not None}


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Who kept the keys in 1952?", {"Who kept the keys in 1961?"}),
        ("Who counted the 12 eels?", {"Who counted the 40 eels?"}),
        ("Who came on Friday?", {"Who came on Monday?"}),
        ("Who came in May?", {"Who came in March?"}),
        ("who of Old Mill had them?", {"who of Gallow Hill had them?", "who of Ada Thorn had them?"}),
    ],
)
def test_a_name_a_number_or_a_date_is_swapped_for_another_of_its_kind(question: str, changed: set[str]) -> None:
    assert changed & made(question)
    assert (
        not made(question)
        - changed
        - {"who of Monday had them?", "who of March had them?", "Who counted the 1952 eels?", "Who counted the 1961 eels?"}
    )


def test_what_the_question_names_already_is_not_put_in_again() -> None:
    text = "In Old Mill lived Ada Thorn."
    assert made("who left Old Mill with Ada Thorn?", text=text) == set()


def test_a_word_that_begins_a_sentence_is_no_name() -> None:
    assert made("Where did it stand?", text="Eels lay there. Nobody came.") == set()


def test_without_a_name_a_word_becomes_its_antonym() -> None:
    assert made("who came first?") == {"who came last?"}


def test_without_either_some_questions_are_negated() -> None:
    assert made("who was there?") == {"who was not there?"}
    tries = [unanswerable("who was there?", TEXT, random.Random(seed)) for seed in range(200)]
    assert 30 <= sum(one is not None for one in tries) <= 90


def test_a_question_with_nothing_to_change_gives_none() -> None:
    assert made("who sold eels?") == set()
