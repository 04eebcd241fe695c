from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.schemas import AnswerShape, answer_shape
from qa.service import Service
from web.conversations import Conversations


@pytest.fixture(scope="module")
def answer(sample_index: Path, open_service: Callable[..., Service]) -> AnswerShape:
    return answer_shape(open_service(sample_index).ask("Who is Wilhelmina Sorrowby?"))


def test_a_first_question_begins_a_conversation(answer: AnswerShape) -> None:
    conversations = Conversations()
    begun = conversations.append("", answer)
    assert [turn.number for turn in begun.turns] == [1]
    assert conversations.find(begun.id) == begun


def test_a_further_question_is_appended(answer: AnswerShape) -> None:
    conversations = Conversations()
    begun = conversations.append("", answer)
    grown = conversations.append(begun.id, answer)
    assert grown.id == begun.id
    assert [turn.number for turn in grown.turns] == [1, 2]
    assert [turn.number for turn in begun.turns] == [1]  # what a page is being made from does not change under it


def test_an_unknown_conversation_begins_anew_under_another_id(answer: AnswerShape) -> None:
    conversations = Conversations()
    assert conversations.find("cnv_guessed") is None
    assert conversations.append("cnv_guessed", answer).id != "cnv_guessed"


def test_ids_cannot_be_guessed(answer: AnswerShape) -> None:
    conversations = Conversations()
    ids = {conversations.append("", answer).id for _ in range(100)}
    assert len(ids) == 100
    assert min(map(len, ids)) >= len("cnv_") + 22  # 128 bits in base64


def test_the_conversation_unused_for_longest_makes_room(answer: AnswerShape) -> None:
    conversations = Conversations(most=2)
    first, second = (conversations.append("", answer).id for _ in range(2))
    conversations.find(first)
    third = conversations.append("", answer).id
    assert [conversations.find(known) is not None for known in (first, second, third)] == [True, False, True]


def test_the_first_turns_are_dropped_and_numbers_go_on(answer: AnswerShape) -> None:
    conversations = Conversations(most_turns=2)
    kept = conversations.append("", answer)
    for _ in range(3):
        kept = conversations.append(kept.id, answer)
    assert [turn.number for turn in kept.turns] == [3, 4]


def test_turns_of_many_threads_all_count(answer: AnswerShape) -> None:
    conversations = Conversations()
    begun = conversations.append("", answer)
    threads = [threading.Thread(target=conversations.append, args=(begun.id, answer)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = conversations.find(begun.id)
    assert found is not None
    assert [turn.number for turn in found.turns] == list(range(1, 22))
