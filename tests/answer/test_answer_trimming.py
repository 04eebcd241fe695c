"""Short answers lose the mark of their sentence and what follows their value, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.answer_trimming import trimmed, without_final_mark
from qa.base.types import Span


def shortened(words: str) -> str:
    text = f"So it was {words}"
    return without_final_mark(text, Span(len(text) - len(words), len(text))).of(text)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("33.", "33"),
        ("31,", "31"),
        ("18 Wagen.", "18 Wagen"),
        ("the 1690s;", "the 1690s"),
        ("Ada Thorn of Pellworth.", "Ada Thorn of Pellworth"),
        ("2.31.", "2.31"),
        ("«nada».", "«nada»"),
    ],
)
def test_the_mark_of_the_sentence_is_left_out(words: str, left: str) -> None:
    assert shortened(words) == left


@pytest.mark.parametrize(
    "words", ["the U.S.", "at 6.40 p.m.", "Orrin Glass Inc.", "John F.", "twelve", "…", ".", "what?", "(nine)"]
)
def test_other_marks_stay(words: str) -> None:
    assert shortened(words) == words


@given(st.text(min_size=1, max_size=40))
def test_whatever_the_words_their_beginning_stays(words: str) -> None:
    assert words.startswith(shortened(words)) and shortened(words)


@pytest.mark.parametrize(
    ("question", "words", "left"),
    [
        ("How many people were hurt?", "nine and not twelve", "nine"),
        ("How many people were hurt?", "nine, not twelve as first reported", "nine"),
        ("When was that?", "Monday was nine and not twelve", "Monday"),
        ("Who won?", "Ada Thorn rather than Ben Carr.", "Ada Thorn"),
        ("Why did it burn?", "the wiring was old and not the malt", "the wiring was old and not the malt"),
        ("How many came?", "not one", "not one"),
        ("When did it open?", "on 1 November 1864", "on 1 November 1864"),
        ("When will it open?", "There are no plans", "There are no plans"),
    ],
)
def test_what_follows_the_value_is_left_out(question: str, words: str, left: str) -> None:
    text = f"So it was {words}"
    assert trimmed(question, text, Span(len(text) - len(words), len(text))).of(text) == left
