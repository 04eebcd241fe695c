"""The styles of what is printed; they show on a terminal alone."""

from __future__ import annotations

from rich.style import Style

PLAIN = Style()
BOLD = Style(bold=True)
DIM = Style(dim=True)
NUMBER = Style(color="cyan", bold=True)
SURE = Style(color="green")
WARNING = Style(color="yellow")
MATCHED = Style(bold=True, underline=True)
