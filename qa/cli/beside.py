"""The index beside the one that answers: made with its progress on the screen, and switched to."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from qa.base.in_words import counted
from qa.base.settings import Settings
from qa.cli.adding import warn_of_another_encoder
from qa.cli.output.progress import Progressing
from qa.cli.output.screen import Screen
from qa.cli.process import Interrupted
from qa.service.beside import Beside
from qa.service.build import AddReport
from qa.service.library import Library


def rebuild_beside(settings: Settings, screen: Screen) -> Path:
    """Make the index beside that of the settings; its folder.

    Raises:
        Interrupted: Ctrl-C; both are as they were, and vectors made so far are kept for the next time.
    """
    beside = Beside(settings.index.absolute(), settings)
    with _Following(settings, screen) as following:
        report = beside.make(progress=following.update)
    seconds = following.progress.seconds
    screen.line(f"{counted(report.unchanged, 'article')}, {counted(report.passages, 'passage')} rebuilt in {seconds:.1f} s")
    return beside.folder


def switch_index(settings: Settings, screen: Screen, *, back: bool) -> None:
    """Exchange both indexes, and say what answers now.

    Raises:
        Interrupted: Ctrl-C while the other one is brought up to date.
    """
    index = settings.index.absolute()
    with _Following(settings, screen) as following:
        switched = Beside(index, settings).switch(back=back, progress=following.update)
    screen.line(f"{counted(switched.holds.articles, 'article')} with {switched.holds.encoder} in {index}.")
    screen.line(f"The index with {switched.other_encoder} stands beside it now. This exchanges them again:")
    screen.suggest("switch" if back else "switch --back")
    warn_of_another_encoder(switched.holds.encoder, screen)


class _Following:
    """The progress of work on the articles of an index."""

    def __init__(self, settings: Settings, screen: Screen) -> None:
        self._index = settings.index.absolute()
        self._whole = Library(self._index).counts().articles
        self.progress = Progressing(screen.err, "Rebuilding")

    def __enter__(self) -> _Following:
        self.progress.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.progress.__exit__(kind, error, trace)
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(
                f"interrupted; {self._index} is as it was. The vectors made so far are kept for the next time."
            ) from error

    def update(self, report: AddReport) -> None:
        share = min(1.0, report.unchanged / self._whole) if self._whole else None
        self.progress.update(report.unchanged, report.passages, share=share)
