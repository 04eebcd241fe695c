"""The tables of an HTML tree that hold facts → paragraphs with a line for each row, as `corpus/tables.py` reads them (lxml).

A table that lays out a page, or holds paragraphs, stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

_LONGEST_CELL = 200  # characters; a longer one is a paragraph
_LONGEST_REPEATED = 60  # characters of a cell over several rows that is written in each of them
_MOST_COLUMNS = 50
_BESIDE = frozenset("p div li br dd dt h1 h2 h3 h4 h5 h6 ul ol".split())  # words before and behind them are apart


def write_tables(tree: html.HtmlElement) -> None:
    """Put a paragraph in the place of each table of facts; a caption becomes one of its own before it."""
    for table in list(tree.iter("table")):
        lines = _lines(table)
        if lines and table.getparent() is not None:
            for caption in table.iter("caption"):
                table.addprevious(_paragraph([_words(caption)]))
            rows = _paragraph(lines)
            rows.tail = table.tail
            table.getparent().replace(table, rows)


def _paragraph(lines: Sequence[str]) -> html.HtmlElement:
    paragraph = etree.Element("p")
    paragraph.text = lines[0]
    for line in lines[1:]:
        etree.SubElement(paragraph, "br").tail = line
    return paragraph


def _lines(table: html.HtmlElement) -> list[str]:
    """Its rows, with a rule below the head if the table marks one; none for a table that does not hold facts."""
    if next(table.iterdescendants("table"), None) is not None:
        return []
    marked = [row for row in table.iter("tr") if len(row)]
    rows = _rows(marked)
    cells = [cell for row in rows for cell in row]
    if not rows or max(map(len, rows)) < 2 or max(map(len, cells)) > _LONGEST_CELL:
        return []
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if len(rows) > 1 and _is_head(marked[0]):
        lines.insert(1, "|---" * len(rows[0]) + "|")
    return lines


def _is_head(row: html.HtmlElement) -> bool:
    """Whether every cell with words is a heading, or bold as a whole."""
    cells = [cell for cell in row.iterchildren("td", "th") if _words(cell)]
    return bool(cells) and all(
        cell.tag == "th" or _words(cell) == " ".join(_words(bold) for bold in cell.iter("strong", "b")) for cell in cells
    )


def _rows(marked: Sequence[html.HtmlElement]) -> list[list[str]]:
    """The words of each row's cells. A short cell over several rows or columns stands in each of them."""
    rows: list[list[str]] = []
    held: dict[int, tuple[int, str]] = {}  # column → for how many rows more, its words
    for row in marked:
        cells: list[str] = []
        is_alone = len(row) == 1  # as a heading over the rows below it
        for cell in row.iterchildren("td", "th"):
            _take_held(cells, held)
            words = _words(cell)
            down, across = _span(cell, "rowspan"), min(_span(cell, "colspan"), _MOST_COLUMNS)
            if down > 1:
                held[len(cells)] = (down - 1, words if len(words) <= _LONGEST_REPEATED else "")
            again = words if len(words) <= _LONGEST_REPEATED and not is_alone else ""
            cells += [words, *[again] * (across - 1)]
        _take_held(cells, held)
        rows.append(cells)
    return [row for row in rows if any(row)]


def _take_held(cells: list[str], held: dict[int, tuple[int, str]]) -> None:
    """Fill the next columns with what rows above hold there."""
    while len(cells) in held:
        rows, words = held.pop(len(cells))
        if rows > 1:
            held[len(cells)] = (rows - 1, words)
        cells.append(words)


def _span(cell: html.HtmlElement, name: str) -> int:
    number = str(cell.get(name) or "1").strip()
    return max(1, int(number)) if number.isdecimal() and len(number) < 5 else 1


def _words(cell: html.HtmlElement) -> str:
    """Its text on one line; a pipe in it is escaped."""
    words: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in _BESIDE:
            words.append(" ")
        if event == "start":
            words.append(element.text or "")
        elif element is not cell:
            words.append(element.tail or "")
    return " ".join("".join(words).split()).replace("|", "\\|")
