"""A stored article → a text with all its rows, and back into another store, with the same keys."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib

_TABLES = {"articles": "row", "languages": "article", "terms": "article", "sentences": "article", "passages": "article",
           "clusters": "article"}  # fmt: skip
_BLOB = "blob"


class ArticleCopies:
    """The copies of the articles of one store, through its connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, article_row: int) -> str:
        """Everything that the store has of an article, but for its vectors: a compressed text in ASCII."""
        rows = {
            table: self._connection.execute(f"SELECT * FROM {table} WHERE {key} = ? ORDER BY 1, 2", (article_row,)).fetchall()
            for table, key in _TABLES.items()
        }
        return packed(json.dumps(rows, default=lambda blob: {_BLOB: base64.b64encode(blob).decode()}))

    def put(self, copy: str) -> None:
        """Insert a copied article. ValueError for a text that is no copy."""
        rows = json.loads(unpacked(copy), object_hook=lambda made: base64.b64decode(made[_BLOB]) if _BLOB in made else made)
        for table in _TABLES:
            for row in rows[table]:
                marks = ", ".join("?" * len(row))
                self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)


def packed(text: str) -> str:
    """The text compressed, in ASCII without quotation marks and backslashes."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"))).decode()


def unpacked(packed_text: str) -> str:
    """The text again; ValueError for one that is damaged."""
    try:
        return zlib.decompress(base64.b64decode(packed_text)).decode("utf-8", "surrogatepass")
    except zlib.error as error:
        raise ValueError(f"a copy cannot be read: {error}") from error
