"""`qa conversations` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.api.answer import AnswerShape
from qa.api.conversation import Conversation
from qa.service.state.conversations import History
from qa.service.state.file import StateFile

Run = Callable[..., tuple[int, str, str]]
QUESTION = "Who keeps the lighthouse?"


@pytest.fixture
def conversation(small: Callable[[dict[str, str]], None], run: Run) -> Conversation:
    """In the default index, about an article that was edited since."""
    article = {"id": "keeper", "title": "Lights", "text": "Barnaby Quill keeps the lighthouse.", "published_at": "2024-03-08"}
    small(article)
    answer = AnswerShape.model_validate_json(run("ask", "--json", QUESTION)[1])
    history = History(StateFile(Path("indexes/default").absolute()))
    history.append("", answer.model_copy(update={"id": "ans_other", "question": "Something else?"}))
    kept = history.append("", answer)
    small({**article, "text": "Odette Quill keeps the lighthouse."})
    return kept


def test_conversations_are_listed_searched_shown_and_saved(run: Run, conversation: Conversation) -> None:
    code, out, note = run("conversations")
    assert (code, [line.split("\t")[2:] for line in out.splitlines()]) == (0, [["1", QUESTION], ["1", "Something else?"]])
    assert "2 conversations in " in note
    assert run("conversations", "--search", "else something")[1].splitlines() == [out.splitlines()[1]]
    assert "No conversation holds these words" in run("conversations", "--search", "zeppelin")[2]
    _, shown, _ = run("conversations", "show", conversation.id)
    assert f"Question: {QUESTION}\n" in shown
    assert "[1] Barnaby Quill keeps the lighthouse.\n    — Lights\n      8 March 2024\n" in shown
    assert "[1] This sentence was edited after the answer was given.\n" in shown
    assert "As it is now: Odette Quill keeps the lighthouse.\n" in shown
    assert run("conversations", "export", conversation.id)[1].startswith(f"# {QUESTION}\n")
    assert json.loads(run("conversations", "export", conversation.id, "--format", "json")[1])["id"] == conversation.id
    assert run("conversations", "export", conversation.id, "--format", "html")[1].startswith("<!doctype html>")


def test_who_finds_none_is_told_which_are_kept(run: Run, small: Callable[[dict[str, str]], None]) -> None:
    small({"id": "a", "text": "The pier has 12 piles."})
    assert "Those of `qa serve` and `qa chat` are." in run("conversations")[2]


def test_a_conversation_that_is_not_kept_is_an_error_with_the_way_to_those_that_are(run: Run) -> None:
    code, _, error = run("conversations", "show", "cnv_none")
    assert code == 1
    assert "No conversation 'cnv_none' is kept here. `qa conversations`" in error
    assert run("conversations", "export", "cnv_none", "--format", "xml")[0] == 2
