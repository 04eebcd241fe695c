"""The conversations of the chat: kept turn by turn, found again, renamed, removed with a way back, and edited.

A conversation is its turns; a turn is an answer that is kept. What is removed or replaced is hidden at once, and gone for
good with the first change after ten minutes.
"""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime

from qa.api.answer import AnswerShape
from qa.api.conversation import Conversation, ConversationLine, ConversationTurn
from qa.base.errors import ConversationNotFound
from qa.base.times import REMOVED_KEPT, rfc3339
from qa.service.state.file import StateFile

LONGEST_TITLE = 120  # characters


class History:
    """The conversations of one state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def begin(self, title: str = "") -> Conversation:
        """A conversation without turns, under an id that cannot be guessed. A blank title gives way to the first question."""
        with self._file.writing() as connection:
            return _read(connection, _begin(connection, title.strip()[:LONGEST_TITLE]))

    def append(
        self,
        conversation_id: str,
        answer: AnswerShape,
        *,
        in_place_of: int | None = None,
        unused_since: datetime | None = None,
        most: int | None = None,
        must_exist: bool = False,
    ) -> Conversation:
        """The conversation with one turn more; a new one, under an id that cannot be guessed, when this is not kept
        (with `must_exist`: ConversationNotFound).

        `in_place_of` a turn, that one and all behind it are replaced. The answer is kept with it, if it is not yet.
        Conversations that were last asked `unused_since` then or before are forgotten, and all but the `most` asked last.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.writing() as connection:
            first_question = _first_question(connection, conversation_id)
            _forget(connection, unused_since)
            connection.execute(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (answer.id, answer.created_at, answer.model_dump_json())
            )
            now = _now()
            known = connection.execute("SELECT 1 FROM conversations WHERE id = ? AND removed_at IS NULL", (conversation_id,))
            if known.fetchone() is None:
                if must_exist:
                    raise ConversationNotFound(conversation_id)
                conversation_id = _begin(connection, "")
            if in_place_of is not None:
                connection.execute(
                    "UPDATE turns SET replaced_by = ?, replaced_at = ?"
                    " WHERE conversation = ? AND number >= ? AND replaced_by IS NULL",
                    (answer.id, now, conversation_id, in_place_of),
                )
            last = connection.execute(
                "SELECT coalesce(max(number), 0) FROM turns WHERE conversation = ? AND replaced_by IS NULL", (conversation_id,)
            ).fetchone()[0]
            connection.execute("INSERT INTO turns VALUES (?, ?, ?, NULL, NULL)", (answer.id, conversation_id, last + 1))
            connection.execute(
                "UPDATE conversations SET updated_at = ?, title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?",
                (now, answer.question[:LONGEST_TITLE], conversation_id),
            )
            _retitle(connection, conversation_id, first_question)
            if most is not None:
                _delete(connection, "SELECT id FROM conversations ORDER BY updated_at DESC, id DESC LIMIT -1 OFFSET ?", most)
            return _read(connection, conversation_id)

    def has(self, conversation_id: str) -> bool:
        """Whether there is such a conversation, removed or not."""
        with self._file.reading("turns") as connection:
            statement = "SELECT 1 FROM conversations WHERE id = ?"
            return connection is not None and connection.execute(statement, (conversation_id,)).fetchone() is not None

    def find(self, conversation_id: str) -> Conversation:
        """The conversation as it is now; ConversationNotFound when it was never there, or is not kept any more."""
        with self._file.reading("turns") as connection:
            if connection is None:
                raise ConversationNotFound(conversation_id)
            return _read(connection, conversation_id)

    def page(self, words: str = "", *, limit: int, before: str | None = None) -> list[ConversationLine]:
        """The conversations asked last first, of which the title, a question or an answer hold all the words.

        `before` is the place of the line that a page goes on behind.
        """
        wanted = words.casefold().split()
        at, _, last = (before or "").partition(" ")
        with self._file.reading("turns") as connection:
            if connection is None:
                return []
            connection.create_function("folded", 1, str.casefold, deterministic=True)
            holds = (
                " AND (instr(folded(title), ?) OR EXISTS (SELECT 1 FROM turns JOIN answers ON answers.id = turns.answer"
                " WHERE turns.conversation = conversations.id AND turns.replaced_by IS NULL AND"
                " (instr(folded(json_extract(body, '$.question')), ?) OR instr(folded(json_extract(body, '$.answer')), ?))))"
            )
            behind = " AND (updated_at, id) < (?, ?)" if before else ""
            rows = connection.execute(
                "SELECT id, title, updated_at, (SELECT count(*) FROM turns WHERE conversation = conversations.id"
                f" AND replaced_by IS NULL) FROM conversations WHERE removed_at IS NULL{holds * len(wanted)}{behind}"
                " ORDER BY updated_at DESC, id DESC LIMIT ?",
                (*(word for word in wanted for _ in range(3)), *([at, last] if before else []), limit),
            ).fetchall()
        return [ConversationLine(*row) for row in rows]

    def rename(self, conversation_id: str, title: str) -> None:
        """Give it another title. ConversationNotFound; ValueError for a blank one, or one that is too long."""
        title = title.strip()
        if not 0 < len(title) <= LONGEST_TITLE:
            raise ValueError(f"a title has 1 to {LONGEST_TITLE} characters, got {len(title)}")
        self._change("UPDATE conversations SET title = ? WHERE id = ? AND removed_at IS NULL", title, conversation_id)

    def remove(self, conversation_id: str) -> None:
        """Hide it. ConversationNotFound."""
        now = _now()
        self._change("UPDATE conversations SET removed_at = ? WHERE id = ? AND removed_at IS NULL", now, conversation_id)

    def restore(self, conversation_id: str) -> None:
        """Bring back one that was removed and is not gone for good. ConversationNotFound."""
        self._change("UPDATE conversations SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL", conversation_id)

    def removed_title(self, conversation_id: str) -> str | None:
        """The title of one that was removed and can be brought back."""
        with self._file.reading("turns") as connection:
            statement = "SELECT title FROM conversations WHERE id = ? AND removed_at IS NOT NULL"
            found = connection.execute(statement, (conversation_id,)).fetchone() if connection else None
        return str(found[0]) if found else None

    def undoable(self, conversation_id: str) -> tuple[str, int] | None:
        """An answer that took the place of others, and of how many; None where there is nothing to bring back.

        What was replaced first comes first: the way back goes on to the first question, and from there forward again.
        """
        with self._file.reading("turns") as connection:
            if connection is None:
                return None
            found = connection.execute(
                "SELECT replaced_by, count(*) FROM turns WHERE conversation = ? AND replaced_by IN"
                " (SELECT answer FROM turns WHERE conversation = ? AND replaced_by IS NULL)"
                " GROUP BY replaced_by, replaced_at ORDER BY replaced_at LIMIT 1",
                (conversation_id, conversation_id),
            ).fetchone()
        return (str(found[0]), int(found[1])) if found else None

    def undo(self, conversation_id: str, answer_id: str) -> Conversation:
        """Bring back the turns that an answer took the place of; that turn and all behind it make room, and come back likewise.

        Raises:
            ConversationNotFound: there is no such conversation, or nothing to bring back.
        """
        with self._file.writing() as connection:
            back = connection.execute(
                "SELECT answer, number FROM turns WHERE conversation = ? AND replaced_by = ? AND replaced_at ="
                " (SELECT min(replaced_at) FROM turns WHERE conversation = ? AND replaced_by = ?) ORDER BY number",
                (conversation_id, answer_id, conversation_id, answer_id),
            ).fetchall()
            if not back:
                raise ConversationNotFound(conversation_id)
            first_answer, first = back[0]
            first_question = _first_question(connection, conversation_id)
            restored = [answer for answer, _ in back]
            connection.executemany(
                "UPDATE turns SET replaced_by = NULL, replaced_at = NULL WHERE answer = ?", [(answer,) for answer in restored]
            )
            connection.execute(
                "UPDATE turns SET replaced_by = ?, replaced_at = ? WHERE conversation = ? AND number >= ? AND replaced_by IS NULL"
                f" AND answer NOT IN ({', '.join('?' * len(restored))})",
                (first_answer, _now(), conversation_id, first, *restored),
            )
            _retitle(connection, conversation_id, first_question)
            return _read(connection, conversation_id)

    def _change(self, statement: str, *values: str) -> None:
        with self._file.writing() as connection:
            if not connection.execute(statement, values).rowcount:
                raise ConversationNotFound(values[-1])


def _begin(connection: sqlite3.Connection, title: str) -> str:
    conversation_id, now = f"cnv_{secrets.token_urlsafe(16)}", _now()
    connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, NULL)", (conversation_id, title, now, now))
    return conversation_id


def _first_question(connection: sqlite3.Connection, conversation_id: str) -> str:
    found = connection.execute(
        "SELECT json_extract(body, '$.question') FROM turns JOIN answers ON answers.id = turns.answer"
        " WHERE conversation = ? AND number = 1 AND replaced_by IS NULL",
        (conversation_id,),
    ).fetchone()
    return str(found[0]) if found else ""


def _retitle(connection: sqlite3.Connection, conversation_id: str, before: str) -> None:
    """A title that is the first question stays it where that was replaced."""
    now = _first_question(connection, conversation_id)
    if before and now != before:
        connection.execute(
            "UPDATE conversations SET title = ? WHERE id = ? AND title = ?",
            (now[:LONGEST_TITLE], conversation_id, before[:LONGEST_TITLE]),
        )


def _read(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    found = connection.execute(
        "SELECT title, created_at, updated_at FROM conversations WHERE id = ? AND removed_at IS NULL", (conversation_id,)
    ).fetchone()
    if found is None:
        raise ConversationNotFound(conversation_id)
    rows = connection.execute(
        "SELECT number, body FROM turns JOIN answers ON answers.id = turns.answer"
        " WHERE conversation = ? AND replaced_by IS NULL ORDER BY number",
        (conversation_id,),
    )
    turns = tuple(ConversationTurn(number, AnswerShape.model_validate_json(body)) for number, body in rows)
    title, created_at, updated_at = found
    return Conversation(conversation_id, title, created_at, updated_at, turns)


def _forget(connection: sqlite3.Connection, unused_since: datetime | None) -> None:
    """Delete for good what was removed or replaced long enough ago, and what was unused since then."""
    removed_before = rfc3339(datetime.now(UTC) - REMOVED_KEPT)
    unused = rfc3339(unused_since) if unused_since else ""
    _delete_turns(connection, "replaced_at < ?", removed_before)
    _delete(connection, "SELECT id FROM conversations WHERE removed_at < ? OR updated_at <= ?", removed_before, unused)


def _delete(connection: sqlite3.Connection, conversations: str, *values: str | int) -> None:
    """Delete for good those that a statement selects, with their answers."""
    _delete_turns(connection, f"conversation IN ({conversations})", *values)
    connection.execute(f"DELETE FROM conversations WHERE id IN ({conversations})", values)


def _delete_turns(connection: sqlite3.Connection, which: str, *values: str | int) -> None:
    connection.execute("PRAGMA secure_delete = ON")
    answers = connection.execute(f"SELECT answer FROM turns WHERE {which}", values).fetchall()
    connection.executemany("DELETE FROM turns WHERE answer = ?", answers)
    connection.executemany("DELETE FROM answers WHERE id = ?", answers)


def _now() -> str:
    """To the microsecond, so that the last one asked comes first."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
