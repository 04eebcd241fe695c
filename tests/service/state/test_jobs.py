from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.api.job import JobItem, JobKind, JobSize, JobState
from qa.base.errors import JobNotFound
from qa.index.layout import STATE_FILE
from qa.service.state.file import StateFile
from qa.service.state.jobs import JobLog

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> JobLog:
    return JobLog(StateFile(tmp_path))


def begun(log: JobLog, *, total: int = 2, ended_before: datetime = LONG_AGO, most: int = 100) -> str:
    return log.begin(JobKind.UPLOADS, JobSize(total), ended_before=ended_before, most=most).id


def test_a_job_goes_from_queued_to_its_end(log: JobLog) -> None:
    job_id = begun(log)
    assert log.job(job_id).state is JobState.QUEUED
    assert log.start(job_id)
    assert log.advance(job_id, done=1, items=[JobItem(0, False, "{}")])
    assert (log.job(job_id).state, log.job(job_id).done) == (JobState.RUNNING, 1)
    log.end(job_id, JobState.FAILED, problem="{}")
    log.end(job_id, JobState.SUCCEEDED)
    assert (log.job(job_id).state, log.job(job_id).problem, log.job(job_id).items) == (
        JobState.FAILED,
        "{}",
        (JobItem(0, False, "{}"),),
    )


def test_what_is_told_of_a_part_replaces_what_was_told_before(log: JobLog) -> None:
    job_id = begun(log)
    log.advance(job_id, done=0, items=[JobItem(1, False, "first")])
    log.advance(job_id, done=0, items=[JobItem(1, True, "then")])
    assert log.job(job_id).items == (JobItem(1, True, "then"),)


def test_a_running_job_is_told_to_end_and_a_queued_one_has_ended(log: JobLog) -> None:
    running, queued = begun(log), begun(log)
    assert log.start(running)
    assert log.cancel(running).state is JobState.RUNNING
    assert not log.advance(running, done=1)
    assert log.cancel(queued).state is JobState.CANCELLED
    assert not log.start(queued)


def test_a_job_of_which_nothing_was_heard_for_long_was_interrupted(log: JobLog, tmp_path: Path) -> None:
    job_id = begun(log)
    log.start(job_id)
    with sqlite3.connect(tmp_path / STATE_FILE) as connection:
        connection.execute("UPDATE jobs SET beat_at = '2026-01-01T00:00:00Z'")
    assert log.job(job_id).state is JobState.INTERRUPTED
    log.beat([job_id])
    assert log.job(job_id).state is JobState.RUNNING


def test_jobs_that_ended_long_ago_are_forgotten_and_so_are_the_oldest_of_too_many(log: JobLog) -> None:
    first, unended = begun(log), begun(log)
    log.end(first, JobState.SUCCEEDED)
    begun(log, ended_before=datetime.max.replace(tzinfo=UTC))
    with pytest.raises(JobNotFound):
        log.job(first)
    assert log.job(unended).id == unended
    second = begun(log)
    log.end(second, JobState.SUCCEEDED)
    begun(log, most=1)
    with pytest.raises(JobNotFound):
        log.job(second)


def test_nothing_is_found_where_no_job_was_ever_begun(log: JobLog) -> None:
    with pytest.raises(JobNotFound, match="No job 'job_x' is kept here"):
        log.job("job_x")
