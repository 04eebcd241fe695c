"""How far long work is: a bar with rates and the time left on a terminal, else a line about every ten seconds."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

SECONDS_BETWEEN_LINES = 10


class Progressing:
    """A context manager that shows articles and passages done on `console`. `doing` names the work, such as `Adding`."""

    def __init__(self, console: Console, doing: str) -> None:
        self._console = console
        self._doing = doing
        self._started = self._last_line = time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self.articles = 0
        self.passages = 0

    def __enter__(self) -> Progressing:
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=None),
                TextColumn("{task.fields[done]}", markup=False),
                console=self._console,
                transient=True,
                expand=True,
            )
            self._task = self._bar.add_task(self._doing, total=None, done="loading the encoder, embedding the first articles")
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._started

    def update(self, articles: int, passages: int, *, share: float | None) -> None:
        """Show the counts that are done; `share` of the whole is in [0, 1], None where the whole is not known."""
        self.articles, self.passages = articles, passages
        if self._bar is not None:
            self._bar.update(self._task, total=None if share is None else 1.0, completed=share or 0.0, done=self._in_words(share))
        elif time.monotonic() - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            percent = "" if share is None else f" {100 * share:.0f} %,"
            self._console.print(Text(f"{self._doing}:{percent} {self._in_words(share)}"))

    def _in_words(self, share: float | None) -> str:
        seconds = max(self.seconds, 1e-3)
        words = (
            f"{self.articles:,} articles ({self.articles / seconds:.1f}/s), "
            f"{self.passages:,} passages ({self.passages / seconds:.0f}/s)"
        )
        if share:
            words += f", {clock(seconds * (1 - share) / share)} left"
        return words


def clock(seconds: float) -> str:
    """`0:07`, `12:34` or `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
