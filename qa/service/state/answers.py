"""What serving writes: answers as they were given, with the places they cite, and what users said of them, in `state.sqlite`
beside the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.answer.citations import numbered
from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.quotes import KeptQuote
from qa.base.types import Span
from qa.service.state.file import StateFile

_REMOVED_QUOTE = "[removed]"  # in place of a quote whose article was deleted


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given: `body` is the JSON of the API, `created_at` RFC 3339 in UTC."""

    id: str
    created_at: str
    body: str
    quotes: tuple[KeptQuote, ...]


class State:
    """The answers of one index folder, and what was said of them; or of a file that is given, or of none."""

    def __init__(self, folder: Path | StateFile) -> None:
        self._file = folder if isinstance(folder, StateFile) else StateFile(folder)

    def keep(self, answer: KeptAnswer, *, older_than: str) -> None:
        """Keep an answer, and forget those created before `older_than` (RFC 3339, UTC) that are of no conversation.

        Raises:
            StorageError: the file cannot be written, or is no database.
        """
        with self._file.writing() as connection:
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
        """The answer of this id; None when it is not kept."""
        with self._file.reading() as connection:
            if connection is None:
                return None
            found = connection.execute("SELECT created_at, body FROM answers WHERE id = ?", (answer_id,)).fetchone()
            if found is None:
                return None
            created_at, body = found
            quotes = connection.execute(
                "SELECT shown, number, article, digest, start, end, quote FROM quotes WHERE answer = ? ORDER BY shown, number",
                (answer_id,),
            ).fetchall()
        held = tuple(
            KeptQuote(shown, number, article_id, digest, Span(start, end), quote)
            for shown, number, article_id, digest, start, end, quote in quotes
        )
        return KeptAnswer(answer_id, created_at, body, held)

    def shown(self, versions: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the versions, (article id, digest), that a kept answer quotes, or one of which something was said."""
        return {version for table in ("quotes", "judged_sentences") for version in self._named(table, versions)}

    def _named(self, table: str, versions: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        with self._file.reading(table) as connection:
            if connection is None:
                return []
            statement = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE article = ? AND digest = ?)"
            return [version for version in versions if connection.execute(statement, version).fetchone()[0]]

    def purge(self, article_ids: Sequence[str]) -> None:
        """Take the words of these articles out of every answer; where they stood, and in which version, stays.

        Raises:
            StorageError: the file cannot be written.
        """
        if not article_ids or not self._file.exists:
            return
        with self._file.writing() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            for article_id in article_ids:
                statement = "SELECT id, body FROM answers WHERE id IN (SELECT answer FROM quotes WHERE article = ?)"
                for answer_id, body in connection.execute(statement, (article_id,)).fetchall():
                    purged = _without_words(json.loads(body), article_id)
                    connection.execute("UPDATE answers SET body = ? WHERE id = ?", (json.dumps(purged), answer_id))
                connection.execute("UPDATE quotes SET quote = '' WHERE article = ?", (article_id,))

    # What was said of answers

    def judge(
        self, answer: JudgedAnswer, verdict: Verdict | None, *, said_at: str, sentence: tuple[str, int] | None = None
    ) -> None:
        """Remember what is said of an answer, or of a sentence (shown, number) of it, in place of what was said before.

        None takes it back; an answer of which nothing is said any more is forgotten. What `answer` itself says counts only
        where nothing is remembered of it yet. `said_at` is RFC 3339 in UTC.

        Raises:
            StorageError: the file cannot be written.
        """
        said = (verdict, said_at if verdict else None, answer.id)
        with self._file.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO judged_answers VALUES (?, ?, ?, ?, NULL, NULL)",
                (answer.id, answer.question, answer.asked_at, answer.is_narrowed),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO judged_sentences VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                (
                    (answer.id, one.shown, one.number, one.article_id, one.article_digest, one.span.start, one.span.end)
                    for one in answer.sentences
                ),
            )
            if sentence is None:
                connection.execute("UPDATE judged_answers SET verdict = ?, said_at = ? WHERE answer = ?", said)
            else:
                statement = "UPDATE judged_sentences SET verdict = ?, said_at = ? WHERE answer = ? AND shown = ? AND number = ?"
                connection.execute(statement, (*said, *sentence))
            connection.execute(
                "DELETE FROM judged_answers WHERE answer = ? AND verdict IS NULL AND NOT EXISTS "
                "(SELECT 1 FROM judged_sentences AS one WHERE one.answer = judged_answers.answer AND one.verdict IS NOT NULL)",
                (answer.id,),
            )

    def judged(self) -> list[JudgedAnswer]:
        """Every answer of which something was said, in the order of their ids."""
        return self._judged("")

    def judged_answer(self, answer_id: str) -> JudgedAnswer | None:
        """What was said of the answer of this id; None when nothing was."""
        return next(iter(self._judged("WHERE answer = ?", answer_id)), None)

    def _judged(self, which: str, *values: str) -> list[JudgedAnswer]:
        with self._file.reading("judged_answers") as connection:
            if connection is None:
                return []
            answers = connection.execute(
                f"SELECT answer, question, asked_at, narrowed, verdict, said_at FROM judged_answers {which} ORDER BY answer",
                values,
            ).fetchall()
            sentences: dict[str, list[JudgedSentence]] = {}
            for answer_id, shown, number, article_id, digest, start, end, verdict, said_at in connection.execute(
                "SELECT answer, shown, number, article, digest, start, end, verdict, said_at FROM judged_sentences "
                f"{which} ORDER BY shown, number",
                values,
            ):
                one = JudgedSentence(shown, number, article_id, digest, Span(start, end), _verdict(verdict), said_at)
                sentences.setdefault(answer_id, []).append(one)
        return [
            JudgedAnswer(id_, question, asked_at, bool(narrowed), tuple(sentences.get(id_, ())), _verdict(verdict), said_at)
            for id_, question, asked_at, narrowed, verdict, said_at in answers
        ]


def _verdict(stored: str | None) -> Verdict | None:
    return Verdict(stored) if stored else None


def _without_words(answer: dict[str, Any], article_id: str) -> dict[str, Any]:
    """The API's answer without the words of one article."""
    for cited in (*answer["citations"], *answer["nearest"]):
        if cited["article_id"] == article_id:
            cited.update(cited_text="", text_before=None, article_title="")
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
