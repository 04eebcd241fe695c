"""Articles that leave nothing → a state file without their words, wherever answering, adding or a job had put them.

Snapshots that are removed → one that answers no repeated request with them.

What users typed stays: their questions and the titles of their conversations are their own.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterable, Mapping, Set
from typing import Any

from qa.base.errors import StorageError
from qa.service.state.answers import AnswerLog
from qa.service.state.file import StateFile
from qa.service.state.idempotency import RESULT_DELETED

log = logging.getLogger(__name__)

Words = Set[str]

_WORD = re.compile(r"\w+")
_REPLY_GOES = f"UPDATE idempotent_requests SET status = {RESULT_DELETED.status}, headers = '{{}}', body = x''"


def words_of(texts: Iterable[str]) -> set[str]:
    """The words of texts, in one case."""
    return {word.casefold() for text in texts for word in _WORD.findall(text)}


def forget_articles(state: StateFile, articles: Mapping[str, Words]) -> None:
    """Delete the words of articles, by their ids, from all that is kept, and what was deleted before from the file itself.

    Raises:
        StorageError: the file cannot be written. StateDamaged: nor read.
    """
    AnswerLog(state).purge([*articles], everywhere=True)
    with state.writing() as connection:
        for article_id, words in articles.items():
            _forget_inherited(connection, article_id, words)
            _forget_replies(connection, article_id)
            _forget_job_items(connection, article_id)
    try:
        state.vacuum()
    except StorageError as error:  # somebody reads all the time
        log.warning("Words that were deleted from the state earlier may still be in its free pages: %s", error)


def forget_snapshot(state: StateFile, name: str) -> None:
    """Take back what requests were answered that made this snapshot. Raises as `forget_articles` does."""
    made = (
        "CASE WHEN json_valid(CAST(body AS TEXT)) THEN CASE json_extract(CAST(body AS TEXT), '$.object')"
        " WHEN 'snapshot' THEN json_extract(CAST(body AS TEXT), '$.name')"
        " WHEN 'snapshot.restored' THEN json_extract(CAST(body AS TEXT), '$.before.name') END END"
    )
    if state.exists:
        with state.writing() as connection:
            connection.execute(f"{_REPLY_GOES} WHERE {made} = ?", (name,))


def _forget_inherited(connection: sqlite3.Connection, article_id: str, words: Words) -> None:
    """Ask again what the user typed in answers whose question got words of the article from an earlier answer."""
    for answer_id, body in _followed_up(connection, article_id):
        answer: dict[str, Any] = json.loads(body)
        inherited = words_of([answer["standalone_question"], *answer.get("searched_for", [])]) - words_of([answer["question"]])
        if inherited & words:
            answer.update(standalone_question=answer["question"], carried=[], periods=[], searched_for=[])
            connection.execute("UPDATE answers SET body = ? WHERE id = ?", (json.dumps(answer), answer_id))


def _followed_up(connection: sqlite3.Connection, article_id: str) -> list[tuple[str, str]]:
    """The answers to follow-ups: those of conversations in which the article was shown, and those of no conversation."""
    typed_otherwise = (
        "CASE WHEN json_valid(body) THEN json_extract(body, '$.standalone_question') IS NOT json_extract(body, '$.question') END"
    )
    shown_before = (
        "SELECT 1 FROM turns JOIN turns AS earlier USING (conversation) JOIN quotes ON quotes.answer = earlier.answer"
        " WHERE turns.answer = answers.id AND quotes.article = ?"
    )
    return connection.execute(
        f"SELECT id, body FROM answers WHERE {typed_otherwise} AND (EXISTS ({shown_before})"
        " OR NOT EXISTS (SELECT 1 FROM turns WHERE answer = answers.id))",
        (article_id,),
    ).fetchall()


def _forget_replies(connection: sqlite3.Connection, article_id: str) -> None:
    """What a request was answered that named the article; sent again, it still does nothing."""
    connection.execute(f"{_REPLY_GOES} WHERE instr(body, CAST(? AS BLOB))", (article_id,))


def _forget_job_items(connection: sqlite3.Connection, article_id: str) -> None:
    """The names of files that brought the article, and what was said of them."""
    statement = "SELECT job, position, body FROM job_items WHERE instr(body, ?) AND json_valid(body)"
    for job, position, body in connection.execute(statement, (json.dumps(article_id),)).fetchall():
        item: dict[str, Any] = json.loads(body)
        item["name"] = ""
        for said in (*item.get("refusals", []), *item.get("notices", [])):
            said["reason"] = ""
        connection.execute("UPDATE job_items SET body = ? WHERE job = ? AND position = ?", (json.dumps(item), job, position))
        connection.execute("UPDATE jobs SET name = '' WHERE id = ?", (job,))
