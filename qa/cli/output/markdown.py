"""Markdown → a page laid out for a terminal, by rich."""

from __future__ import annotations

from typing import ClassVar

from rich.console import JustifyMethod
from rich.markdown import Markdown, MarkdownElement, TableDataElement
from rich.text import Text


class _WholeCell(TableDataElement):
    """A cell of a table that breaks a word which is too long for its column, where rich would cut it off."""

    def __init__(self, justify: JustifyMethod) -> None:
        super().__init__(justify)
        self.content = Text("", justify=justify, overflow="fold")


class TerminalMarkdown(Markdown):
    """Links stand in the text with their addresses, and no cell loses a character."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {**Markdown.elements, "td_open": _WholeCell, "th_open": _WholeCell}

    def __init__(self, markup: str) -> None:
        super().__init__(markup, hyperlinks=False)
