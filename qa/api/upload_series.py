"""What a sending of files has come to: the jobs that one drop or one form began, taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.api.job import JobState
from qa.api.upload import MOST_NAMED, UploadedShape

MOST_ASKED = 1_000  # articles that one question is narrowed to


@dataclass(frozen=True, slots=True)
class UploadSeries:
    """Jobs that belong together, in the order they were begun; `id` is that of the first.

    `files` and `total_bytes` are those that were announced, of which `arrived` files have been received. Pasted texts and
    addresses count as files. The four counts are of articles, and `most_of_a_file` is how many the index
    has of one file. `problem` is the JSON of why a job failed.
    """

    id: str
    job_ids: tuple[str, ...]
    name: str
    state: JobState
    created_at: str
    started_at: str | None
    ended_at: str | None
    files: int
    arrived: int
    done: int
    total_bytes: int
    done_bytes: int
    added: int
    changed: int
    unchanged: int
    refused: int
    most_of_a_file: int
    problem: str | None

    @property
    def has_ended(self) -> bool:
        return self.state not in (JobState.QUEUED, JobState.RUNNING)

    @property
    def accepted(self) -> int:
        """How many of its articles the index has now."""
        return self.added + self.changed + self.unchanged

    @property
    def can_be_asked(self) -> bool:
        """Whether all of its articles are named, and few enough for a question that they alone answer."""
        return 0 < self.accepted <= MOST_ASKED and self.most_of_a_file <= MOST_NAMED


@dataclass(frozen=True, slots=True)
class UploadResults:
    """The results of a series for each of its files, so far."""

    series: UploadSeries
    items: Sequence[UploadedShape]

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The articles that the index has now, each once; empty where they cannot be asked by name."""
        if not self.series.can_be_asked:
            return ()
        return tuple(dict.fromkeys(id_ for item in self.items for id_ in item.articles))


def state_of_all(states: Sequence[JobState]) -> JobState:
    """The state of jobs that belong together: unfinished while one is, else that of the one that went worst."""
    if JobState.RUNNING in states:
        return JobState.RUNNING
    if JobState.QUEUED in states:
        return JobState.QUEUED if set(states) == {JobState.QUEUED} else JobState.RUNNING
    worst = (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
    return next((state for state in worst if state in states), JobState.SUCCEEDED)
