"""The conversations of the chat: appended to, listed, renamed, edited, removed and restored.

A conversation consists of turns, and a turn is a kept answer. Removed or replaced turns are hidden at once. The first change
after ten minutes deletes them.
"""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime

from qa.api.answer import AnswerShape
from qa.api.conversation import Conversation, ConversationLine, ConversationTurn
from qa.base.errors import ConversationNotFound
from qa.base.times import REMOVED_KEPT, now_to_the_microsecond, rfc3339
from qa.service.state.file import StateFile

LONGEST_TITLE = 120  # characters


class History:
    """The conversations of one state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def begin(self, title: str = "") -> Conversation:
        """A conversation without turns and with an id that cannot be guessed. The first question replaces a blank title."""
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
        """The conversation with one more turn. An unknown one is begun with a new id that cannot be guessed.

        With `in_place_of`, this turn and all later ones are replaced. The answer is kept too, if it is not yet. Conversations
        unused since `unused_since` are deleted, and all but the `most` latest ones.

        Raises:
            ConversationNotFound: with `must_exist`, the conversation is unknown.
            StorageError: the file cannot be written.
        """
        with self._file.writing() as connection:
            first_question = _first_question(connection, conversation_id)
            _forget(connection, unused_since)
            connection.execute(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (answer.id, answer.created_at, answer.model_dump_json())
            )
            now = now_to_the_microsecond()
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
        """Whether the conversation exists, removed or not."""
        with self._file.reading("turns") as connection:
            statement = "SELECT 1 FROM conversations WHERE id = ?"
            return connection is not None and connection.execute(statement, (conversation_id,)).fetchone() is not None

    def find(self, conversation_id: str) -> Conversation:
        """The conversation; ConversationNotFound if it never existed or is no longer kept."""
        with self._file.reading("turns") as connection:
            if connection is None:
                raise ConversationNotFound(conversation_id)
            return _read(connection, conversation_id)

    def page(self, words: str = "", *, limit: int, before: str | None = None) -> list[ConversationLine]:
        """The conversations with each of the words in the title, a question or an answer; the latest first.

        `before` is the position of the last line of the previous page.
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
        """Change the title. ConversationNotFound; ValueError if it is blank or too long."""
        title = title.strip()
        if not 0 < len(title) <= LONGEST_TITLE:
            raise ValueError(f"a title has 1 to {LONGEST_TITLE} characters, got {len(title)}")
        self._change("UPDATE conversations SET title = ? WHERE id = ? AND removed_at IS NULL", title, conversation_id)

    def remove(self, conversation_id: str) -> None:
        """Hide the conversation. ConversationNotFound."""
        now = now_to_the_microsecond()
        self._change("UPDATE conversations SET removed_at = ? WHERE id = ? AND removed_at IS NULL", now, conversation_id)

    def restore(self, conversation_id: str) -> None:
        """Restore a removed conversation that is not deleted yet. ConversationNotFound."""
        self._change("UPDATE conversations SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL", conversation_id)

    def removed_title(self, conversation_id: str) -> str | None:
        """The title of a removed conversation that can be restored."""
        with self._file.reading("turns") as connection:
            statement = "SELECT title FROM conversations WHERE id = ? AND removed_at IS NOT NULL"
            row = connection.execute(statement, (conversation_id,)).fetchone() if connection else None
        return str(row[0]) if row else None

    def removed_lately(self, *, limit: int) -> list[tuple[str, str]]:
        """Ids and titles of the conversations that were removed in the last ten minutes, the last first."""
        since = rfc3339(datetime.now(UTC) - REMOVED_KEPT)
        statement = "SELECT id, title FROM conversations WHERE removed_at >= ? ORDER BY removed_at DESC LIMIT ?"
        with self._file.reading("turns") as connection:
            rows = connection.execute(statement, (since, limit)).fetchall() if connection else []
        return [(str(id_), str(title)) for id_, title in rows]

    def undoable(self, conversation_id: str) -> tuple[str, int] | None:
        """(an answer that replaced turns, how many turns); None if there is nothing to undo.

        The earliest replacement comes first, and what was undone is none. Repeated undoing therefore leads to the first question.
        """
        with self._file.reading("turns") as connection:
            if connection is None:
                return None
            row = connection.execute(
                "SELECT replaced_by, count(*) FROM turns WHERE conversation = ? AND replaced_by IN"
                " (SELECT answer FROM turns WHERE conversation = ? AND replaced_by IS NULL)"
                " GROUP BY replaced_by, replaced_at ORDER BY replaced_at LIMIT 1",
                (conversation_id, conversation_id),
            ).fetchone()
        return (str(row[0]), int(row[1])) if row else None

    def undo(self, conversation_id: str, answer_id: str) -> Conversation:
        """Restore the turns that an answer replaced, in the place of that turn and all later ones, which are put away.

        Raises:
            ConversationNotFound: the conversation is unknown, or there is nothing to undo.
        """
        with self._file.writing() as connection:
            replaced = connection.execute(
                "SELECT answer, number FROM turns WHERE conversation = ? AND replaced_by = ? AND answer != replaced_by"
                " AND replaced_at = (SELECT min(replaced_at) FROM turns WHERE conversation = ? AND replaced_by = ?)"
                " ORDER BY number",
                (conversation_id, answer_id, conversation_id, answer_id),
            ).fetchall()
            if not replaced:
                raise ConversationNotFound(conversation_id)
            first = replaced[0][1]
            first_question = _first_question(connection, conversation_id)
            restored = [answer for answer, _ in replaced]
            connection.executemany(
                "UPDATE turns SET replaced_by = NULL, replaced_at = NULL WHERE answer = ?", [(answer,) for answer in restored]
            )
            connection.execute(
                # by itself, which is shown nowhere: no answer that is shown can bring it back
                "UPDATE turns SET replaced_by = answer, replaced_at = ? WHERE conversation = ? AND number >= ?"
                f" AND replaced_by IS NULL AND answer NOT IN ({', '.join('?' * len(restored))})",
                (now_to_the_microsecond(), conversation_id, first, *restored),
            )
            _retitle(connection, conversation_id, first_question)
            return _read(connection, conversation_id)

    def _change(self, statement: str, *values: str) -> None:
        with self._file.writing() as connection:
            if not connection.execute(statement, values).rowcount:
                raise ConversationNotFound(values[-1])


def _begin(connection: sqlite3.Connection, title: str) -> str:
    conversation_id, now = f"cnv_{secrets.token_urlsafe(16)}", now_to_the_microsecond()
    connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, NULL)", (conversation_id, title, now, now))
    return conversation_id


def _first_question(connection: sqlite3.Connection, conversation_id: str) -> str:
    row = connection.execute(
        "SELECT json_extract(body, '$.question') FROM turns JOIN answers ON answers.id = turns.answer"
        " WHERE conversation = ? AND number = 1 AND replaced_by IS NULL",
        (conversation_id,),
    ).fetchone()
    return str(row[0]) if row else ""


def _retitle(connection: sqlite3.Connection, conversation_id: str, before: str) -> None:
    """If the title is the first question, and that was replaced, the new one becomes the title."""
    now = _first_question(connection, conversation_id)
    if before and now != before:
        connection.execute(
            "UPDATE conversations SET title = ? WHERE id = ? AND title = ?",
            (now[:LONGEST_TITLE], conversation_id, before[:LONGEST_TITLE]),
        )


def _read(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    row = connection.execute(
        "SELECT title, created_at, updated_at FROM conversations WHERE id = ? AND removed_at IS NULL", (conversation_id,)
    ).fetchone()
    if row is None:
        raise ConversationNotFound(conversation_id)
    rows = connection.execute(
        "SELECT number, body FROM turns JOIN answers ON answers.id = turns.answer"
        " WHERE conversation = ? AND replaced_by IS NULL ORDER BY number",
        (conversation_id,),
    )
    turns = tuple(ConversationTurn(number, AnswerShape.model_validate_json(body)) for number, body in rows)
    title, created_at, updated_at = row
    return Conversation(conversation_id, title, created_at, updated_at, turns)


def _forget(connection: sqlite3.Connection, unused_since: datetime | None) -> None:
    """Delete what was removed or replaced over ten minutes ago, and conversations unused since then."""
    removed_before = rfc3339(datetime.now(UTC) - REMOVED_KEPT)
    unused = rfc3339(unused_since) if unused_since else ""
    _delete_turns(connection, "replaced_at < ?", removed_before)
    _delete(connection, "SELECT id FROM conversations WHERE removed_at < ? OR updated_at <= ?", removed_before, unused)


def _delete(connection: sqlite3.Connection, conversations: str, *values: str | int) -> None:
    """Delete the conversations that a statement selects, with their answers."""
    _delete_turns(connection, f"conversation IN ({conversations})", *values)
    connection.execute(f"DELETE FROM conversations WHERE id IN ({conversations})", values)


def _delete_turns(connection: sqlite3.Connection, which: str, *values: str | int) -> None:
    answers = connection.execute(f"SELECT answer FROM turns WHERE {which}", values).fetchall()
    connection.executemany("DELETE FROM turns WHERE answer = ?", answers)
    connection.executemany("DELETE FROM answers WHERE id = ?", answers)
