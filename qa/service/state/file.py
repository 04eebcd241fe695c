"""`state.sqlite`, which holds everything that serving writes: opened, migrated, with translated errors.

Any process may write, one at a time: there is a rollback journal, and a writer waits for the current one. Each call opens its
own connection.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.base.errors import StateDamaged, StorageError
from qa.index.layout import STATE_FILE, STATE_JOURNAL_FILE, make_private
from qa.index.row_digests import CREATE, DigestedTable, RowDigests

_WAIT_SECONDS = 10.0  # for another process that writes

# Each entry raises the file's version by one. Entries are only appended, never changed.
_MIGRATIONS = (
    """
    CREATE TABLE answers (id TEXT PRIMARY KEY, created_at TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX answers_created ON answers (created_at);
    CREATE TABLE quotes (
        answer TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE, shown TEXT NOT NULL, number INTEGER NOT NULL,
        article TEXT NOT NULL, digest TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL,
        PRIMARY KEY (answer, shown, number)) WITHOUT ROWID;
    CREATE INDEX quotes_article ON quotes (article, digest);
    """,
    """
    CREATE TABLE judged_answers (
        answer TEXT PRIMARY KEY, question TEXT NOT NULL, asked_at TEXT NOT NULL, narrowed INTEGER NOT NULL,
        verdict TEXT, said_at TEXT) WITHOUT ROWID;
    CREATE TABLE judged_sentences (
        answer TEXT NOT NULL REFERENCES judged_answers (answer) ON DELETE CASCADE, shown TEXT NOT NULL, number INTEGER NOT NULL,
        article TEXT NOT NULL, digest TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        verdict TEXT, said_at TEXT, PRIMARY KEY (answer, shown, number)) WITHOUT ROWID;
    CREATE INDEX judged_sentences_article ON judged_sentences (article, digest);
    """,
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
        removed_at TEXT) WITHOUT ROWID;
    CREATE TABLE turns (
        answer TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, replaced_by TEXT, replaced_at TEXT) WITHOUT ROWID;
    CREATE INDEX turns_conversation ON turns (conversation, number);
    """,
    """
    CREATE TABLE jobs (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT,
        beat_at TEXT NOT NULL, is_to_end INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
        problem TEXT) WITHOUT ROWID;
    CREATE TABLE job_items (
        job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, position INTEGER NOT NULL, has_failed INTEGER NOT NULL,
        body TEXT NOT NULL, answer TEXT, PRIMARY KEY (job, position)) WITHOUT ROWID;
    """,
    """
    CREATE TABLE idempotent_requests (
        key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, claimed_at TEXT NOT NULL, status INTEGER, headers TEXT, body BLOB)
        WITHOUT ROWID;
    CREATE INDEX idempotent_requests_claimed ON idempotent_requests (claimed_at);
    """,
    """
    ALTER TABLE jobs ADD COLUMN total_bytes INTEGER;
    ALTER TABLE jobs ADD COLUMN done_bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE jobs ADD COLUMN part_of TEXT;
    ALTER TABLE jobs ADD COLUMN announced INTEGER;
    ALTER TABLE jobs ADD COLUMN announced_bytes INTEGER;
    ALTER TABLE jobs ADD COLUMN name TEXT NOT NULL DEFAULT '';
    """,
    # What qa wrote, to tell it from what something else changed; the writer that migrates fills these.
    CREATE,
    # Articles whose text was deleted, by a digest of their ids: none of them comes back with a snapshot.
    "CREATE TABLE deleted_articles (id_digest TEXT PRIMARY KEY, deleted_at TEXT NOT NULL) WITHOUT ROWID",
)

_JUDGED = "shown number article digest start end"
_DIGESTED = tuple(
    DigestedTable(name, tuple(columns.split()), key_columns=key_columns)
    for name, columns, key_columns in (
        ("answers", "id created_at body", 1),
        ("quotes", f"answer {_JUDGED} quote", 3),
        ("judged_answers", "answer question asked_at narrowed verdict said_at", 1),
        ("judged_sentences", f"answer {_JUDGED} verdict said_at", 3),
        ("conversations", "id title created_at updated_at removed_at", 1),
        ("turns", "answer conversation number replaced_by replaced_at", 1),
        ("jobs", "id kind state created_at started_at ended_at is_to_end total done problem part_of announced name", 1),
        ("job_items", "job position has_failed body answer", 2),
        ("idempotent_requests", "key fingerprint claimed_at status headers body", 1),
        ("deleted_articles", "id_digest deleted_at", 1),
    )
)


class StateFile:
    """The state of one index folder. The first write creates the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / STATE_FILE

    @property
    def exists(self) -> bool:
        return self._file.exists()

    @contextlib.contextmanager
    def reading(self, table: str = "answers") -> Iterator[sqlite3.Connection | None]:
        """A connection; None if the file or this table does not exist yet, as in a file of an earlier qa."""
        if not self.exists:
            yield None
            return
        with self._opened() as connection:
            yield connection if _has(connection, table) else None

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            if self._file.with_name(STATE_JOURNAL_FILE).exists():
                self._undo_what_a_killed_writer_left()
            with self._connected("ro") as connection:
                yield connection

    def _undo_what_a_killed_writer_left(self) -> None:
        """Where no writer is at work, the journal is one's that was killed. A connection that only reads cannot undo it."""
        with self._connected("rw") as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def _connected(self, mode: str) -> contextlib.closing[sqlite3.Connection]:
        address = f"{self._file.absolute().as_uri()}?mode={mode}"
        return contextlib.closing(sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS))

    def naming(self, table: str, versions: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The versions, (article id, digest), among these that a row of this table names."""
        with self.reading(table) as connection:
            if connection is None:
                return set()
            statement = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE article = ? AND digest = ?)"
            return {version for version in versions if connection.execute(statement, version).fetchone()[0]}

    def problems(self) -> list[str]:
        """What is wrong with the file: damaged pages, and rows that are not as qa wrote them. Empty without a file."""
        if not self.exists:
            return []
        try:
            with self._opened() as connection:
                lines = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
                return [*(line for line in lines if line != "ok"), *self._changed_rows(connection)]
        except StorageError as error:
            return [str(error)]

    def _changed_rows(self, connection: sqlite3.Connection) -> Iterator[str]:
        version, has_digests = version_of(connection), _has(connection, "row_digests")
        if has_digests != (version > _MIGRATIONS.index(CREATE)) or version > len(_MIGRATIONS):
            yield f"its version is {version}, which does not fit what it holds; this qa writes {len(_MIGRATIONS)}"
        if not has_digests:
            return  # made by an earlier qa, and not written since
        digests = RowDigests(
            connection, [table for table in _DIGESTED if version == len(_MIGRATIONS) or _has(connection, table.name)]
        )
        for table, key in (*digests.changed(), *digests.missing()):
            yield f"the row {key} of the table {table} is not as it was written, or is lost"

    @contextlib.contextmanager
    def writing(self, *tables: str) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing. `tables`, if given, are all that it changes, which is faster to prepare."""
        if not self.exists:
            make_private(self._file)
        with (
            self._translated(),
            contextlib.closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            digests = RowDigests(connection, _DIGESTED)
            with self._transaction(connection):
                if self._migrate(connection):
                    digests.fill()
                digests.follow(tables)
                yield connection

    def vacuum(self) -> None:
        """Write the file anew, without its free pages and what is left in them; StorageError."""
        with self._translated(), contextlib.closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS)) as connection:
            connection.execute("VACUUM")

    @contextlib.contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[None]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _migrate(self, connection: sqlite3.Connection) -> bool:
        """Bring the file up to date; whether it was not."""
        version = version_of(connection)
        if version > len(_MIGRATIONS):
            raise StorageError(
                self._folder, f"{self._file} has version {version}, this qa writes {len(_MIGRATIONS)}. Install a newer qa."
            )
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            for statement in script.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        return version < len(_MIGRATIONS)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where a message quotes damaged bytes
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.Error | UnicodeDecodeError) -> StorageError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the low byte is the primary code
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return StateDamaged(
                self._folder,
                f"{self._file} is damaged: {error}. Restore it from a copy, or delete it: kept answers, conversations and jobs "
                "are in it, and no articles.",
            )
        return StorageError(
            self._folder,
            f"{self._file}: {error}. Check the folder's permissions and the free space; without this file qa still "
            "answers, but keeps no answers.",
        )


class StateInMemory(StateFile):
    """The state in memory, for this process only. Threads take turns."""

    def __init__(self) -> None:
        super().__init__(Path("(memory)"))
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._migrate(self._connection)

    @property
    def exists(self) -> bool:
        return True

    @contextlib.contextmanager
    def reading(self, table: str = "answers") -> Iterator[sqlite3.Connection | None]:  # noqa: ARG002  # it has all tables
        with self._lock:
            yield self._connection

    @contextlib.contextmanager
    def writing(self, *tables: str) -> Iterator[sqlite3.Connection]:  # noqa: ARG002  # nothing else changes it
        with self._lock, self._translated(), self._transaction(self._connection):
            yield self._connection


def _has(connection: sqlite3.Connection, table: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return found.fetchone() is not None


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations a state file has had; it is read before a writer adds the rest."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
