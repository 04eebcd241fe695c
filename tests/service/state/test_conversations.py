"""Conversations that are kept: found again, renamed, removed and brought back, edited, and forgotten in time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import qa.service.state.conversations
from qa.api.answer import AnswerShape, answer_shape
from qa.base.errors import ConversationNotFound
from qa.service.service import Service
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.conversations import History
from qa.service.state.file import StateFile, StateInMemory


@pytest.fixture(scope="module")
def given(sample_index: Path, open_service: Callable[..., Service]) -> AnswerShape:
    return answer_shape(open_service(sample_index).ask("How old was Wilhelmina Sorrowby when she died?"))


@pytest.fixture(params=["in a file", "in memory"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> History:
    return History(StateFile(tmp_path) if request.param == "in a file" else StateInMemory())


def numbered(given: AnswerShape, number: int, question: str = "Who?") -> AnswerShape:
    return given.model_copy(update={"id": f"ans_{number}", "question": question})


def questions(history: History, conversation_id: str) -> list[tuple[int, str]]:
    return [(turn.number, turn.answer.question) for turn in history.find(conversation_id).turns]


def test_a_first_question_begins_a_conversation_and_names_it(history: History, given: AnswerShape) -> None:
    begun = history.append("", given)
    assert begun.title == given.question
    assert [turn.number for turn in begun.turns] == [1]
    assert begun.turns[0].answer == given
    assert history.find(begun.id) == begun


def test_a_further_question_is_appended(history: History, given: AnswerShape) -> None:
    begun = history.append("", numbered(given, 1, "Who?"))
    grown = history.append(begun.id, numbered(given, 2, "When?"))
    assert (grown.id, grown.title) == (begun.id, "Who?")
    assert questions(history, begun.id) == [(1, "Who?"), (2, "When?")]


def test_an_unknown_conversation_begins_anew_under_another_id(history: History, given: AnswerShape) -> None:
    assert history.append("cnv_guessed", given).id != "cnv_guessed"
    with pytest.raises(ConversationNotFound, match="'cnv_guessed'"):
        history.find("cnv_guessed")


def test_ids_cannot_be_guessed(history: History, given: AnswerShape) -> None:
    ids = {history.append("", numbered(given, number)).id for number in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= len("cnv_") + 22  # 128 bits in base64


def test_the_one_asked_last_comes_first_and_pages_go_on(history: History, given: AnswerShape) -> None:
    ids = []
    for number in range(5):
        ids.append(history.append("", numbered(given, number, f"Question {number}?")).id)
        threading.Event().wait(0.002)
    history.append(ids[1], numbered(given, 9))
    first = history.page(limit=3)
    assert [line.id for line in first] == [ids[1], ids[4], ids[3]]
    assert [line.questions for line in first] == [2, 1, 1]
    rest = history.page(limit=3, before=first[-1].place)
    assert [line.id for line in rest] == [ids[2], ids[0]]


def test_words_are_looked_for_in_titles_questions_and_answers_and_mean_themselves(history: History, given: AnswerShape) -> None:
    found = history.append("", numbered(given, 1, "Who is the sailmaker?")).id
    history.append(found, numbered(given, 2, "Is it 100 % sure?"))
    history.append("", numbered(given, 3, "And the mayor?").model_copy(update={"answer": "Not found in these articles."}))
    assert [line.id for line in history.page("SAILMAKER sure", limit=9)] == [found]
    assert [line.id for line in history.page("Candle Lane", limit=9)] == [found]
    assert [line.id for line in history.page("100 %", limit=9)] == [found]
    assert history.page("_ sailmaker", limit=9) == []
    history.rename(found, "Größe")
    assert [line.id for line in history.page("GRÖSSE", limit=9)] == [found]


def test_a_conversation_is_renamed(history: History, given: AnswerShape) -> None:
    begun = history.append("", given)
    history.rename(begun.id, "  The last sailmaker ")
    assert history.find(begun.id).title == "The last sailmaker"
    for wrong in (" ", "x" * 121):
        with pytest.raises(ValueError, match="1 to 120 characters"):
            history.rename(begun.id, wrong)
    with pytest.raises(ConversationNotFound):
        history.rename("cnv_none", "x")


def test_one_that_is_removed_is_gone_until_it_is_brought_back(history: History, given: AnswerShape) -> None:
    begun = history.append("", given)
    history.remove(begun.id)
    assert history.page(limit=9) == []
    assert history.removed_title(begun.id) == given.question
    with pytest.raises(ConversationNotFound):
        history.find(begun.id)
    assert history.append(begun.id, numbered(given, 2)).id != begun.id
    history.restore(begun.id)
    assert history.find(begun.id) == begun
    assert history.removed_title(begun.id) is None


def test_what_was_removed_is_gone_for_good_after_ten_minutes(
    history: History, given: AnswerShape, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = history.append("", given)
    history.remove(begun.id)
    monkeypatch.setattr(qa.service.state.conversations, "REMOVED_KEPT", timedelta(seconds=-2))
    history.append("", numbered(given, 2))
    assert history.removed_title(begun.id) is None
    with pytest.raises(ConversationNotFound):
        history.restore(begun.id)


def test_a_question_is_edited_and_what_it_replaced_comes_back(history: History, given: AnswerShape) -> None:
    begun = history.append("", numbered(given, 1, "Who?"))
    for number, question in ((2, "When?"), (3, "Where?")):
        history.append(begun.id, numbered(given, number, question))
    history.append(begun.id, numbered(given, 4, "Since when?"), in_place_of=2)
    history.append(begun.id, numbered(given, 5, "Why?"))
    assert questions(history, begun.id) == [(1, "Who?"), (2, "Since when?"), (3, "Why?")]
    assert history.undoable(begun.id) == ("ans_4", 2)
    history.undo(begun.id, "ans_4")
    assert questions(history, begun.id) == [(1, "Who?"), (2, "When?"), (3, "Where?")]
    with pytest.raises(ConversationNotFound):
        history.undo(begun.id, "ans_4")
    assert history.undoable(begun.id) is None


def test_an_edit_of_an_edit_is_undone_step_by_step(history: History, given: AnswerShape) -> None:
    begun = history.append("", numbered(given, 1, "Who?"))
    for number, question in ((2, "What?"), (3, "Which?")):
        history.append(begun.id, numbered(given, number, question), in_place_of=1)
    assert history.find(begun.id).title == "Which?"
    history.undo(begun.id, "ans_3")
    assert history.undoable(begun.id) == ("ans_2", 1)
    assert history.find(begun.id).title == "What?"
    assert questions(history, begun.id) == [(1, "What?")]
    history.undo(begun.id, "ans_2")
    assert questions(history, begun.id) == [(1, "Who?")]
    assert history.undoable(begun.id) is None


def test_a_title_of_ones_own_outlives_the_first_question(history: History, given: AnswerShape) -> None:
    begun = history.append("", numbered(given, 1, "Who?"))
    history.rename(begun.id, "Sails")
    assert history.append(begun.id, numbered(given, 2, "What?"), in_place_of=1).title == "Sails"


def test_one_that_must_exist_is_not_begun_anew(history: History, given: AnswerShape) -> None:
    with pytest.raises(ConversationNotFound):
        history.append("cnv_none", given, must_exist=True)
    assert history.page(limit=9) == []


def test_conversations_that_nobody_asked_for_long_are_forgotten_with_their_answers(tmp_path: Path, given: AnswerShape) -> None:
    history = History(StateFile(tmp_path))
    old = history.append("", given)
    history.append("", numbered(given, 2), unused_since=datetime.now(UTC) + timedelta(seconds=1))
    assert len(history.page(limit=9)) == 1
    with pytest.raises(ConversationNotFound):
        history.find(old.id)
    assert AnswerLog(StateFile(tmp_path)).answer(given.id) is None


def test_an_answer_stays_for_as_long_as_its_conversation(tmp_path: Path, given: AnswerShape) -> None:
    history, state = History(StateFile(tmp_path)), AnswerLog(StateFile(tmp_path))
    begun = history.append("", given)
    state.keep(KeptAnswer("ans_other", "2999-01-02T00:00:00Z", "{}", ()), older_than="2999-01-01T00:00:00Z")
    assert history.find(begun.id).turns[0].answer == given


def test_the_oldest_make_room_where_so_many_are_kept(history: History, given: AnswerShape) -> None:
    ids = []
    for number in range(3):
        ids.append(history.append("", numbered(given, number), most=2).id)
        threading.Event().wait(0.002)
    assert [line.id for line in history.page(limit=9)] == [ids[2], ids[1]]


def test_turns_of_many_threads_all_count(history: History, given: AnswerShape) -> None:
    begun = history.append("", numbered(given, 0))
    threads = [threading.Thread(target=history.append, args=(begun.id, numbered(given, number))) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [turn.number for turn in history.find(begun.id).turns] == list(range(1, 22))


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    history = History(StateFile(tmp_path))
    assert history.page(limit=9) == []
    assert history.removed_title("cnv_1") is None
    with pytest.raises(ConversationNotFound):
        history.find("cnv_1")
    assert list(tmp_path.iterdir()) == []
