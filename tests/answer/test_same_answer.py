"""Short answers → which of them say the same."""

from __future__ import annotations

import pytest

from qa.answer.same_answer import Likeness, likenesses, normalised


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("The Eider,", "eider"),
        ("a", "a"),
        ("“Mayor Ada  Thorn”", "mayor ada thorn"),
        ("Straße", "strasse"),
        ("２０２４", "2024"),
        ("…", ""),
    ],
)
def test_punctuation_case_and_an_article_before_it_do_not_tell_answers_apart(answer: str, words: str) -> None:
    assert normalised(answer) == words


def test_an_answer_within_another_is_alike_and_not_equal() -> None:
    found = likenesses(["Ada Thorn", "Mayor Ada Thorn", "Adam"], ["the Ada Thorn", "Ada", "Adam"])
    equal, contained, other = Likeness.EQUAL, Likeness.CONTAINED, Likeness.OTHER
    assert found.tolist() == [[equal, contained, other], [contained, contained, other], [other, other, equal]]


def test_an_answer_without_words_is_like_none() -> None:
    assert likenesses(["–"], ["–", "noon"]).tolist() == [[Likeness.OTHER, Likeness.OTHER]]


def test_no_answers_have_no_likenesses() -> None:
    assert likenesses([], ["noon"]).shape == (0, 1)
