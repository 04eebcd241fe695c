from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from qa.api.job import JobState
from qa.api.problem import JobProblemShape
from qa.api.upload import RefusedShape, UploadedShape
from qa.api.upload_series import UploadSeries
from web.pages.adding_view import AddingView, file_rows, in_words

NOON = datetime.fromisoformat("2026-11-27T12:00:00+00:00")
ONE_FILE = UploadSeries(
    id="job_1",
    job_ids=("job_1",),
    name="news.jsonl",
    state=JobState.RUNNING,
    created_at="2026-11-27T11:59:00Z",
    started_at="2026-11-27T11:59:00Z",
    ended_at=None,
    files=1,
    arrived=1,
    done=0,
    total_bytes=4_000_000,
    done_bytes=1_000_000,
    added=120,
    changed=0,
    unchanged=3,
    refused=1,
    most_of_a_file=123,
    problem=None,
)
ENDED = replace(ONE_FILE, state=JobState.SUCCEEDED, ended_at="2026-11-27T12:00:00Z", done=1, done_bytes=4_000_000)
MANY = replace(ENDED, files=5_000, arrived=2_000, done=2_000)


def view(series: UploadSeries, *, seconds: float = 0) -> AddingView:
    return AddingView(series, NOON + timedelta(seconds=seconds))


def test_work_says_how_far_it_is_and_how_long_the_rest_takes_at_the_same_pace() -> None:
    running = view(ONE_FILE)
    assert (running.headline, running.progress) == ("Adding news.jsonl", "1.0 of 4.0 MB")
    assert (running.share, running.time_left) == (0.25, "about 3 minutes left")
    assert running.counts == [("added", "120 added"), ("unchanged", "3 already there"), ("refused", "1 refused")]
    assert running.is_unfinished and running.advice == ()
    assert view(replace(ONE_FILE, files=3, done=1, total_bytes=0)).progress == "1 of 3 files"


def test_the_time_is_not_told_by_the_first_files_of_many() -> None:
    started = replace(ONE_FILE, done_bytes=50_000)
    assert (view(started, seconds=-30).time_left, view(started, seconds=60).time_left is None) == (None, False)


def test_nothing_is_guessed_before_something_is_done() -> None:
    begun = replace(ONE_FILE, done_bytes=0)
    assert (view(begun).share, view(begun).time_left) == (None, None)
    assert view(ONE_FILE, seconds=-58).time_left is None
    assert view(replace(ONE_FILE, state=JobState.QUEUED, started_at=None)).headline == "Waiting to add news.jsonl"


@pytest.mark.parametrize(
    ("counts", "headline", "others"),
    [
        ((120, 2, 3, 1), "120 articles added", ["2 updated", "3 already there", "1 refused"]),
        ((0, 1, 0, 0), "1 article updated", []),
        ((0, 0, 3, 0), "Nothing new", ["3 already there"]),
        ((0, 0, 0, 2), "Nothing was added", ["2 refused"]),
    ],
)
def test_the_end_is_headed_by_what_is_new(counts: tuple[int, ...], headline: str, others: list[str]) -> None:
    added, changed, unchanged, refused = counts
    ended = view(replace(ENDED, added=added, changed=changed, unchanged=unchanged, refused=refused))
    assert (ended.headline, [words for _, words in ended.counts]) == (headline, others)


def test_what_ended_early_says_what_stays_and_what_to_do() -> None:
    problem = JobProblemShape(type="/problems/x", title="t", status=503, detail="The disk is full.").model_dump_json()
    for state, headline, said in (
        (JobState.CANCELLED, "Stopped: 120 articles added", "What was added stays."),
        (JobState.INTERRUPTED, "Interrupted: 120 articles added", "The server stopped before it was done."),
        (JobState.FAILED, "Not finished: 120 articles added", "The disk is full."),
    ):
        ended = view(replace(ENDED, state=state, problem=problem if state is JobState.FAILED else None))
        assert ended.headline == headline
        assert ended.advice[0].startswith(said)
        assert ended.advice[-1].endswith("Add the same files again to go on: nothing is added twice.")


def test_files_that_were_announced_are_waited_for_a_minute_and_then_missed() -> None:
    assert (view(MANY, seconds=50).is_unfinished, view(MANY, seconds=50).headline) == (
        True,
        "Adding news.jsonl and 4,999 more files",
    )
    assert not view(MANY, seconds=70).is_unfinished
    assert view(MANY, seconds=70).advice[0].startswith("3,000 of 5,000 files never arrived: their page was closed")


def test_what_was_added_can_be_asked_alone_where_all_of_it_is_named() -> None:
    assert view(ENDED).ask == ("Ask your articles", "/")
    assert view(replace(ENDED, most_of_a_file=100)).ask == ("Ask about these", "/?added=job_1")
    assert view(replace(ENDED, added=1, unchanged=0, most_of_a_file=1)).ask == ("Ask about it", "/?added=job_1")
    assert view(replace(ENDED, added=0, unchanged=0)).ask is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10, "less than a minute left"),
        (60, "about a minute left"),
        (150, "about 2 minutes left"),
        (3_600, "about 1 h left"),
        (5_400, "about 1 h 30 min left"),
    ],
)
def test_a_time_is_told_as_roughly_as_it_is_known(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def item(name: str, reason: str | None = None) -> UploadedShape:
    return UploadedShape(
        position=0,
        name=name,
        added=0 if reason else 1,
        changed=0,
        unchanged=0,
        refused=1 if reason else 0,
        articles=[],
        refusals=[RefusedShape(line=None, reason=reason)] if reason else [],
        notices=[],
    )


def test_files_that_were_refused_for_one_reason_stand_together_and_of_many_those_refused_come_first() -> None:
    pictures = [item(f"{number}.png", "a picture") for number in range(4)]
    few = file_rows([item("a.txt"), *pictures, item("b.pdf", "a scan")])
    assert [row.name for row in few.rows] == ["a.txt", "b.pdf"]
    assert few.groups == [("a picture", ["0.png", "1.png", "2.png", "3.png"])]
    many = file_rows([*(item(f"{number}.txt") for number in range(60)), item("b.pdf", "a scan")])
    assert (many.rows[0].name, len(many.rows), many.more) == ("b.pdf", 50, 11)


def test_what_is_left_out_stands_before_the_many_that_were_added() -> None:
    left_out = item("3 pictures").model_copy(update={"added": 0, "notices": [RefusedShape(line=None, reason="left out")]})
    rows = file_rows([*(item(f"{number}.txt") for number in range(60)), left_out, item("b.pdf", "a scan")]).rows
    assert [row.name for row in rows[:3]] == ["b.pdf", "3 pictures", "0.txt"]
