"""Both output streams: lines, paragraphs, tables and lists; the result on stdout, the rest on stderr.

No rich markup is ever read from a text. Lines are wrapped on a terminal only, so that a pipe
sees one line per statement.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from qa.cli.output.styles import BOLD, NUMBER, PLAIN
from qa.cli.output.text import on_one_line, visible

_MOST_LISTED = 20  # refusals, articles or notices that a summary names


class Screen:
    """Both output streams. `flags` are the options that a suggested command needs again, such as `--index DIR`."""

    def __init__(self, flags: Sequence[str] = ()) -> None:
        self.out = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
        self.err = Console(markup=False, emoji=False, highlight=False, soft_wrap=True, stderr=True)
        self._flags = "".join(f" {shlex.quote(flag)}" for flag in flags)

    def command(self, words: str) -> str:
        """A command of qa to type next."""
        return visible(f"qa {words}{self._flags}")

    def write(self, text: Text) -> None:
        """One line, styled on a terminal; for a pipe its very characters (rich would expand tabs)."""
        if self.out.is_terminal:
            self.out.print(text)
        else:
            print(text.plain)

    def suggest(self, words: str, *, indent: int = 2, style: Style = PLAIN) -> None:
        """A command on a line of its own, never wrapped, so that it can be copied."""
        self.write(Text.assemble(" " * indent, (self.command(words), style)))

    def note(self, text: str = "") -> None:
        """A line on stderr."""
        self.err.print(Text(visible(text)), soft_wrap=not self.err.is_terminal)

    def line(self, text: str = "", *, style: Style | None = None, at_once: bool = False) -> None:
        """`at_once` flushes, for a pipe whose reader waits for this line."""
        self.paragraph(Text(visible(text), style=style or PLAIN))
        if at_once:
            sys.stdout.flush()

    def no_articles(self, folder: Path) -> None:
        self.note(f"No articles yet in {folder}: `{self.command('add PATH…')}` adds some.")

    def paragraph(self, text: Text, *, first: str = "", indent: int = 0) -> None:
        """The text, wrapped on a terminal; `first` stands in the indentation of the first line."""
        width = max(20, self.out.width - indent)
        wrapped = text.wrap(self.out, width) if self.out.is_terminal else [text]
        for number, line in enumerate(wrapped or [Text()]):
            margin = first.ljust(indent) if number == 0 else " " * indent
            self.write(Text.assemble((margin, NUMBER), line) if margin else line)

    def json(self, text: str) -> None:
        """One JSON value on stdout, always UTF-8 (RFC 8259)."""
        sys.stdout.flush()
        data = f"{text}\n".encode("utf-8", "replace")
        sys.stdout.buffer.write(data)
        sys.stdout.flush()

    def listed(self, heading: str, names: Sequence[str]) -> None:
        """At most 20 names under a heading, and how many more there are."""
        if not names:
            return
        self.line(heading)
        for name in names[:_MOST_LISTED]:
            self.paragraph(Text(on_one_line(name)), first="  - ", indent=4)
        if len(names) > _MOST_LISTED:
            self.line(f"    … and {len(names) - _MOST_LISTED:,} more")

    def table(self, rows: Sequence[tuple[str, str]], *, indent: int = 2) -> None:
        """Names and values in two columns."""
        width = max((len(name) for name, _ in rows), default=0)
        for name, value in rows:
            self.paragraph(Text(visible(value)), first=" " * indent + name.ljust(width) + "  ", indent=indent + width + 2)

    def columns(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows under headings, the first column to the left and the others to the right; never wrapped."""
        table = [[on_one_line(cell) for cell in row] for row in (headings, *rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for number, row in enumerate(table):
            first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            line = "   ".join([first.lstrip().ljust(widths[0]), *others]).rstrip()
            self.write(Text(line, style=PLAIN if number else BOLD))
