"""A snapshot → its line in a list."""

from __future__ import annotations

from rich.text import Text

from qa.api.snapshot import SnapshotShape
from qa.base.in_words import counted
from qa.cli.output.screen import Screen
from qa.cli.output.text import on_one_line


def show_snapshot_line(snapshot: SnapshotShape, screen: Screen) -> None:
    """Name, time, counts and encoder: with tabs for a pipe."""
    if snapshot.problem:
        fields = [snapshot.name, snapshot.problem]
    else:
        counts = [counted(snapshot.articles, "article"), counted(snapshot.passages, "passage")]
        fields = [snapshot.name, snapshot.created_at or "", *counts, snapshot.encoder or "empty"]
    separator = "  " if screen.out.is_terminal else "\t"
    screen.write(Text(separator.join(on_one_line(field) for field in fields)))
