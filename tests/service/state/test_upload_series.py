from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.api.job import JobItem, JobKind, JobSize, JobState
from qa.api.upload_series import state_of_all
from qa.base.errors import JobNotFound
from qa.service.state.file import StateFile
from qa.service.state.jobs import JobLog
from qa.service.state.upload_series import UploadSeriesLog

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def jobs(tmp_path: Path) -> JobLog:
    return JobLog(StateFile(tmp_path))


@pytest.fixture
def uploads(tmp_path: Path) -> UploadSeriesLog:
    return UploadSeriesLog(StateFile(tmp_path))


def begun(jobs: JobLog, size: JobSize, kind: JobKind = JobKind.UPLOADS) -> str:
    return jobs.begin(kind, size, ended_before=LONG_AGO, most=100).id


def item(position: int, *, added: int = 0, refused: int = 0, articles: tuple[str, ...] = ()) -> JobItem:
    counts = {"added": added, "changed": 0, "unchanged": 0, "refused": refused}
    lists = {"articles": list(articles), "refusals": [], "notices": []}
    return JobItem(position, bool(refused), json.dumps({"position": position, "name": f"{position}.txt", **counts, **lists}))


def test_the_jobs_of_a_sending_are_one(jobs: JobLog, uploads: UploadSeriesLog) -> None:
    first = begun(jobs, JobSize(2, 100, announced=5, announced_bytes=900, name="a.txt"))
    second = begun(jobs, JobSize(1, 300, part_of=first, name="c.txt"))
    begun(jobs, JobSize(3), JobKind.ANSWERS)
    jobs.start(first)
    jobs.advance(first, done=2, items=[item(0, added=3, articles=("art_1",)), item(1, refused=2)], done_bytes=100)
    series = uploads.series(second)
    assert (series.id, series.job_ids, series.name, series.state) == (first, (first, second), "a.txt", JobState.RUNNING)
    assert (series.files, series.arrived, series.done, series.total_bytes, series.done_bytes) == (5, 3, 2, 900, 100)
    assert (series.added, series.refused, series.accepted, series.most_of_a_file) == (3, 2, 3, 3)
    assert uploads.results(first).article_ids == ("art_1",)
    assert uploads.unfinished() == uploads.latest(5) == [series]
    jobs.end(first, JobState.SUCCEEDED)
    jobs.end(second, JobState.CANCELLED)
    ended = uploads.series(first)
    assert (ended.state, ended.ended_at is None, uploads.unfinished()) == (JobState.CANCELLED, False, [])


def test_sendings_of_one_second_and_their_parts_keep_their_order(jobs: JobLog, uploads: UploadSeriesLog) -> None:
    sendings = [begun(jobs, JobSize(1, 10)) for _ in range(6)]
    parts = [begun(jobs, JobSize(1, 10, part_of=sendings[0])) for _ in range(6)]
    jobs.start(sendings[2])
    newest_first = sendings[::-1]
    assert [series.id for series in uploads.latest(6)] == [series.id for series in uploads.unfinished()] == newest_first
    assert uploads.series(parts[3]).job_ids == (sendings[0], *parts)


def test_articles_of_which_some_are_not_named_cannot_be_asked_alone(jobs: JobLog, uploads: UploadSeriesLog) -> None:
    first = begun(jobs, JobSize(1, 100))
    jobs.advance(first, done=1, items=[item(0, added=101, articles=("art_1",) * 100)])
    assert not uploads.series(first).can_be_asked
    assert uploads.results(first).article_ids == ()


def test_nothing_is_found_where_nothing_was_sent(jobs: JobLog, uploads: UploadSeriesLog) -> None:
    assert uploads.latest(5) == uploads.unfinished() == []
    answers = begun(jobs, JobSize(1), JobKind.ANSWERS)
    with pytest.raises(JobNotFound):
        uploads.series(answers)
    assert uploads.latest(5) == uploads.unfinished() == []


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ("queued queued", "queued"),
        ("succeeded queued", "running"),
        ("running failed", "running"),
        ("succeeded interrupted failed", "failed"),
        ("succeeded cancelled", "cancelled"),
        ("succeeded succeeded", "succeeded"),
    ],
)
def test_a_sending_goes_on_while_a_part_does_and_ends_as_its_worst(states: str, together: str) -> None:
    assert state_of_all([JobState(state) for state in states.split()]) == together
