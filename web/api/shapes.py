"""The JSON shapes that HTTP alone has; those that `qa.api.client` reads too are in `qa.api.http_shapes`."""

from __future__ import annotations

from typing import Literal

from qa.api.http_shapes import ArticleTextShape, ConversationShape
from qa.api.schemas import AnswerShape, ArticleShape, Shape, article_shape
from qa.base.types import Change, SentenceKind
from qa.index.store import ArticleRow
from qa.service.state.conversations import Conversation
from qa.service.state.jobs import Job, JobItem, JobKind, JobState
from web.problems import Problem


class CopyListShape(Shape):
    """The articles whose text is similar to one, at most 100, in the order they were added."""

    object: Literal["list"] = "list"
    article_id: str
    data: list[ArticleShape]


def article_text_shape(stored: ArticleRow) -> ArticleTextShape:
    held = article_shape(stored.article, added_at=stored.added_at, passages=stored.passages)
    return ArticleTextShape(**dict(held), text=stored.article.text)


class SentenceShape(Shape):
    index: int
    start_char_index: int
    end_char_index: int
    kind: SentenceKind
    text: str


class SentenceListShape(Shape):
    """All sentences of an article in order; what lies between two of them is white space."""

    object: Literal["list"] = "list"
    article_id: str
    article_digest: str
    data: list[SentenceShape]


class FetchedUrlShape(Shape):
    """What became of an article at an address, of which a feed has many. Of a refused one `reason` says why; its ids are null."""

    url: str
    status: Literal[Change.ADDED, Change.CHANGED, Change.UNCHANGED, "refused"]
    article_id: str | None
    given_id: str | None
    article_digest: str | None
    article_title: str | None
    reason: str | None
    notices: list[str]


class FetchedShape(Shape):
    """The addresses of the request, in their order."""

    object: Literal["addresses.fetched"] = "addresses.fetched"
    index_generation: int
    data: list[FetchedUrlShape]


class ConversationLineShape(Shape):
    """A conversation without its answers; `questions` is how many there are."""

    object: Literal["conversation.line"] = "conversation.line"
    id: str
    title: str
    updated_at: str
    questions: int


class ConversationListShape(Shape):
    """Those asked last first; `next_cursor` is null on the last page."""

    object: Literal["list"] = "list"
    data: list[ConversationLineShape]
    next_cursor: str | None


class RemovedConversationShape(Shape):
    """The conversation is hidden, and deleted with its answers by the first question after `restorable_until`."""

    object: Literal["conversation.removed"] = "conversation.removed"
    id: str
    restorable_until: str


def conversation_shape(conversation: Conversation) -> ConversationShape:
    return ConversationShape(
        id=conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        turns=[turn.answer for turn in conversation.turns],
    )


class JobProblemShape(Shape):
    """What a job, or a part of it, failed for; `type` is the address of a page about this kind of problem."""

    type: str
    title: str
    status: int
    detail: str


def job_problem_shape(problem: Problem) -> JobProblemShape:
    kind = problem.type
    return JobProblemShape(type=kind.address, title=kind.title, status=kind.status, detail=problem.detail)


class AnsweredShape(Shape):
    """What became of the question at this place (from 0): an answer, null where it is not kept any more, or a problem."""

    object: Literal["answered"] = "answered"
    position: int
    question: str
    answer_id: str | None
    answer: AnswerShape | None
    problem: JobProblemShape | None


class RefusedShape(Shape):
    """What was refused or left out of a file, with its line where that is known."""

    line: int | None
    reason: str


class UploadedShape(Shape):
    """What became of the file at this place (from 0), as far as it is read. Of `articles`, `refusals` and `notices` the first
    100 are named."""

    object: Literal["uploaded"] = "uploaded"
    position: int
    name: str
    added: int
    changed: int
    unchanged: int
    refused: int
    articles: list[str]
    refusals: list[RefusedShape]
    notices: list[RefusedShape]


class JobCountsShape(Shape):
    """Questions, files, or the articles of a rebuild."""

    total: int
    done: int
    failed: int


class JobShape(Shape):
    """Work that goes on after the response. It has ended when `ended_at` is not null, or `state` is `interrupted`: the server
    that did it ended. What a job did before it failed, or was cancelled or interrupted, stays done; `items` has it."""

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


class HealthShape(Shape):
    status: Literal["ok"] = "ok"


class ReadyShape(Shape):
    status: Literal["ready"] = "ready"
    index_generation: int


class VersionShape(Shape):
    name: Literal["qa"] = "qa"
    version: str
    api: Literal["v1"] = "v1"
