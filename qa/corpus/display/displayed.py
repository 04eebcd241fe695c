"""An article → any span of it as people read it, and as its page has it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from qa.base.types import Article, Span
from qa.corpus.display.blocks import Blocks, Row, Table, blocks_of
from qa.corpus.display.edits import Edit, Edits, Shown, shown
from qa.corpus.display.inline import InlineMarks, inline_marks

_STRAY_MARKS = re.compile("[\"'”’»]++\\s+(?=\\S)")  # of a quotation that ended with the sentence before
_ITEM_MARK = re.compile(r"(?:[-*+•‣▪●○◦]|\(?\d{1,3}[.)])\s++(?=\S)")
_BULLET = re.compile(r"(?:^|(?<=\n))[-*+•‣▪●○◦][ \t]++(?=\S)")
_ESCAPED_PIPE = re.compile(r"\\(?=\|)")
_BETWEEN_CELLS = " · "
_LONGEST_HEAD = 80  # characters of a column's head that is shown with each row


class Displayed:
    """An article's text as people read it. What is shown is made when it is asked for, each stretch of words once."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._is_markdown = article.is_markdown
        self._marks: dict[int, InlineMarks] = {}  # by the place of the stretch
        self._inline_edits: dict[int, Edits] = {}  # likewise
        self._row_edits: dict[int, Edits] = {}  # by the place of the row
        self._heads: dict[Table, tuple[str, ...]] = {}

    @cached_property
    def _blocks(self) -> Blocks:
        return blocks_of(self._text, is_markdown=self._is_markdown)

    @cached_property
    def _starts(self) -> list[int]:
        return [stretch[0].start for stretch in self._blocks.stretches]

    @cached_property
    def _sorted_block_edits(self) -> list[Edit]:
        return sorted(self._blocks.edits)

    @cached_property
    def _row_starts(self) -> list[int]:
        return [row.line.start for row in self._blocks.rows]

    def shown(self, span: Span) -> Shown:
        """Without marks, on its ends neither; empty where there are only marks. A row has the heads of its columns."""
        return shown(self._text, span, sorted(self._edits(span)))

    def words(self, span: Span) -> str:
        """What is shown, or, where there are only marks, the source."""
        return self.shown(span).text or span.of(self._text)

    def in_text(self, span: Span) -> str:
        """The span as it is read within the article: white space, and words that are no Markdown, stay as they stand."""
        words = span.of(self._text)
        has_marks = self._is_markdown or next(self._rows(span), None) or next(self._block_edits(span), None)
        return self.shown(span).text if has_marks and not words.isspace() else words

    def has_bullet(self, span: Span) -> bool:
        """Whether the span begins with the bullet of a list's item, which is not shown."""
        bulleted = self._blocks.bulleted
        at = bisect_right(bulleted, span.start)
        return at < len(bulleted) and bulleted[at] < span.end and not self.shown(Span(span.start, bulleted[at])).text

    def on_page(self, span: Span) -> tuple[str, ...]:
        """The span's words as the blocks of the article's page have them.

        Each cell of a row is one. The marks of lists and the words for pictures are in none.
        """
        row = next(self._rows(span), None)
        if row is not None:
            cells = [cell.common(span) for cell in row.cells if cell and cell.overlaps(span)]
            return tuple(filter(None, (self.shown(cell).text for cell in cells)))
        parts = filter(None, (self.shown(part).text for part in _without(span, self._pictures(span))))
        return tuple(_ITEM_MARK.sub("", words, count=1) for words in parts)

    def _edits(self, span: Span) -> Iterator[Edit]:
        stray = _STRAY_MARKS.match(self._text, span.start, span.end)
        if stray:
            yield Edit(*stray.span())
        if not self._is_markdown and (bullet := _BULLET.match(self._text, span.start, span.end)):
            yield Edit(*bullet.span())
        yield from self._block_edits(span)
        for row in self._rows(span):
            yield from self._edits_of_row(row).at(span)
        for at in self._stretches(span):
            yield from self._edits_of_stretch(at).at(span)

    def _block_edits(self, span: Span) -> Iterator[Edit]:
        """Those that overlap the span. They are in order, and none goes on behind the line of its beginning."""
        edits = self._sorted_block_edits
        at = bisect_left(edits, Edit(span.start, -1))
        while at and edits[at - 1].end > span.start:
            at -= 1
        while at < len(edits) and edits[at].start < span.end:
            yield edits[at]
            at += 1

    def _rows(self, span: Span) -> Iterator[Row]:
        rows = self._blocks.rows
        for at in range(max(0, bisect_right(self._row_starts, span.start) - 1), len(rows)):
            if rows[at].line.start >= span.end:
                return
            if rows[at].line.overlaps(span):
                yield rows[at]

    def _stretches(self, span: Span) -> Iterator[int]:
        """The places among the stretches of those that overlap the span."""
        stretches = self._blocks.stretches
        for at in range(max(0, bisect_right(self._starts, span.start) - 1), len(stretches)):
            if stretches[at][0].start >= span.end:
                return
            if stretches[at][-1].end > span.start:
                yield at

    def _pictures(self, span: Span) -> Iterator[Span]:
        for at in self._stretches(span):
            yield from self._marks_of(at).pictures

    def _edits_of_stretch(self, at: int) -> Edits:
        if at not in self._inline_edits:
            self._inline_edits[at] = Edits(self._marks_of(at).edits)
        return self._inline_edits[at]

    def _edits_of_row(self, row: Row) -> Edits:
        if row.line.start not in self._row_edits:
            self._row_edits[row.line.start] = Edits(tuple(self._found_row_edits(row)))
        return self._row_edits[row.line.start]

    def _found_row_edits(self, row: Row) -> Iterator[Edit]:
        """What is shown between the cells that say something, and the head before each of them."""
        heads = () if row.is_head else self._heads_of(row.table)
        between = ": " if not heads and not row.is_head and len(row.cells) == 2 else _BETWEEN_CELLS
        at = row.line.start
        for column, cell in enumerate(row.cells):
            if cell is not None:
                head = heads[column] if column < len(heads) else ""
                yield Edit(at, cell.start, (between if at > row.line.start else "") + head)
                at = cell.end
        yield Edit(at, row.line.end)

    def _heads_of(self, table: Table) -> tuple[str, ...]:
        """Each head with a colon; empty for a column without one, or with a long one."""
        if table not in self._heads:
            shown_heads = (
                self.shown(head).text if head and head.end - head.start <= _LONGEST_HEAD else "" for head in table.heads
            )
            self._heads[table] = tuple(f"{head.rstrip(': ')}: " if head else "" for head in shown_heads)
        return self._heads[table]

    def _marks_of(self, at: int) -> InlineMarks:
        """The inline marks of a stretch, with places in the article."""
        if at not in self._marks:
            self._marks[at] = self._found_marks(self._blocks.stretches[at])
        return self._marks[at]

    def _found_marks(self, stretch: Sequence[Span]) -> InlineMarks:
        if not self._is_markdown:
            pipes = (pipe.start() for part in stretch for pipe in _ESCAPED_PIPE.finditer(self._text, part.start, part.end))
            return InlineMarks(tuple(Edit(pipe, pipe + 1) for pipe in pipes), ())
        lines = [part.of(self._text) for part in stretch]
        begins = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
        found = inline_marks("\n".join(lines), self._blocks.labels)

        def place(offset: int) -> int:
            line = bisect_right(begins, offset) - 1
            return stretch[line].start + offset - begins[line]

        return InlineMarks(
            tuple(Edit(place(edit.start), place(edit.end), edit.text) for edit in found.edits),
            tuple(Span(place(picture.start), place(picture.end)) for picture in found.pictures),
        )


def shown_line(line: str) -> str:
    """A line of Markdown's words, such as a title, without its inline marks; the line where nothing else is in it."""
    return shown(line, Span(0, len(line)), inline_marks(line, ()).edits).text or line


def _without(span: Span, pictures: Iterable[Span]) -> Iterator[Span]:
    """What of the span lies between the pictures, which are in order."""
    at = span.start
    for picture in pictures:
        if at < picture.start < span.end:
            yield Span(at, picture.start)
        at = max(at, picture.end)
    if at < span.end:
        yield Span(at, span.end)
