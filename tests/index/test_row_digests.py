"""Digests of rows: kept up to date by one connection, and another that changes a row is found out."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.index.row_digests import CREATE, DigestedTable, RowDigests, row_digest

TABLES = (DigestedTable("ships", ("name", "sails")), DigestedTable("ports", ("country", "town", "depth"), key_columns=2))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with contextlib.closing(sqlite3.connect(tmp_path / "harbour.sqlite")) as made:
        made.executescript(f"{CREATE}; CREATE TABLE ships (name, sails); CREATE TABLE ports (country, town, depth)")
    return tmp_path / "harbour.sqlite"


@pytest.fixture
def own(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that keeps the digests up to date."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        RowDigests(connection, TABLES).follow()
        connection.execute("INSERT INTO ships VALUES ('Ann', 3), ('Bee', NULL)")
        connection.execute("INSERT INTO ports VALUES ('UK', 'Dover', x'07')")
        yield connection


def _changed(connection: sqlite3.Connection) -> list[tuple[str, object]]:
    digests = RowDigests(connection, TABLES)
    return [*digests.changed(), *digests.missing()]


def test_what_the_own_connection_writes_is_sound(own: sqlite3.Connection) -> None:
    own.execute("UPDATE ships SET sails = 4, name = 'Annie' WHERE name = 'Ann'")
    own.execute("UPDATE ports SET depth = 'deep'")
    own.execute("DELETE FROM ships WHERE name = 'Bee'")
    assert _changed(own) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE ships SET sails = 4 WHERE name = 'Ann'", [("ships", "Ann")]),
        ("UPDATE ships SET sails = '3' WHERE name = 'Ann'", [("ships", "Ann")]),
        ("UPDATE ports SET town = 'Deal'", [("ports", "UK Deal"), ("ports", "UK Dover")]),
        ("DELETE FROM ships WHERE name = 'Bee'", [("ships", "Bee")]),
        ("INSERT INTO ships VALUES ('Cat', 1)", [("ships", "Cat")]),
    ],
)
def test_what_another_connection_changes_is_found(
    own: sqlite3.Connection, file: Path, statement: str, found: list[tuple[str, object]]
) -> None:
    with contextlib.closing(sqlite3.connect(file)) as other, other:
        other.execute(statement)
    assert _changed(own) == found


def test_a_change_of_a_damaged_row_does_not_make_it_sound_but_another_in_its_place_does(
    own: sqlite3.Connection, file: Path
) -> None:
    with contextlib.closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE ships SET sails = 9 WHERE name = 'Ann'")
    own.execute("UPDATE ships SET sails = sails + 1")
    assert _changed(own) == [("ships", "Ann")]
    own.execute("DELETE FROM ships WHERE name = 'Ann'")
    own.execute("INSERT INTO ships VALUES ('Ann', 9)")
    assert _changed(own) == []


def test_rows_from_before_get_their_digests_once(own: sqlite3.Connection, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE ships SET sails = 9 WHERE name = 'Ann'")
        other.execute("INSERT INTO ships VALUES ('Cat', 1)")
    RowDigests(own, TABLES).fill()
    assert _changed(own) == [("ships", "Ann")]


def test_values_are_told_from_those_of_another_kind_or_cut() -> None:
    values = [("1",), (1,), (b"1",), (None,), ("None",), ("1", ""), ("", "1"), ("ab", "c"), ("a", "bc")]
    assert len({row_digest(*value) for value in values}) == len(values)
