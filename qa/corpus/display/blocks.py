"""A text → the marks of its blocks, and the stretches of words between them.

Source: CommonMark 0.31.2, chapters 3 to 5; GitHub Flavored Markdown, 4.10 and 5.3. Text that is no Markdown has only
tables. Where blocks are nested in ways that show the same words, the nesting is not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.base.types import Span
from qa.corpus.display.edits import Edit
from qa.corpus.display.inline import LONGEST_LABEL, label_key
from qa.corpus.tables import TablePart, cells_of, parts_of_tables

_BLANKS = " \t"
_LINE = re.compile(r"[^\n]*+\n?")
_QUOTED = re.compile(r"[ \t]{0,3}>[ \t]?")
_ITEM = re.compile(r"[ \t]*+(?:[-+*]|(\d{1,9})[.)])(?:[ \t]++|$)(\[[ xX]\][ \t]++)?")
_BREAK = re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*+$")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]++|$)")
_FENCE = re.compile(r"[ \t]*+(?:(`{3,}+)[^`\n]*+|(~{3,}+)[^\n]*+)$")
_DEFINITION = re.compile(rf"[ \t]{{0,3}}\[((?:[^\[\]\\]|\\.){{1,{LONGEST_LABEL}}}+)\]:[ \t]*+")
_DEFINED = re.compile(
    r"""(?:<[^<>]*+>|\S++)(?:[ \t]++(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+[ \t]*+$"""
)
_CODE = re.compile(r" {4}[ \t]*|[ \t]*\t[ \t]*")
_COMMENT = re.compile(r"[ \t]{0,3}<!--")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Where the heads of its columns stand, in order; None for a column without one."""

    heads: tuple[Span | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of a table, or its heads, with its cells, each a stretch of its own."""

    line: Span
    cells: tuple[Span | None, ...]
    table: Table
    is_head: bool


@dataclass(slots=True)
class Blocks:
    """In the order of the text. A stretch is parts of consecutive lines. `labels` are the keys of defined ones."""

    edits: list[Edit] = field(default_factory=list)
    stretches: list[list[Span]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    bulleted: list[int] = field(default_factory=list)  # where the words of items begin that have a bullet


def heading_words(line: str) -> str:
    """What stands behind the marks that begin a heading, without those that close it and the blanks before them."""
    body = line.rstrip(_BLANKS)
    words = body.rstrip("#")
    return words.rstrip(_BLANKS) if not words or words[-1] in _BLANKS else body


def blocks_of(text: str, *, is_markdown: bool) -> Blocks:
    if not is_markdown and "|" not in text:
        return Blocks()
    lines = [Span(*line.span()) for line in _LINE.finditer(text) if line[0]]
    parts = _table_parts(text, lines)
    reading = _Reading(text, Blocks())
    for line, part in zip(lines, parts, strict=True):
        end = line.end - text.endswith("\n", line.start, line.end)
        if is_markdown:
            reading.read(line.start, end, part)
        else:
            reading.read_plain(line.start, end, part)
    return reading.blocks


def _table_parts(text: str, lines: Sequence[Span]) -> list[TablePart | None]:
    parts: list[TablePart | None] = []
    together: list[str] = []
    for line in lines:
        words = line.of(text).rstrip("\n")
        if not words.strip():
            parts += [*parts_of_tables(together), None]
            together = []
        else:
            together.append(words)
    return [*parts, *parts_of_tables(together)]


@dataclass(slots=True)
class _Reading:
    """What was read of a text. The last stretch goes on while `is_open`."""

    text: str
    blocks: Blocks
    is_open: bool = False
    is_after_blank: bool = True
    is_in_list: bool = False
    fence: str = ""  # the marks that opened it
    is_fence_quoted: bool = False
    is_in_comment: bool = False
    table: Table = Table(())

    def read_plain(self, start: int, end: int, part: TablePart | None) -> None:
        """A line of a text that is no Markdown."""
        if part is not None:
            self._read_row(start, start, end, part)

    def read(self, start: int, end: int, part: TablePart | None) -> None:
        """A line of Markdown, without its line end."""
        if self.fence:
            self._read_code(start, end)
        elif self.is_in_comment or self._is_comment(start, end):
            self._read_comment(start, end)
        elif self.is_open and _UNDERLINE.match(self.text, start, end):
            self._hide_line(start, end)
        else:
            self._read_block(start, end, part)

    def _read_block(self, start: int, end: int, part: TablePart | None) -> None:
        at, is_quoted = self._without_prefix(start, end)
        if not self.text[at:end].strip():
            self._hide(start, end)
            self._close()
            self.is_after_blank = True
            return
        if self.is_after_blank and at == start and self.text[start] not in " \t":
            self.is_in_list = False
        code = None if self.is_open or self.is_in_list or at > start else _CODE.match(self.text, start, end)
        self.is_after_blank = False
        fence = _FENCE.match(self.text, at, end)
        if fence:
            self.fence, self.is_fence_quoted = fence[1] or fence[2], is_quoted
            self._hide_line(start, end)
        elif part is not None:
            self._read_row(start, at, end, part)
        elif code:
            self._hide(start, code.end())
        else:
            self._read_words(at, end)

    def _without_prefix(self, start: int, end: int) -> tuple[int, bool]:
        """(where the line's words begin behind the marks of quotations and lists, whether it is quoted)."""
        at, is_quoted = start, False
        marks = self._closing_marks(start, end)
        while True:
            if at >= marks and _BREAK.match(self.text, at, end):
                self._hide(start, end)
                return end, is_quoted
            quoted = _QUOTED.match(self.text, at, end)
            item = None if quoted else self._item(at, end)
            if quoted:
                self._hide(at, quoted.end())
                at, is_quoted = quoted.end(), True
            elif item:
                self._take_item(item)
                at = item.end()
            else:
                return at, is_quoted

    def _closing_marks(self, start: int, end: int) -> int:
        """Where the equal marks that end a line begin, of which a break may consist; its end where it has none."""
        line = self.text[start:end].rstrip(_BLANKS)
        mark = line[-1:]
        return start + len(line.rstrip(mark + _BLANKS)) if mark and mark in "*-_" else end

    def _item(self, at: int, end: int) -> re.Match[str] | None:
        """The mark of a list's item. Within a paragraph a number other than 1 is a word of it."""
        item = _ITEM.match(self.text, at, end)
        if item is None or (self.is_open and not self.is_in_list and item[1] not in (None, "1")):
            return None
        return None if self.is_open and item.end() == end else item

    def _take_item(self, item: re.Match[str]) -> None:
        """Bullets and boxes are marks; a number is what the list says."""
        self._close()
        self.is_in_list = True
        if item[1] is None:
            self._hide(*item.span())
            self.blocks.bulleted.append(item.end())
        elif item[2]:
            self._hide(*item.span(2))

    def _read_words(self, at: int, end: int) -> None:
        heading = _HEADING.match(self.text, at, end)
        definition = None if self.is_open or heading else _DEFINITION.match(self.text, at, end)
        if heading:
            self._close()
            self._hide(at, heading.end())
            body = self.text[heading.end() : end]
            words = heading_words(body)
            words_end = heading.end() + len(words) if words != body.rstrip(_BLANKS) else end
            self._hide(words_end, end)
            self._add(heading.end(), words_end)
            self._close()
        elif definition and definition[1].startswith("^"):
            self.blocks.labels.add(label_key(definition[1]))
            self._hide(at, definition.end())
            self._add(definition.end(), end)
        elif definition and _DEFINED.match(self.text, definition.end(), end):
            self.blocks.labels.add(label_key(definition[1]))
            self._hide_line(at, end)
        else:
            self._add(at, end)

    def _read_row(self, start: int, at: int, end: int, part: TablePart) -> None:
        self._close()
        if part is TablePart.RULE:
            self._hide_line(start, end)
            return
        found = cells_of(self.text[at:end])
        cells = tuple(Span(at + cell.start, at + cell.end) if cell else None for cell in found)
        is_head = part is TablePart.HEAD
        if is_head:
            self.table = Table(cells)
        elif not self._is_below_a_row(start):
            self.table = Table(())
        self.blocks.rows.append(Row(Span(start, end), cells, self.table, is_head))
        self.blocks.stretches += [[cell] for cell in cells if cell]

    def _is_below_a_row(self, start: int) -> bool:
        """Whether no more than a rule lies between the row before and this place."""
        if not self.blocks.rows:
            return False
        between = self.text[self.blocks.rows[-1].line.end : start]
        return between.count("\n") < 3 and not between.strip("|-: \t\n>")

    def _read_code(self, start: int, end: int) -> None:
        quoted = _QUOTED.match(self.text, start, end) if self.is_fence_quoted else None
        at = quoted.end() if quoted else start
        self._hide(start, at)
        words = self.text[at:end].strip()
        is_closing = len(words) >= len(self.fence) and set(words) == {self.fence[0]}
        if is_closing or (self.is_fence_quoted and not quoted):
            self.fence = ""
            self._hide_line(start, end if is_closing else at)

    def _is_comment(self, start: int, end: int) -> bool:
        return _COMMENT.match(self.text, start, end) is not None

    def _read_comment(self, start: int, end: int) -> None:
        """A comment that begins a line goes on to the line that ends it."""
        self._close()
        self.is_in_comment = self.text.find("-->", start, end) < 0
        at = end if self.is_in_comment else self.text.find("-->", start, end) + 3
        self._hide(start, at)
        if self.text[at:end].strip():
            self._add(at, end)

    def _hide(self, start: int, end: int) -> None:
        if start < end:
            self.blocks.edits.append(Edit(start, end))

    def _hide_line(self, start: int, end: int) -> None:
        self._hide(start, end)
        self._close()

    def _add(self, start: int, end: int) -> None:
        """Words of this line, which go on with the stretch if one is open."""
        if start >= end:
            return
        if self.is_open:
            self.blocks.stretches[-1].append(Span(start, end))
        else:
            self.blocks.stretches.append([Span(start, end)])
            self.is_open = True

    def _close(self) -> None:
        self.is_open = False
