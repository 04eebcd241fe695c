"""Jobs, which take longer than a request may: their progress and results, readable by every process.

The process that runs a job renews its sign of life every few seconds. A job without one for longer was interrupted.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from qa.api.answer import AnswerShape
from qa.api.job import Job, JobItem, JobKind, JobSize, JobState
from qa.base.errors import JobNotFound
from qa.base.times import now_to_the_microsecond, rfc3339
from qa.service.state.file import StateFile, version_of

BEAT_SECONDS = 5.0  # between two signs of life
_SILENT = timedelta(seconds=6 * BEAT_SECONDS)
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
_COLUMNS = "kind, state, created_at, started_at, ended_at, total, done, problem, beat_at"
_BYTES = "total_bytes, done_bytes"
_WITH_SIZES = 6  # the version of the state file that first has bytes, and sendings of several jobs


class JobLog:
    """The jobs of one state file. Raises StorageError if it cannot be written."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def begin(self, kind: JobKind, size: JobSize, *, ended_before: datetime, most: int) -> Job:
        """A queued job with an id that cannot be guessed.

        Jobs that ended before `ended_before` are deleted, and the oldest ended ones beyond `most` jobs.
        """
        job_id, now = f"job_{secrets.token_urlsafe(16)}", now_to_the_microsecond()
        with self._file.writing() as connection:
            _forget(connection, "ended_at < ?", rfc3339(ended_before))
            _forget(
                connection, "ended_at IS NOT NULL AND id NOT IN (SELECT id FROM jobs ORDER BY created_at DESC LIMIT ?)", most - 1
            )
            connection.execute(
                "INSERT INTO jobs (id, kind, state, created_at, beat_at, total, total_bytes, part_of, announced, announced_bytes,"
                " name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(job_id, kind, JobState.QUEUED, now, now, size.total, size.total_bytes),
                    *(size.part_of, size.announced, size.announced_bytes, size.name),
                ),
            )
            return _read(connection, job_id)

    def job(self, job_id: str) -> Job:
        """The current state of the job. Raises JobNotFound."""
        with self._file.reading("jobs") as connection:
            if connection is None:
                raise JobNotFound(job_id)
            return _read(connection, job_id)

    def start(self, job_id: str) -> bool:
        """Mark the job as running; False if it was cancelled while it was queued."""
        with self._file.writing() as connection:
            started = connection.execute(
                "UPDATE jobs SET state = ?, started_at = ?, beat_at = ? WHERE id = ? AND state = ? AND NOT is_to_end",
                (JobState.RUNNING, _now(), _now(), job_id, JobState.QUEUED),
            )
            return started.rowcount == 1

    def advance(self, job_id: str, *, done: int, items: Sequence[JobItem] = (), done_bytes: int = 0) -> bool:
        """Store the results of parts, replacing earlier ones, and how many are done; whether to go on."""
        with self._file.writing() as connection:
            for item in items:
                _keep(connection, job_id, item)
            row = connection.execute(
                "UPDATE jobs SET done = ?, done_bytes = ?, beat_at = ? WHERE id = ? RETURNING is_to_end",
                (done, done_bytes, _now(), job_id),
            ).fetchone()
            return row is not None and not row[0]

    def end(self, job_id: str, state: JobState, *, problem: str | None = None) -> None:
        """End the job in one of the last four states."""
        with self._file.writing() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, ended_at = ?, problem = ? WHERE id = ? AND ended_at IS NULL",
                (state, _now(), problem, job_id),
            )

    def cancel(self, job_id: str) -> Job:
        """Cancel the job: at once if it is queued or was interrupted, else after the running part.

        A finished job does not change. Raises JobNotFound.
        """
        with self._file.writing() as connection:
            job = _read(connection, job_id)
            if job.state is not JobState.RUNNING:
                connection.execute(
                    "UPDATE jobs SET state = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL",
                    (JobState.CANCELLED if job.state in UNFINISHED else job.state, _now(), job_id),
                )
            connection.execute("UPDATE jobs SET is_to_end = 1 WHERE id = ?", (job_id,))
            return _read(connection, job_id)

    def beat(self, job_ids: Sequence[str]) -> None:
        """Renew the sign of life of these jobs."""
        with self._file.writing() as connection:
            connection.executemany("UPDATE jobs SET beat_at = ? WHERE id = ?", ((_now(), job_id) for job_id in job_ids))


def _keep(connection: sqlite3.Connection, job_id: str, item: JobItem) -> None:
    if item.answer is not None:
        connection.execute(
            "INSERT OR IGNORE INTO answers VALUES (?, ?, ?)",
            (item.answer.id, item.answer.created_at, item.answer.model_dump_json()),
        )
    connection.execute(
        "INSERT OR REPLACE INTO job_items VALUES (?, ?, ?, ?, ?)",
        (job_id, item.position, item.has_failed, item.body, item.answer_id),
    )


def _read(connection: sqlite3.Connection, job_id: str) -> Job:
    row = connection.execute(
        f"SELECT {_COLUMNS}, {_BYTES if has_sizes(connection) else 'NULL, 0'} FROM jobs WHERE id = ?", (job_id,)
    ).fetchone()
    if row is None:
        raise JobNotFound(job_id)
    kind, state, created_at, started_at, ended_at, total, done, problem, beat_at, total_bytes, done_bytes = row
    items = connection.execute(
        "SELECT position, has_failed, job_items.body, answer, answers.body FROM job_items LEFT JOIN answers"
        " ON answers.id = answer WHERE job = ? ORDER BY position",
        (job_id,),
    ).fetchall()
    return Job(
        job_id, JobKind(kind), state_now(state, beat_at), created_at, started_at, ended_at, total, done, problem,
        tuple(
            JobItem(position, bool(failed), body, answer_id, AnswerShape.model_validate_json(answer) if answer else None)
            for position, failed, body, answer_id, answer in items
        ),
        total_bytes, done_bytes,
    )  # fmt: skip


def has_sizes(connection: sqlite3.Connection) -> bool:
    """Whether the file keeps what `JobSize` says; that of an earlier qa does not."""
    return version_of(connection) >= _WITH_SIZES


def state_now(stored: str, beat_at: str) -> JobState:
    """The state of a job whose last sign of life was at that time."""
    if stored in UNFINISHED and beat_at < rfc3339(datetime.now(UTC) - _SILENT):
        return JobState.INTERRUPTED
    return JobState(stored)


def _forget(connection: sqlite3.Connection, which: str, value: str | int) -> None:
    """Delete jobs with their answers."""
    statement = f"SELECT id FROM jobs WHERE {which}"
    connection.execute(f"DELETE FROM answers WHERE id IN (SELECT answer FROM job_items WHERE job IN ({statement}))", (value,))
    connection.execute(f"DELETE FROM jobs WHERE id IN ({statement})", (value,))


def _now() -> str:
    return rfc3339(datetime.now(UTC))
