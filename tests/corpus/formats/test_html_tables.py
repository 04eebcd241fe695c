"""Tables of HTML that hold facts, as lines."""

from __future__ import annotations

import pytest

from qa.corpus.formats.html_text import text_of, tree_of


def _text(rows: str) -> str:
    tree = tree_of(f"<p>Before.</p><table>{rows}</table>After.")
    assert tree is not None
    return text_of(tree).removeprefix("Before.\n\n").removesuffix("\n\nAfter.")


def _row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


HEAD = _row("Ticket", "Price", tag="th")
LINES = "| Ticket | Price |\n|---|---|\n| Adults | 2.40 |"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (HEAD + _row("Adults", "2.40"), LINES),
        (_row("<p><b>Ticket</b></p>", "<strong>Price</strong>") + _row("<p>Adults</p>", "2.<i>40</i>"), LINES),
        (_row("Adults", "2.40") + _row("Children", "1.20"), "| Adults | 2.40 |\n| Children | 1.20 |"),
        (f"<caption>Fares</caption>{HEAD}{_row('Adults', '2.40')}", f"Fares\n\n{LINES}"),
        (_row("a|b", "<p>two</p><p>lines</p>"), "| a\\|b | two lines |"),
        (
            '<tr><td rowspan="2">Adults</td><td>Summer</td><td>2.40</td></tr><tr><td>Winter</td><td>2.00</td></tr>',
            "| Adults | Summer | 2.40 |\n| Adults | Winter | 2.00 |",
        ),
        ('<tr><td>Dogs</td><td colspan="2">free</td></tr>', "| Dogs | free | free |"),
        ('<tr><td colspan="2">Island line</td></tr>' + _row("Adults", "2.40"), "| Island line | |\n| Adults | 2.40 |"),
    ],
)
def test_each_row_becomes_a_line(rows: str, text: str) -> None:
    assert _text(rows).replace("  ", " ") == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (_row("One cell."), "One cell."),
        (_row("A column.", "x" * 201), f"A column.\n\n{'x' * 201}"),
        (_row("Left.", f"<table>{_row('a', 'b')}</table>"), "Left.\n\n| a | b |"),
    ],
)
def test_a_table_that_lays_out_a_page_is_no_table_of_facts(rows: str, text: str) -> None:
    assert _text(rows) == text


def test_a_cell_over_very_many_rows_and_columns_does_not_grow() -> None:
    cell = f'<td rowspan="9999" colspan="9999">{"x" * 61}</td><td>y</td>'
    assert len(_text(f"<tr>{cell}</tr>" + _row("z") * 9)) < 2_000
