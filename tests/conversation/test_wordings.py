"""A question that may need earlier turns is searched for with two wordings."""

from __future__ import annotations

import pytest

from qa.conversation import Turn, as_given, resolve

FARADAY = Turn(
    "Who discovered benzene?",
    answer="Michael Faraday isolated benzene in 1825.",
    short_answer="Michael Faraday",
    titles=("A gas from whale oil", "Michael Faraday"),
)
CANCER = Turn("What is throat cancer?", answer="It is a tumour of the throat.", short_answer="a tumour of the throat")
PORT = Turn("How many tonnes of cargo did the port handle in 2024?", answer="It was 6.4 million.", short_answer="6.4 million")


@pytest.mark.parametrize("earlier, question", [([], "Is it treatable?"), ([FARADAY], "Where did Ada Lovelace live?")])
def test_a_question_that_needs_no_turn_has_one_wording(earlier: list[Turn], question: str) -> None:
    assert resolve(question, earlier).searched_for == (question,)


def test_words_chosen_for_a_question_are_the_only_wording() -> None:
    assert as_given("When was he born?", "When was Michael Faraday born?").searched_for == ("When was Michael Faraday born?",)


def test_a_name_that_is_filled_in_is_searched_for_and_so_is_the_conversation() -> None:
    assert resolve("When was he born?", [FARADAY]).searched_for == (
        "When was Michael Faraday born?",
        "A gas from whale oil Who discovered benzene? When was Michael Faraday born?",
    )


def test_a_noun_that_is_filled_in_is_searched_for_beside_the_words_as_typed() -> None:
    assert resolve("Is it treatable?", [CANCER]).searched_for == (
        "Is it treatable?",
        "What is throat cancer? Is throat cancer treatable?",
    )


def test_a_question_without_a_name_has_the_conversation_beside_it() -> None:
    question = "What ingredients are needed to make arepa?"
    assert resolve(question, [CANCER]).searched_for == (question, f"What is throat cancer? {question}")


@pytest.mark.parametrize("question", ["Why?", "And in 2023?", "When did it open?"])
def test_words_that_say_nothing_alone_are_not_searched_for_alone(question: str) -> None:
    resolved = resolve(question, [PORT])
    assert resolved.searched_for[0] == resolved.standalone_question != question


def test_the_last_three_questions_count_and_not_too_many_words_of_them() -> None:
    turns = [Turn(f"What is number {n}?") for n in range(1, 6)]
    (_, conversation) = resolve("Is it prime?", turns).searched_for
    assert "number 2" not in conversation
    assert all(f"number {n}" in conversation for n in (3, 4, 5))
    (_, conversation) = resolve("Is it prime?", [Turn(f"What is {'x' * 290}?")] * 3).searched_for
    assert len(conversation) <= 600
