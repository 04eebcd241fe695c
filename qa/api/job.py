"""A job → its JSON. Its items and its problem are kept as their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from qa.api.answer import AnswerShape
from qa.api.problem import JobProblemShape
from qa.api.shape import Shape
from qa.api.upload import UploadedShape


class JobKind(StrEnum):
    """The work of a job: to answer questions, to add files, or to rebuild the index."""

    ANSWERS = "answers"
    UPLOADS = "uploads"
    REBUILD = "rebuild"


class JobState(StrEnum):
    """The last four are final. INTERRUPTED: the process that ran the job ended before the job did."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class JobItem:
    """The result of the part at `position` (from 0): its JSON, and the answer if it is one that is still kept."""

    position: int
    has_failed: bool
    body: str
    answer_id: str | None = None
    answer: AnswerShape | None = None


@dataclass(frozen=True, slots=True)
class JobSize:
    """How much there is to do: parts, and the bytes of files; `name` is that of the first.

    A sending of many files is several jobs. `part_of` is then the first of them, None for that one, which has the size of the
    whole sending as it was announced.
    """

    total: int
    total_bytes: int | None = None
    part_of: str | None = None
    announced: int | None = None
    announced_bytes: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """Times are RFC 3339 in UTC. `done` of `total` parts are done; `problem` is the JSON of why it failed, else None."""

    id: str
    kind: JobKind
    state: JobState
    created_at: str
    started_at: str | None
    ended_at: str | None
    total: int
    done: int
    problem: str | None
    items: tuple[JobItem, ...]
    total_bytes: int | None = None
    done_bytes: int = 0


class AnsweredShape(Shape):
    """The result of the question at this position (from 0): an answer, null if it is no longer kept, or a problem."""

    object: Literal["answered"] = "answered"
    position: int
    question: str
    answer_id: str | None
    answer: AnswerShape | None
    problem: JobProblemShape | None


class JobCountsShape(Shape):
    """Questions, files, or the articles of a rebuild."""

    total: int
    done: int
    failed: int


class JobBytesShape(Shape):
    """The bytes of the uploaded files, and how many of them have been added."""

    total: int
    done: int


class JobShape(Shape):
    """Work that continues after the response.

    It has ended if `ended_at` is not null, or if `state` is `interrupted`: the server that ran it ended. A job that failed, or
    was cancelled or interrupted, keeps its results so far in `items`. `bytes` is null for work that is not on files.
    """

    object: Literal["job"] = "job"
    id: str
    kind: JobKind
    state: JobState
    created_at: str
    started_at: str | None
    ended_at: str | None
    counts: JobCountsShape
    bytes: JobBytesShape | None
    problem: JobProblemShape | None
    items: list[AnsweredShape | UploadedShape]


def job_shape(job: Job) -> JobShape:
    return JobShape(
        id=job.id,
        kind=job.kind,
        state=job.state,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        counts=JobCountsShape(total=job.total, done=job.done, failed=sum(item.has_failed for item in job.items)),
        bytes=None if job.total_bytes is None else JobBytesShape(total=job.total_bytes, done=job.done_bytes),
        problem=JobProblemShape.model_validate_json(job.problem) if job.problem else None,
        items=[_item_shape(job.kind, item) for item in job.items],
    )


def _item_shape(kind: JobKind, item: JobItem) -> AnsweredShape | UploadedShape:
    if kind is JobKind.ANSWERS:
        return AnsweredShape.model_validate_json(item.body).model_copy(update={"answer": item.answer})
    return UploadedShape.model_validate_json(item.body)
