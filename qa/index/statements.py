"""A statement and many values → its rows, in batches of values; and what becomes of rows that cannot be read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

_UNREADABLE = (ValueError, TypeError, OverflowError)
_AT_ONCE = 500  # values named in one statement


@contextlib.contextmanager
def stored_rows() -> Iterator[None]:
    """Values of rows that cannot be what they stand for, as in a damaged file, are an error of the database."""
    try:
        yield
    except _UNREADABLE as error:
        raise sqlite3.DataError(f"a row cannot be read: {error}") from error


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
