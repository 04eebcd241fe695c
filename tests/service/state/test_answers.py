"""Answers that are kept: what goes in comes out, until its time or its articles are over."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.errors import StorageError
from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.quotes import KeptQuote
from qa.base.types import Span
from qa.index.layout import STATE_FILE
from qa.service.state.answers import KeptAnswer, State
from qa.service.state.file import _MIGRATIONS

VERSION = ("a", "d" * 64)
LONG_AGO = "2000-01-01T00:00:00Z"


def cited(article: str, number: int = 1, *, quote: str = "The ferry sails.", digest: str = "d" * 64) -> KeptQuote:
    return KeptQuote("citations", number, article, digest, Span(3, 3 + len(quote)), quote)


def shape(*quotes: KeptQuote) -> str:
    """As much of the API's answer as the state looks at."""
    held = [
        {
            "number": one.number,
            "article_id": one.article_id,
            "article_title": "Ferry",
            "cited_text": one.quote,
            "text_before": "Before it.",
            "selector": [{"exact": one.quote, "prefix": "a", "suffix": "b"}, {"start": 3, "end": 9}],
            "links": {"sentence": "/articles/a", "original": "https://a.example/#:~:text=ferry"},
        }
        for one in quotes
    ]
    text = " ".join(f"{one.quote} [{one.number}]" for one in quotes)
    return json.dumps({"citations": held, "nearest": [], "answer": text, "short_answer": {"citation": 1, "text": "ferry"}})


def answer(id_: str, *quotes: KeptQuote, created_at: str = "2024-03-08T12:00:00Z") -> KeptAnswer:
    return KeptAnswer(id_, created_at, shape(*quotes), quotes)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


def test_an_answer_comes_back_field_for_field(state: State) -> None:
    kept = answer("ans_1", cited("a"), cited("b", 2, quote="It is late. ‰"))
    state.keep(kept, older_than=LONG_AGO)
    assert state.answer("ans_1") == kept
    assert state.answer("ans_2") is None


def test_before_the_first_answer_there_is_no_file_and_nothing_is_found(state: State, tmp_path: Path) -> None:
    assert state.answer("ans_1") is None
    assert state.shown([VERSION]) == set()
    state.purge(["a"])
    assert list(tmp_path.iterdir()) == []


def test_answers_older_than_they_are_kept_go_with_their_quotes(state: State) -> None:
    state.keep(answer("old", cited("a"), created_at="2024-01-01T00:00:00Z"), older_than=LONG_AGO)
    state.keep(answer("new", cited("b")), older_than="2024-01-02T00:00:00Z")
    assert state.answer("old") is None
    assert state.shown([VERSION]) == set()
    assert state.shown([VERSION, ("b", "d" * 64)]) == {("b", "d" * 64)}


def test_a_version_is_shown_when_a_kept_answer_quotes_it(state: State) -> None:
    state.keep(answer("ans_1", cited("a")), older_than=LONG_AGO)
    assert state.shown([VERSION, ("a", "e" * 64), ("b", "d" * 64)]) == {VERSION}


def test_a_purged_article_loses_its_words_everywhere_and_others_keep_theirs(state: State, tmp_path: Path) -> None:
    secret = "Zanzibarquote is nobody's business."
    state.keep(answer("ans_1", cited("a", 1, quote=secret), cited("b", 2)), older_than=LONG_AGO)
    state.keep(answer("ans_2", cited("b")), older_than=LONG_AGO)
    state.purge(["a"])
    found = state.answer("ans_1")
    assert found is not None
    first, second = found.quotes
    assert (first.quote, first.span, second.quote) == ("", Span(3, 3 + len(secret)), "The ferry sails.")
    body = json.loads(found.body)
    assert body["answer"] == "[removed] [1] The ferry sails. [2]"
    assert body["short_answer"] is None
    gone, kept = body["citations"]
    assert (gone["cited_text"], gone["text_before"], gone["links"]["original"]) == ("", None, None)
    assert kept["cited_text"] == "The ferry sails."
    assert state.answer("ans_2") == answer("ans_2", cited("b"))
    assert b"Zanzibarquote" not in (tmp_path / STATE_FILE).read_bytes()


def test_several_threads_keep_answers_at_once(tmp_path: Path) -> None:
    def keep(which: int) -> None:
        for number in range(10):
            State(tmp_path).keep(answer(f"ans_{which}_{number}", cited("a")), older_than=LONG_AGO)

    threads = [threading.Thread(target=keep, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE)) as made:
        assert made.execute("SELECT count(*) FROM answers").fetchone() == (40,)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""], ids=["another file", "empty"])
def test_a_file_of_another_kind_is_told_and_an_empty_one_is_made(state: State, tmp_path: Path, content: bytes) -> None:
    (tmp_path / STATE_FILE).write_bytes(content)
    if content:
        with pytest.raises(StorageError, match="keeps no answers"):
            state.keep(answer("ans_1"), older_than=LONG_AGO)
    else:
        state.keep(answer("ans_1"), older_than=LONG_AGO)
        assert state.answer("ans_1") is not None


def test_a_file_of_a_later_qa_is_refused(state: State, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE)) as made:
        made.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match=r"version 99, this qa writes \d+\. Install a newer qa"):
        state.keep(answer("ans_1"), older_than=LONG_AGO)


def test_a_file_that_is_not_made_yet_holds_no_answer(state: State, tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).touch()  # as another process leaves it for a moment
    assert state.answer("ans_1") is None
    assert state.shown([VERSION]) == set()


def test_a_folder_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Check the folder's permissions"):
        State(tmp_path / "missing").keep(answer("ans_1"), older_than=LONG_AGO)


# What was said of answers

SAID_AT = "2024-03-08T13:00:00.000000+00:00"


def judged(id_: str, *sentences: JudgedSentence) -> JudgedAnswer:
    return JudgedAnswer(id_, "When does the ferry sail?", "2024-03-08T12:00:00Z", is_narrowed=False, sentences=sentences)


def sentence(article: str, number: int = 1, *, shown: str = "citations", digest: str = "d" * 64) -> JudgedSentence:
    return JudgedSentence(shown, number, article, digest, Span(3, 9))


def test_what_is_said_of_an_answer_and_of_its_sentences_comes_back(state: State) -> None:
    answer = judged("ans_1", sentence("a"), sentence("b", 2), sentence("c", shown="nearest"))
    state.judge(answer, Verdict.HELPFUL, said_at=SAID_AT)
    state.judge(answer, Verdict.WRONG, said_at=SAID_AT, sentence=("citations", 2))
    first, second, nearest = answer.sentences
    said = replace(answer, verdict=Verdict.HELPFUL, said_at=SAID_AT)
    wrong = replace(second, verdict=Verdict.WRONG, said_at=SAID_AT)
    assert state.judged() == [replace(said, sentences=(first, wrong, nearest))]
    assert state.judged_answer("ans_1") == state.judged()[0]
    assert state.judged_answer("ans_2") is None


def test_what_is_said_again_replaces_what_was_said_before(state: State) -> None:
    answer = judged("ans_1", sentence("a"))
    state.judge(answer, Verdict.HELPFUL, said_at=SAID_AT)
    state.judge(answer, Verdict.NOT_HELPFUL, said_at="2024-03-09")
    assert state.judged() == [replace(answer, verdict=Verdict.NOT_HELPFUL, said_at="2024-03-09")]


def test_taking_back_the_last_thing_said_of_an_answer_forgets_the_answer(state: State, tmp_path: Path) -> None:
    answer = judged("ans_1", sentence("a"))
    state.judge(answer, Verdict.HELPFUL, said_at=SAID_AT)
    state.judge(answer, Verdict.RIGHT, said_at=SAID_AT, sentence=("citations", 1))
    state.judge(answer, None, said_at=SAID_AT)
    assert state.judged() == [replace(answer, sentences=(replace(sentence("a"), verdict=Verdict.RIGHT, said_at=SAID_AT),))]
    state.judge(answer, None, said_at=SAID_AT, sentence=("citations", 1))
    assert state.judged() == []
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE)) as made:
        assert made.execute("SELECT count(*) FROM judged_sentences").fetchone() == (0,)


def test_taking_back_what_was_never_said_leaves_nothing(state: State) -> None:
    state.judge(judged("ans_1", sentence("a")), None, said_at=SAID_AT)
    assert state.judged() == []


def test_what_was_said_outlives_the_answer_and_its_article_and_holds_no_word_of_it(state: State, tmp_path: Path) -> None:
    state.keep(answer("ans_1", cited("a", quote="Zanzibarquote.")), older_than=LONG_AGO)
    state.judge(judged("ans_1", sentence("a")), Verdict.HELPFUL, said_at=SAID_AT)
    state.purge(["a"])
    assert b"Zanzibarquote" not in (tmp_path / STATE_FILE).read_bytes()
    state.keep(answer("ans_2"), older_than="2025-01-01T00:00:00Z")
    assert state.answer("ans_1") is None
    assert [one.id for one in state.judged()] == ["ans_1"]


def test_a_version_that_a_judged_answer_cites_is_shown(state: State) -> None:
    state.judge(judged("ans_1", sentence("a")), Verdict.HELPFUL, said_at=SAID_AT)
    assert state.shown([VERSION, ("a", "e" * 64)]) == {VERSION}


def test_a_file_of_an_earlier_qa_holds_nothing_that_was_said_and_takes_it(state: State, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE, isolation_level=None)) as made:
        made.executescript(_MIGRATIONS[0])
        made.execute("PRAGMA user_version = 1")
    assert (state.judged(), state.shown([VERSION])) == ([], set())
    state.judge(judged("ans_1", sentence("a")), Verdict.HELPFUL, said_at=SAID_AT)
    assert [one.id for one in state.judged()] == ["ans_1"]
