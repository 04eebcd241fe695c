"""Lines of a text → the rows of tables among them, written as Markdown writes them: `| Adults | 2.40 |`.

Pages, Word files, books and feeds get their tables in this form too. Source: GitHub Flavored Markdown, 4.10. Beyond it, lines
that begin and end with a pipe are rows without a head above them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from qa.base.types import Span

_PREFIX = " \t>"  # a table may stand in a quotation
_RULE_MARKS = frozenset("|-: \t>")
_RULE_CELL = re.compile(r":?-+:?")
_CELL = re.compile(r"((?:[^|\\]|\\.|\\)*+)\|?", re.DOTALL)  # up to the next pipe that is not escaped


class TablePart(Enum):
    HEAD = auto()
    RULE = auto()
    ROW = auto()


def cells_of(line: str) -> list[Span | None]:
    """Where the content of each cell of a row stands in the line, without blanks around it; None for an empty cell."""
    start = len(line) - len(line.lstrip(_PREFIX))
    end = len(line.rstrip())
    at = start + 1 if line.startswith("|", start, end) else start
    cells: list[Span | None] = []
    while at < end:
        cell = _CELL.match(line, at, end)
        assert cell is not None  # it matches the empty string too
        cells.append(_content(line, *cell.span(1)))
        at = cell.end()
    return cells


def _content(line: str, start: int, end: int) -> Span | None:
    cell = line[start:end]
    words = cell.strip()
    first = start + len(cell) - len(cell.lstrip())
    return Span(first, first + len(words)) if words else None


def parts_of_tables(lines: Sequence[str]) -> list[TablePart | None]:
    """What each of consecutive lines is in a table; None outside of one. No blank line is among them."""
    parts: list[TablePart | None] = [None] * len(lines)
    if not any("|" in line for line in lines):
        return parts
    is_in_table = False
    for at, line in enumerate(lines):
        if at and parts[at - 1] is TablePart.HEAD:  # which was told by the rule below it
            parts[at] = TablePart.RULE
        elif "|" not in line:
            is_in_table = False
        elif at + 1 < len(lines) and _are_head_and_rule(line, lines[at + 1]):
            parts[at], is_in_table = TablePart.HEAD, True
        elif is_in_table or _is_framed(line):
            parts[at] = TablePart.ROW
    return _with_unruled_heads(lines, parts)


def _with_unruled_heads(lines: Sequence[str], parts: list[TablePart | None]) -> list[TablePart | None]:
    """The parts; the first row of a table without a rule is its head, if it alone has no figure in a column of figures."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and parts[end] is TablePart.ROW:
            end += 1
        if end - start > 1 and (start == 0 or parts[start - 1] is None) and _is_head_of_figures(lines[start:end]):
            parts[start] = TablePart.HEAD
        start = max(end, start + 1)
    return parts


def _is_head_of_figures(rows: Sequence[str]) -> bool:
    """Whether the first row alone has no figure in a column in which every other cell has one."""
    head, *others = ([_content_of(row, cell) for cell in cells_of(row)] for row in rows)
    filled, figures = [0] * len(head), [0] * len(head)
    for row in others:
        for at, words in enumerate(row[: len(head)]):
            filled[at] += bool(words)
            figures[at] += _has_figure(words)
    columns = zip(filled, figures, strict=True)
    return not any(map(_has_figure, head)) and any(count and count == with_figure for count, with_figure in columns)


def _has_figure(words: str) -> bool:
    return any(map(str.isdecimal, words))


def _content_of(line: str, cell: Span | None) -> str:
    return cell.of(line) if cell else ""


def _are_head_and_rule(line: str, following: str) -> bool:
    if "|" not in following or "-" not in following or not _RULE_MARKS.issuperset(following):
        return False
    rule = [_content_of(following, cell) for cell in cells_of(following)]
    return all(map(_RULE_CELL.fullmatch, rule)) and len(cells_of(line)) == len(rule)


def _is_framed(line: str) -> bool:
    """Whether it begins and ends with a pipe, and has at least two cells."""
    row = line.strip(_PREFIX)
    return len(row) > 1 and row[0] == row[-1] == "|" and len(cells_of(line)) > 1
