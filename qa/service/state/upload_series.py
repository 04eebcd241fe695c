"""The jobs that add files, read together as the sendings that began them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.api.job import JobKind
from qa.api.upload import UploadedShape
from qa.api.upload_series import UploadResults, UploadSeries, state_of_all
from qa.base.errors import JobNotFound
from qa.service.state.file import StateFile
from qa.service.state.jobs import UNFINISHED, has_sizes, state_now

_COUNTS = ", ".join(f"SUM(json_extract(body, '$.{name}'))" for name in ("added", "changed", "unchanged", "refused"))
_ACCEPTED = " + ".join(f"json_extract(body, '$.{name}')" for name in ("added", "changed", "unchanged"))


class _Row(NamedTuple):
    """A job as it is stored."""

    id: str
    state: str
    beat_at: str
    created_at: str
    started_at: str | None
    ended_at: str | None
    total: int
    done: int
    total_bytes: int | None
    done_bytes: int
    announced: int | None
    announced_bytes: int | None
    problem: str | None
    name: str


class UploadSeriesLog:
    """The sendings of one state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def series(self, job_id: str) -> UploadSeries:
        """The sending that began with this job, or that it is a part of. Raises JobNotFound."""
        with self._file.reading("jobs") as connection:
            return _read(connection, job_id)

    def results(self, job_id: str) -> UploadResults:
        """The same with the result of each file. Raises JobNotFound."""
        with self._file.reading("jobs") as connection:
            series = _read(connection, job_id)
            assert connection is not None
            return UploadResults(series, list(_items(connection, series.job_ids)))

    def latest(self, most: int) -> list[UploadSeries]:
        """The sendings that were begun last, newest first."""
        with self._file.reading("jobs") as connection:
            if connection is None or not has_sizes(connection):
                return []
            begun = connection.execute(
                "SELECT id FROM jobs WHERE kind = ? AND part_of IS NULL ORDER BY created_at DESC LIMIT ?",
                (JobKind.UPLOADS, most),
            ).fetchall()
            return [_read(connection, job_id) for (job_id,) in begun]

    def unfinished(self) -> list[UploadSeries]:
        """Those that are still worked on, newest first; cheap where there are none."""
        with self._file.reading("jobs") as connection:
            if connection is None or not has_sizes(connection):
                return []
            begun = connection.execute(
                "SELECT DISTINCT COALESCE(part_of, id) FROM jobs WHERE kind = ? AND state IN (?, ?)",
                (JobKind.UPLOADS, *UNFINISHED),
            ).fetchall()
            found = [series for (job_id,) in begun if not (series := _read(connection, job_id)).has_ended]
            return sorted(found, key=lambda series: series.created_at, reverse=True)


def _read(connection: sqlite3.Connection | None, job_id: str) -> UploadSeries:
    rows = _rows(connection, job_id) if connection is not None and has_sizes(connection) else []
    if connection is None or not rows:
        raise JobNotFound(job_id)
    jobs = tuple(row.id for row in rows)
    counts = connection.execute(
        f"SELECT {_COUNTS}, MAX({_ACCEPTED}) FROM job_items WHERE job IN ({_marks(jobs)})", jobs
    ).fetchone()
    added, changed, unchanged, refused, most_of_a_file = (count or 0 for count in counts)
    arrived = sum(row.total for row in rows)
    return UploadSeries(
        id=jobs[0],
        job_ids=jobs,
        name=rows[0].name,
        state=state_of_all([state_now(row.state, row.beat_at) for row in rows]),
        created_at=rows[0].created_at,
        started_at=min((row.started_at for row in rows if row.started_at), default=None),
        ended_at=max(row.ended_at or "" for row in rows) if all(row.ended_at for row in rows) else None,
        files=max(arrived, rows[0].announced or 0),
        arrived=arrived,
        done=sum(row.done for row in rows),
        total_bytes=max(sum(row.total_bytes or 0 for row in rows), rows[0].announced_bytes or 0),
        done_bytes=sum(row.done_bytes for row in rows),
        added=added,
        changed=changed,
        unchanged=unchanged,
        refused=refused,
        most_of_a_file=most_of_a_file,
        problem=next((row.problem for row in rows if row.problem), None),
    )


def _rows(connection: sqlite3.Connection, job_id: str) -> list[_Row]:
    found = connection.execute(
        f"SELECT {', '.join(_Row._fields)} FROM jobs WHERE kind = ? AND COALESCE(part_of, id) ="
        " (SELECT COALESCE(part_of, id) FROM jobs WHERE id = ?) ORDER BY part_of IS NOT NULL, created_at, id",
        (JobKind.UPLOADS, job_id),
    )
    return [_Row(*row) for row in found]


def _items(connection: sqlite3.Connection, jobs: Sequence[str]) -> Iterator[UploadedShape]:
    for job in jobs:
        bodies = connection.execute("SELECT body FROM job_items WHERE job = ? ORDER BY position", (job,))
        yield from (UploadedShape.model_validate_json(body) for (body,) in bodies)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
