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


class JobShape(Shape):
    """Work that continues after the response.

    It has ended if `ended_at` is not null, or if `state` is `interrupted`: the server that ran it ended. A job that failed, or
    was cancelled or interrupted, keeps its results so far in `items`.
    """

    object: Literal["job"] = "job"
    id: str
    kind: JobKind
    state: JobState
    created_at: str
    started_at: str | None
    ended_at: str | None
    counts: JobCountsShape
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
        problem=JobProblemShape.model_validate_json(job.problem) if job.problem else None,
        items=[_item_shape(job.kind, item) for item in job.items],
    )


def _item_shape(kind: JobKind, item: JobItem) -> AnsweredShape | UploadedShape:
    if kind is JobKind.ANSWERS:
        return AnsweredShape.model_validate_json(item.body).model_copy(update={"answer": item.answer})
    return UploadedShape.model_validate_json(item.body)
