"""The JSON shapes that HTTP alone has: problems, lists, and what became of articles that were sent."""

from __future__ import annotations

from typing import Literal

from qa.build import Change
from qa.history import Conversation
from qa.index.store import ArticleRow
from qa.jobs import Job, JobItem, JobKind, JobState
from qa.quotes import QuoteState
from qa.schemas import AnswerShape, ArticleShape, Shape, article_shape
from qa.state import Verdict
from qa.types import SentenceKind
from web.problems import Problem


class WrongPlaceShape(Shape):
    """`pointer` is `#/field` in the body, `?name` in the address, `{name}` in its path."""

    pointer: str
    code: str
    detail: str


class ProblemShape(Shape):
    """RFC 9457. `type` is the address of a page about this kind of problem."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[WrongPlaceShape]


class ArticleListShape(Shape):
    """The newest articles first; `next_cursor` is null on the last page."""

    object: Literal["list"] = "list"
    index_generation: int
    data: list[ArticleShape]
    next_cursor: str | None


class CopyListShape(Shape):
    """The articles whose text is similar to one, at most 100, in the order they were added."""

    object: Literal["list"] = "list"
    article_id: str
    data: list[ArticleShape]


class ArticleTextShape(ArticleShape):
    """An article with its text. Offsets everywhere count its Unicode code points."""

    text: str


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


class PutShape(Shape):
    """What became of an article that was put; `notices` are fields that were left out of it."""

    object: Literal["article.put"] = "article.put"
    index_generation: int
    status: Change
    article_id: str
    given_id: str
    article_digest: str
    notices: list[str]


class AddedArticleShape(Shape):
    """What became of the article at this place (from 0) of the request.

    Of a refused one, `reason` says why and the ids are null; `notices` are fields that were left out of one that was kept.
    """

    position: int
    status: Literal[Change.ADDED, Change.CHANGED, Change.UNCHANGED, "refused"]
    article_id: str | None
    given_id: str | None
    article_digest: str | None
    reason: str | None
    notices: list[str]


class StoodShape(Shape):
    start_char_index: int
    end_char_index: int


class VerifiedQuoteShape(Shape):
    """Whether a citation still stands in its article.

    `unchanged`: at the same place; `moved`: elsewhere, `places` says where; `edited`: the article is there, the quote is not;
    `removed`: the article is not. `current_digest` is that of the article's text now. `cited_text` stands in the version
    `article_digest`, which `links.cited` shows; it is empty once the article was deleted for good.
    """

    object: Literal["citation.verified"] = "citation.verified"
    answer_id: str
    number: int
    status: QuoteState
    article_id: str
    article_digest: str
    current_digest: str | None
    cited_text: str
    start_char_index: int
    end_char_index: int
    places: list[StoodShape]
    links: dict[str, str]


class SaidShape(Shape):
    """What was said of the sentence of this number: right or wrong."""

    number: int
    verdict: Verdict


class FeedbackShape(Shape):
    """All that was said of an answer: `verdict` of the whole, null where nothing was, and of the sentences that it shows."""

    object: Literal["feedback"] = "feedback"
    answer_id: str
    verdict: Verdict | None
    citations: list[SaidShape]
    nearest: list[SaidShape]


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


class AddedShape(Shape):
    object: Literal["articles.added"] = "articles.added"
    index_generation: int
    added: int
    changed: int
    unchanged: int
    refused: int
    articles: list[AddedArticleShape]


class RemovedShape(Shape):
    """The article answers no more. Its text is deleted by the first change after `restorable_until`, null when it is already."""

    object: Literal["article.removed"] = "article.removed"
    article_id: str
    given_id: str
    restorable_until: str | None


class ConversationShape(Shape):
    """A conversation with its answers in full, in their order. Times are in UTC; `updated_at` is that of the last question."""

    object: Literal["conversation"] = "conversation"
    id: str
    title: str
    created_at: str
    updated_at: str
    turns: list[AnswerShape]


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


class EncoderShape(Shape):
    name: str
    digest: str
    dimension: int
    max_tokens: int
    passage_prompt: str
    precision: str


class ReaderShape(Shape):
    name: str


class PassageRuleShape(Shape):
    characters: int
    overlap_sentences: int
    title_tokens: int


class IndexShape(Shape):
    """`digests` are the SHA-256 of the searchable files, by name; times are null before the first article."""

    object: Literal["index"] = "index"
    name: str
    index_generation: int
    articles: int
    sentences: int
    passages: int
    changed_at: str | None
    last_added_at: str | None
    encoder: EncoderShape
    reader: ReaderShape
    passage_rule: PassageRuleShape
    digests: dict[str, str]


class HealthShape(Shape):
    status: Literal["ok"] = "ok"


class ReadyShape(Shape):
    status: Literal["ready"] = "ready"
    index_generation: int


class VersionShape(Shape):
    name: Literal["qa"] = "qa"
    version: str
    api: Literal["v1"] = "v1"
