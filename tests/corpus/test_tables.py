"""Rows of tables among the lines of a text."""

from __future__ import annotations

import pytest

from qa.corpus.tables import TablePart, cells_of, parts_of_tables

HEAD, RULE, ROW = TablePart.HEAD, TablePart.RULE, TablePart.ROW


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("| Adults | 2.40 |", ["Adults", "2.40"]),
        ("Adults | 2.40", ["Adults", "2.40"]),
        ("  > | Adults | 2.40 | ", ["Adults", "2.40"]),
        ("|  | Summer |  |", [None, "Summer", None]),
        (r"| a\|b | c\\|d |", [r"a\|b", r"c\\", "d"]),
        (r"| a \|", [r"a \|"]),
        ("||", [None]),
        ("|", []),
    ],
)
def test_cells_stand_between_pipes_that_are_not_escaped(line: str, cells: list[str | None]) -> None:
    assert [cell.of(line) if cell else None for cell in cells_of(line)] == cells


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Fares:\n| Ticket | Price |\n|:--|--:|\n| Adults | 2.40 |\nMore.", [None, HEAD, RULE, ROW, None]),
        ("Ticket | Price\n--- | ---\nAdults | 2.40", [HEAD, RULE, ROW]),
        ("> | a | b |\n> |---|---|\n> | c | d |", [HEAD, RULE, ROW]),
        # as trafilatura writes a caption above a head
        ("| Fares |  |\n|---|---|\n| Ticket | Price |\n|---|---|\n| Adults | 2.40 |", [HEAD, RULE, HEAD, RULE, ROW]),
        ("| Adults | 2.40 |\n| Children | 1.20 |", [ROW, ROW]),
        ("| Ticket | Price |\n| Adults | 2.40 |\n| Dogs |  |", [HEAD, ROW, ROW]),  # the head alone has no figure
        ("| Name | Post |\n| Ada | Mayor |", [ROW, ROW]),
        ("Home | News | Sport\nAbout us | Contact", [None, None]),
        ("a | b\n|---|---|---|", [None, ROW]),  # a rule of other columns
        ("One line.\nAnother one.", [None, None]),
    ],
)
def test_rows_and_heads_are_told_from_other_lines(text: str, parts: list[TablePart | None]) -> None:
    assert parts_of_tables(text.split("\n")) == parts
