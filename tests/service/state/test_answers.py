"""Answers that are kept: what goes in comes out, until its time or its articles are over."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from pathlib import Path

import pytest

from qa.base.errors import StateDamaged, StorageError
from qa.base.quotes import KeptQuote
from qa.base.types import Span
from qa.index.layout import STATE_FILE, STATE_JOURNAL_FILE
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.file import StateFile

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
            "lead_in": "Before it.",
            "display": {"text": "Shown."},
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
def log(tmp_path: Path) -> AnswerLog:
    return AnswerLog(StateFile(tmp_path))


def test_an_answer_comes_back_field_for_field(log: AnswerLog) -> None:
    kept = answer("ans_1", cited("a"), cited("b", 2, quote="It is late. ‰"))
    log.keep(kept, older_than=LONG_AGO)
    assert log.answer("ans_1") == kept
    assert log.answer("ans_2") is None


def test_before_the_first_answer_there_is_no_file_and_nothing_is_found(log: AnswerLog, tmp_path: Path) -> None:
    assert log.answer("ans_1") is None
    assert log.quoted([VERSION]) == set()
    log.purge(["a"])
    assert list(tmp_path.iterdir()) == []


def test_answers_older_than_they_are_kept_go_with_their_quotes(log: AnswerLog) -> None:
    log.keep(answer("old", cited("a"), created_at="2024-01-01T00:00:00Z"), older_than=LONG_AGO)
    log.keep(answer("new", cited("b")), older_than="2024-01-02T00:00:00Z")
    assert log.answer("old") is None
    assert log.quoted([VERSION]) == set()
    assert log.quoted([VERSION, ("b", "d" * 64)]) == {("b", "d" * 64)}


def test_a_version_is_shown_when_a_kept_answer_quotes_it(log: AnswerLog) -> None:
    log.keep(answer("ans_1", cited("a")), older_than=LONG_AGO)
    assert log.quoted([VERSION, ("a", "e" * 64), ("b", "d" * 64)]) == {VERSION}


def test_a_purged_article_loses_its_words_everywhere_and_others_keep_theirs(log: AnswerLog, tmp_path: Path) -> None:
    secret = "Zanzibarquote is nobody's business."
    log.keep(answer("ans_1", cited("a", 1, quote=secret), cited("b", 2)), older_than=LONG_AGO)
    log.keep(answer("ans_2", cited("b")), older_than=LONG_AGO)
    log.purge(["a"])
    found = log.answer("ans_1")
    assert found is not None
    first, second = found.quotes
    assert (first.quote, first.span, second.quote) == ("", Span(3, 3 + len(secret)), "The ferry sails.")
    body = json.loads(found.body)
    assert body["answer"] == "[removed] [1] The ferry sails. [2]"
    assert body["short_answer"] is None
    gone, kept = body["citations"]
    assert (gone["cited_text"], gone["text_before"], gone["lead_in"], gone["links"]["original"]) == ("", None, None, None)
    assert gone["display"] is None
    assert kept["cited_text"] == "The ferry sails."
    assert log.answer("ans_2") == answer("ans_2", cited("b"))
    assert b"Zanzibarquote" not in (tmp_path / STATE_FILE).read_bytes()


def test_several_threads_keep_answers_at_once(tmp_path: Path) -> None:
    def keep(which: int) -> None:
        for number in range(10):
            AnswerLog(StateFile(tmp_path)).keep(answer(f"ans_{which}_{number}", cited("a")), older_than=LONG_AGO)

    threads = [threading.Thread(target=keep, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE)) as made:
        assert made.execute("SELECT count(*) FROM answers").fetchone() == (40,)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""], ids=["another file", "empty"])
def test_a_file_of_another_kind_is_told_and_an_empty_one_is_made(log: AnswerLog, tmp_path: Path, content: bytes) -> None:
    (tmp_path / STATE_FILE).write_bytes(content)
    if content:
        with pytest.raises(StateDamaged, match="is damaged: file is not a database"):
            log.keep(answer("ans_1"), older_than=LONG_AGO)
    else:
        log.keep(answer("ans_1"), older_than=LONG_AGO)
        assert log.answer("ans_1") is not None


def test_a_file_of_a_later_qa_is_refused(log: AnswerLog, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE)) as made:
        made.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match=r"version 99, this qa writes \d+\. Install a newer qa"):
        log.keep(answer("ans_1"), older_than=LONG_AGO)


def test_a_file_that_is_not_made_yet_holds_no_answer(log: AnswerLog, tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).touch()  # as another process leaves it for a moment
    assert log.answer("ans_1") is None
    assert log.quoted([VERSION]) == set()


def test_a_folder_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Check the folder's permissions"):
        AnswerLog(StateFile(tmp_path / "missing")).keep(answer("ans_1"), older_than=LONG_AGO)


def test_what_a_killed_writer_left_is_undone_by_the_next_reader(log: AnswerLog, tmp_path: Path) -> None:
    log.keep(answer("ans_1", cited("a")), older_than=LONG_AGO)
    killed = tmp_path / "killed"
    killed.mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 1")  # so that a change is in the file before it is committed
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE answers SET body = ?", ("changed " * 100_000,))
        for name in (STATE_FILE, STATE_JOURNAL_FILE):
            (killed / name).write_bytes((tmp_path / name).read_bytes())
        writer.execute("ROLLBACK")
    left = StateFile(killed)
    assert AnswerLog(left).answer("ans_1") == answer("ans_1", cited("a"))
    assert left.problems() == []
