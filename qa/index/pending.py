"""The articles of a store that a remote engine may have otherwise than the store: what is still to be sent, in commit order.

A writing connection notes each change by itself (`follow`), in the transaction that makes it. What was sent is crossed off. So
whoever dies in between leaves a list from which the next one goes on, and sending an article twice does no harm.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

_CREATE = "CREATE TABLE IF NOT EXISTS pending (place INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL UNIQUE)"
ENGINE_FACT = "engine"  # the fact of an index that a remote engine searches
_EVENTS = (
    ("inserted", "INSERT ON articles", "NEW.row"),
    ("removed", "UPDATE OF removed_at ON articles", "NEW.row"),
    ("deleted", "DELETE ON articles", "OLD.row"),
    ("clustered", "UPDATE ON clusters", "NEW.article"),
)


class Pending:
    """The list of one store, through its connection. Writing needs the writer's lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def follow(self) -> None:
        """Let every change through this connection put its article behind all others of the list, if there is one."""
        if not self.exists():
            return
        for name, event, article in _EVENTS:
            self._connection.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS pending_{name} AFTER {event} BEGIN "
                f"DELETE FROM pending WHERE article = {article}; INSERT INTO pending (article) VALUES ({article}); END"
            )

    def exists(self) -> bool:
        """Whether a remote engine searches the store."""
        found = self._connection.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'pending')").fetchone()
        return bool(found[0])

    def begin(self) -> None:
        """Make the list, with every article that is not removed, and follow the changes from here on."""
        self._connection.execute(_CREATE)
        self.add_all()
        self.follow()

    def end(self) -> None:
        """Make away with the list."""
        for name, _, _ in _EVENTS:
            self._connection.execute(f"DROP TRIGGER IF EXISTS pending_{name}")
        self._connection.execute("DROP TABLE IF EXISTS pending")

    def articles(self, *, most: int = -1) -> list[int]:
        """The rows of the first `most` articles, in the order of their last changes; some of them are deleted."""
        rows = self._connection.execute("SELECT article FROM pending ORDER BY place LIMIT ?", (most,))
        return [int(row) for (row,) in rows]

    def batches(self, size: int) -> Iterator[list[int]]:
        """The list in pieces, until it is empty; each must be crossed off before the next one."""
        while some := self.articles(most=size):
            yield some

    def cross_off(self, articles: Sequence[int]) -> None:
        """These are as the store has them."""
        self._connection.executemany("DELETE FROM pending WHERE article = ?", ((article,) for article in articles))

    def add_all(self) -> None:
        """Every article that is not removed is to be sent."""
        self._connection.execute(
            "INSERT OR IGNORE INTO pending (article) SELECT row FROM articles WHERE removed_at IS NULL ORDER BY row"
        )

    def __bool__(self) -> bool:
        """Whether anything is to be sent."""
        return self.exists() and bool(self.articles(most=1))
