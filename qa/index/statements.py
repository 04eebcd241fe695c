"""A statement and many values → its rows, in batches of values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

_AT_ONCE = 500  # values named in one statement


def rows_naming(
    connection: sqlite3.Connection, statement: str, values: Iterable[object], *more: object
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement in which `{marks}` stands for the values; `more` are the values of later marks."""
    remaining = iter(values)
    while some := tuple(islice(remaining, _AT_ONCE)):
        yield from connection.execute(statement.format(marks=marks(some)), (*some, *more)).fetchall()


def marks(values: Sequence[object]) -> str:
    """A question mark for each."""
    return ", ".join("?" * len(values))
