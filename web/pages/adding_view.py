"""A sending of files as the pages show it: how far it is, how long it still takes, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from qa.api.job import JobState
from qa.api.problem import JobProblemShape
from qa.api.upload import UploadedShape
from qa.api.upload_series import UploadSeries
from qa.base.in_words import counted

MOST_ROWS = 50  # files that a page lists one by one
_GROUPED_FROM = 4  # files that were refused for the same reason
_TOO_SOON_SECONDS = 3.0  # before which the time left is not told
_TOO_LITTLE = 0.02  # of the whole, by which it is not told within a minute: the first articles wait for the model
_RECENT_SECONDS = 600.0
_SILENT_SECONDS = 60.0  # after which files that have not arrived are not waited for
_STATES = {  # how what was added by then is headed
    JobState.QUEUED: "Waiting to add {name}",
    JobState.RUNNING: "Adding {name}",
    JobState.CANCELLED: "Stopped: {count}",
    JobState.INTERRUPTED: "Interrupted: {count}",
    JobState.FAILED: "Not finished: {count}",
}
_SAME_AGAIN = "What was added stays. Add the same files again to go on: nothing is added twice."
_ADVICE = {
    JobState.CANCELLED: _SAME_AGAIN,
    JobState.INTERRUPTED: f"The server stopped before it was done. {_SAME_AGAIN}",
    JobState.FAILED: _SAME_AGAIN,
}


class RefusedGroup(NamedTuple):
    """Files that were refused for the same reason."""

    reason: str
    names: Sequence[str]


class FileRows(NamedTuple):
    """The files one by one, those refused together, and how many more there are."""

    rows: Sequence[UploadedShape]
    groups: Sequence[RefusedGroup]
    more: int


@dataclass(frozen=True, slots=True)
class AddingView:
    """A sending at the time `now`."""

    series: UploadSeries
    now: datetime

    @property
    def is_unfinished(self) -> bool:
        return not self.series.has_ended or self._is_expecting

    @property
    def is_recent(self) -> bool:
        """Whether it is worked on, or ended a few minutes ago."""
        ended_at = self.series.ended_at
        return self.is_unfinished or (ended_at is not None and self._seconds_since(ended_at) < _RECENT_SECONDS)

    @property
    def name(self) -> str:
        """The first file, and how many more."""
        name = self.series.name or "your files"
        return (
            name
            if self.series.files == 1 or not self.series.name
            else f"{name} and {counted(self.series.files - 1, 'more file')}"
        )

    @property
    def headline(self) -> str:
        series = self.series
        count = self._outcome[1]
        if self._is_expecting:
            return f"Adding {self.name}"
        if series.state in _STATES:
            return _STATES[series.state].format(name=self.name, count=count)
        return count[:1].upper() + count[1:]

    @property
    def counts(self) -> list[tuple[str, str]]:
        """The kind and the words of each result that some articles have, but for what the headline says."""
        series = self.series
        every = (
            ("added", series.added, "added"),
            ("changed", series.changed, "updated"),
            ("unchanged", series.unchanged, "already there"),
            ("refused", series.refused, "refused"),
        )
        return [
            (kind, f"{count:,} {words}")
            for kind, count, words in every
            if count and (self.is_unfinished or kind != self._outcome[0])
        ]

    @property
    def share(self) -> float | None:
        """How much is done, 0..1; None where nothing tells."""
        series = self.series
        if series.total_bytes:
            return min(1.0, series.done_bytes / series.total_bytes) or None
        return series.done / series.files if series.done else None

    @property
    def progress(self) -> str:
        """How much is done in files, or of a large one in megabytes."""
        series = self.series
        if series.files > 1:
            return f"{series.done:,} of {series.files:,} files"
        if series.total_bytes < 10**6:
            return ""
        return f"{series.done_bytes / 10**6:.1f} of {megabytes(series.total_bytes)}"

    @property
    def time_left(self) -> str | None:
        """In words, by how long what is done has taken; None before there is enough to tell by."""
        series = self.series
        if series.started_at is None or not series.done_bytes or series.has_ended:
            return None
        seconds = self._seconds_since(series.started_at)
        if seconds < (60 if series.done_bytes < _TOO_LITTLE * series.total_bytes else _TOO_SOON_SECONDS):
            return None
        return in_words(seconds * max(0, series.total_bytes - series.done_bytes) / series.done_bytes)

    @property
    def advice(self) -> Sequence[str]:
        """What to know and do, each a sentence or two."""
        if self.is_unfinished:
            return ()
        series = self.series
        problem = JobProblemShape.model_validate_json(series.problem).detail if series.problem else None
        missing = series.files - series.arrived
        lost = (
            f"{missing:,} of {series.files:,} files never arrived: their page was closed before it had sent them. {_SAME_AGAIN}"
        )
        return [
            words
            for words in (problem, _ADVICE.get(series.state), lost if missing and series.state not in _ADVICE else None)
            if words
        ]

    @property
    def ask(self) -> tuple[str, str] | None:
        """The words and the address of asking about what was added; None where nothing was."""
        if not self.series.accepted:
            return None
        if not self.series.can_be_asked:
            return "Ask your articles", "/"
        return f"Ask about {'it' if self.series.accepted == 1 else 'these'}", f"/?added={self.series.id}"

    @property
    def _outcome(self) -> tuple[str, str]:
        """What happened to most of what is new, as the kind of its count and in words."""
        series = self.series
        if series.added:
            return "added", f"{counted(series.added, 'article')} added"
        if series.changed:
            return "changed", f"{counted(series.changed, 'article')} updated"
        return "", "nothing new" if series.unchanged else "nothing was added"

    @property
    def _is_expecting(self) -> bool:
        """Whether files that were announced may still arrive."""
        series = self.series
        if series.arrived >= series.files or series.state is not JobState.SUCCEEDED or series.ended_at is None:
            return False
        return self._seconds_since(series.ended_at) < _SILENT_SECONDS

    def _seconds_since(self, moment: str) -> float:
        return (self.now - datetime.fromisoformat(moment)).total_seconds()


def view_of(series: UploadSeries) -> AddingView:
    return AddingView(series, datetime.now(UTC))


def file_rows(items: Sequence[UploadedShape]) -> FileRows:
    """Those that were refused as a whole together where they share a reason, and the others in order; of very many, those
    with a refusal first, then those with a notice."""
    by_reason: dict[str, list[str]] = {}
    for item in items:
        if reason := _refused_whole(item):
            by_reason.setdefault(reason, []).append(item.name)
    groups = [RefusedGroup(reason, names) for reason, names in by_reason.items() if len(names) >= _GROUPED_FROM]
    together = {group.reason for group in groups}
    alone = [item for item in items if _refused_whole(item) not in together]
    if len(alone) > MOST_ROWS:
        alone.sort(key=lambda item: (not item.refused, not item.notices))
    return FileRows(alone[:MOST_ROWS], groups, len(alone[MOST_ROWS:]))


def _refused_whole(item: UploadedShape) -> str | None:
    """Why nothing of the file was added."""
    is_whole = item.refusals and not item.added + item.changed + item.unchanged and item.refused == 1
    return item.refusals[0].reason if is_whole else None


def in_words(seconds: float) -> str:
    """`about 2 minutes left`."""
    minutes = round(seconds / 60)
    if seconds < 45:
        return "less than a minute left"
    if minutes < 60:
        return "about a minute left" if minutes <= 1 else f"about {minutes} minutes left"
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    return f"about {hours} h{f' {rest} min' if rest else ''} left"


def megabytes(size: int) -> str:
    """`33.5 MB`."""
    return f"{size / 10**6:,.1f} MB"
