"""Feedback, kept beside the index: read, replaced, withdrawn, and what outlives the answer."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.quotes import KeptQuote
from qa.base.types import Span
from qa.index.layout import STATE_FILE
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.feedback import FeedbackLog
from qa.service.state.file import _MIGRATIONS, StateFile

VERSION = ("a", "d" * 64)
SAID_AT = "2024-03-08T13:00:00.000000+00:00"


def judged(id_: str, *sentences: JudgedSentence) -> JudgedAnswer:
    return JudgedAnswer(id_, "When does the ferry sail?", "2024-03-08T12:00:00Z", is_narrowed=False, sentences=sentences)


def sentence(article: str, number: int = 1, *, shown: str = "citations", digest: str = "d" * 64) -> JudgedSentence:
    return JudgedSentence(shown, number, article, digest, Span(3, 9))


@pytest.fixture
def log(tmp_path: Path) -> FeedbackLog:
    return FeedbackLog(StateFile(tmp_path))


def test_feedback_on_an_answer_and_on_its_sentences_comes_back(log: FeedbackLog) -> None:
    answer = judged("ans_1", sentence("a"), sentence("b", 2), sentence("c", shown="nearest"))
    log.judge(answer, Verdict.HELPFUL, said_at=SAID_AT)
    log.judge(answer, Verdict.WRONG, said_at=SAID_AT, sentence=("citations", 2))
    first, second, nearest = answer.sentences
    said = replace(answer, verdict=Verdict.HELPFUL, said_at=SAID_AT)
    wrong = replace(second, verdict=Verdict.WRONG, said_at=SAID_AT)
    assert log.judged() == [replace(said, sentences=(first, wrong, nearest))]
    assert log.judged_answer("ans_1") == log.judged()[0]
    assert log.judged_answer("ans_2") is None


def test_new_feedback_replaces_the_earlier_one(log: FeedbackLog) -> None:
    answer = judged("ans_1", sentence("a"))
    log.judge(answer, Verdict.HELPFUL, said_at=SAID_AT)
    log.judge(answer, Verdict.NOT_HELPFUL, said_at="2024-03-09")
    assert log.judged() == [replace(answer, verdict=Verdict.NOT_HELPFUL, said_at="2024-03-09")]


def test_withdrawing_the_last_feedback_on_an_answer_forgets_the_answer(log: FeedbackLog, tmp_path: Path) -> None:
    answer = judged("ans_1", sentence("a"))
    log.judge(answer, Verdict.HELPFUL, said_at=SAID_AT)
    log.judge(answer, Verdict.RIGHT, said_at=SAID_AT, sentence=("citations", 1))
    log.judge(answer, None, said_at=SAID_AT)
    assert log.judged() == [replace(answer, sentences=(replace(sentence("a"), verdict=Verdict.RIGHT, said_at=SAID_AT),))]
    log.judge(answer, None, said_at=SAID_AT, sentence=("citations", 1))
    assert log.judged() == []
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE)) as made:
        assert made.execute("SELECT count(*) FROM judged_sentences").fetchone() == (0,)


def test_withdrawing_feedback_that_was_never_given_leaves_nothing(log: FeedbackLog) -> None:
    log.judge(judged("ans_1", sentence("a")), None, said_at=SAID_AT)
    assert log.judged() == []


def test_feedback_outlives_the_answer_and_its_article_and_holds_no_word_of_it(log: FeedbackLog, tmp_path: Path) -> None:
    answers = AnswerLog(StateFile(tmp_path))
    quote = KeptQuote("citations", 1, "a", "d" * 64, Span(3, 17), "Zanzibarquote.")
    body = json.dumps({"citations": [], "nearest": [], "answer": "", "short_answer": None})
    answers.keep(KeptAnswer("ans_1", "2024-03-08T12:00:00Z", body, (quote,)), older_than="2000-01-01T00:00:00Z")
    log.judge(judged("ans_1", sentence("a")), Verdict.HELPFUL, said_at=SAID_AT)
    answers.purge(["a"])
    assert b"Zanzibarquote" not in (tmp_path / STATE_FILE).read_bytes()
    answers.keep(KeptAnswer("ans_2", "2024-03-08T12:00:00Z", body, ()), older_than="2025-01-01T00:00:00Z")
    assert answers.answer("ans_1") is None
    assert [one.id for one in log.judged()] == ["ans_1"]


def test_a_version_that_an_answer_with_feedback_cites_is_named(log: FeedbackLog) -> None:
    log.judge(judged("ans_1", sentence("a")), Verdict.HELPFUL, said_at=SAID_AT)
    assert log.cited([VERSION, ("a", "e" * 64)]) == {VERSION}


def test_a_file_of_an_earlier_qa_holds_no_feedback_and_takes_it(log: FeedbackLog, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STATE_FILE, isolation_level=None)) as made:
        made.executescript(_MIGRATIONS[0])
        made.execute("PRAGMA user_version = 1")
    assert (log.judged(), log.cited([VERSION])) == ([], set())
    log.judge(judged("ans_1", sentence("a")), Verdict.HELPFUL, said_at=SAID_AT)
    assert [one.id for one in log.judged()] == ["ans_1"]
