"""What long work prints."""

from __future__ import annotations

import io
import re

import pytest


def test_long_work_on_a_pipe_says_a_line_about_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    from qa.cli.output.progress import Progressing

    clock = iter(range(0, 1000, 4))  # seconds
    monkeypatch.setattr("qa.cli.output.progress.time.monotonic", lambda: float(next(clock)))
    written = io.StringIO()
    with Progressing(Console(file=written), "Adding") as progressing:
        for done in range(1, 10):
            progressing.update(10 * done, 100 * done, share=done / 10)
    lines = written.getvalue().splitlines()
    assert 2 <= len(lines) < 9
    assert re.fullmatch(r"Adding: \d+ %, \d+ articles \(\d+\.\d/s\), \d+ passages \(\d+/s\), \d+:\d\d left", lines[0])


def test_seconds_read_as_a_clock() -> None:
    from qa.cli.output.progress import clock

    assert [clock(7.4), clock(754), clock(3723)] == ["0:07", "12:34", "1:02:03"]
