"""Kept answers, with the quotes that they cite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.answer.citations import numbered
from qa.base.quotes import KeptQuote
from qa.base.types import Span
from qa.service.state.file import StateFile

_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)  # of a body that something damaged
_REMOVED_QUOTE = "[removed]"  # in place of a quote whose article was deleted


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A kept answer. `body` is the JSON of the API; `created_at` is RFC 3339 in UTC."""

    id: str
    created_at: str
    body: str
    quotes: tuple[KeptQuote, ...]


class AnswerLog:
    """The answers of one state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def keep(self, answer: KeptAnswer, *, older_than: str) -> None:
        """Keep an answer. Delete those from before `older_than` (RFC 3339, UTC) that belong to no conversation.

        Raises:
            StorageError: the file cannot be written, or is not a database.
        """
        with self._file.writing("answers", "quotes") as connection:
            connection.execute(
                "DELETE FROM answers WHERE created_at < ? AND id NOT IN (SELECT answer FROM turns)",  # of conversations
                (older_than,),
            )
            connection.execute("INSERT INTO answers VALUES (?, ?, ?)", (answer.id, answer.created_at, answer.body))
            connection.executemany(
                "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        answer.id,
                        one.shown,
                        one.number,
                        one.article_id,
                        one.article_digest,
                        one.span.start,
                        one.span.end,
                        one.quote,
                    )
                    for one in answer.quotes
                ),
            )

    def answer(self, answer_id: str) -> KeptAnswer | None:
        """The answer with this id; None if it is not kept."""
        with self._file.reading() as connection:
            if connection is None:
                return None
            row = connection.execute("SELECT created_at, body FROM answers WHERE id = ?", (answer_id,)).fetchone()
            if row is None:
                return None
            created_at, body = row
            rows = connection.execute(
                "SELECT shown, number, article, digest, start, end, quote FROM quotes WHERE answer = ? ORDER BY shown, number",
                (answer_id,),
            ).fetchall()
        quotes = tuple(
            KeptQuote(shown, number, article_id, digest, Span(start, end), quote)
            for shown, number, article_id, digest, start, end, quote in rows
        )
        return KeptAnswer(answer_id, created_at, body, quotes)

    def quoted(self, versions: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The versions, (article id, digest), among these that a kept answer quotes."""
        return self._file.naming("quotes", versions)

    def purge(self, article_ids: Sequence[str], *, everywhere: bool = False) -> None:
        """Delete the text of these articles from every answer. The offsets and versions of quotes stay.

        An answer that cannot be read is deleted whole. With `everywhere` each answer is looked into, which takes longer.

        Raises:
            StorageError: the file cannot be written. StateDamaged: nor read.
        """
        if not article_ids or not self._file.exists:
            return
        with self._file.writing() as connection:
            for article_id in article_ids:
                statement = "SELECT id, body FROM answers WHERE id IN (SELECT answer FROM quotes WHERE article = ?)"
                statement += " OR instr(body, ?)" if everywhere else ""
                values = (article_id, json.dumps(article_id)) if everywhere else (article_id,)
                for answer_id, body in connection.execute(statement, values).fetchall():
                    _purge_answer(connection, answer_id, body, article_id)
                connection.execute("UPDATE quotes SET quote = '' WHERE article = ?", (article_id,))


def _purge_answer(connection: sqlite3.Connection, answer_id: str, body: str, article_id: str) -> None:
    try:
        purged = _without_words(json.loads(body), article_id)
    except _UNREADABLE:
        connection.execute("DELETE FROM answers WHERE id = ?", (answer_id,))
    else:
        connection.execute("UPDATE answers SET body = ? WHERE id = ?", (json.dumps(purged), answer_id))


def _without_words(answer: dict[str, Any], article_id: str) -> dict[str, Any]:
    """The API's answer without the text of one article."""
    statements = answer.get("statements", [])  # answers kept by an earlier version of qa have none
    for statement in statements:
        if statement["citation"]["article_id"] == article_id:
            statement["value"] = ""
    for cited in (*answer["citations"], *answer["nearest"], *(statement["citation"] for statement in statements)):
        if cited["article_id"] == article_id:
            cited.update(cited_text="", text_before=None, lead_in=None, article_title="", display=None)
            cited["selector"][0].update(exact="", prefix="", suffix="")
            cited["links"]["original"] = None
    if answer["citations"]:
        answer["answer"] = " ".join(
            numbered(cited["cited_text"] or _REMOVED_QUOTE, cited["number"]) for cited in answer["citations"]
        )
    short = answer["short_answer"]
    if short and answer["citations"][short["citation"] - 1]["article_id"] == article_id:
        answer["short_answer"] = None
    return answer
