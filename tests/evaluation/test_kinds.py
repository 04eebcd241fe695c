from __future__ import annotations

import pytest

from qa.evaluation.kinds import answer_type, question_word, word_count


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who repaired the bridge?", "who"),
        ("The bridge was repaired by whom?", "who"),
        ("In which year did HOW the ferry sink?", "which"),
        ("How many people came?", "how many"),
        ("How did they come?", "how"),
        ("Name the mayor.", "other"),
        ("Somewhat unclear", "other"),
        ("Wie viele Punkte?", "other"),
    ],
)
def test_the_asking_word(question: str, expected: str) -> None:
    assert question_word(question) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("15 November", "date"),
        ("in 1864", "date"),
        ("Monday", "date"),
        ("March", "date"),
        ("23.5 million euros", "number"),
        ("eleven cracks", "number"),
        ("Fenna Oskarby", "name"),
        ("University of Varrowmouth", "name"),
        ("on to the beach", "phrase"),
        ("lorries of more than 18 tonnes have to keep to the bridge", "clause"),
        ("", "phrase"),
    ],
)
def test_what_an_answer_looks_like(answer: str, expected: str) -> None:
    assert answer_type(answer) == expected


def test_words_are_counted_without_marks() -> None:
    assert word_count("Who, then, came?") == 3
