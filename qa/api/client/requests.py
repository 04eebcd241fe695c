"""The arguments of a method → the parts of its calls, and the errors that their problems mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypedDict
from urllib.parse import quote

from qa.api.client.exchange import Call, Translate
from qa.api.filters import filters_shape
from qa.base.errors import (
    AnswerNotFound,
    ArticleNotFound,
    ConversationNotFound,
    QaError,
    QuestionError,
    RequestRefused,
    SnapshotNotFound,
)
from qa.base.times import with_zone
from qa.base.types import NO_FILTERS, Article, Filters
from qa.conversation import Turn
from qa.corpus.decode import clean

MOST_ARTICLES = 100  # of one request, and of one page
_MOST_CHARACTERS = 1_000_000  # of the texts of one request: some 20 s of embedding, and far below the largest body
_MOST_TURNS = 100  # which are 200 messages
_NOT_FOUND = 404


class Asking(TypedDict, total=False):
    """The options of a question, as in `Service.ask`, or the conversation that it continues.

    Of an earlier turn the API takes only the question and the answer. A conversation has the whole turn.
    """

    filters: Filters
    asked_at: datetime | None
    threshold: float | None
    max_citations: int | None
    earlier: Sequence[Turn]
    standalone_question: str | None
    conversation_id: str | None


def ask_call(question: str, asking: Asking, *, is_stream: bool = False) -> Call:
    """ValueError for a time without a time zone."""
    conversation_id = asking.get("conversation_id")

    def translate(problem: RequestRefused) -> QaError | None:
        if problem.status == _NOT_FOUND and conversation_id is not None:
            return ConversationNotFound(conversation_id)
        return question_error(problem)

    body = {
        **searching(question, asking.get("filters", NO_FILTERS), asking.get("asked_at")),
        "threshold": asking.get("threshold"),
        "max_citations": asking.get("max_citations"),
        "messages": _messages(asking.get("earlier", ())),
        "standalone_question": asking.get("standalone_question"),
        "conversation_id": conversation_id,
        "stream": is_stream,
    }
    return Call("POST", "/v1/answers", body=body, translate=translate, is_stream=is_stream)


def explain_call(question: str, article: str | None, asking: Asking) -> Call:
    """ValueError for a time without a time zone, or for a conversation: an explanation takes earlier turns alone."""
    if asking.get("conversation_id") is not None:
        raise ValueError(f"an explanation takes `earlier`, not conversation_id, got {asking['conversation_id']!r}")

    def translate(problem: RequestRefused) -> QaError | None:
        if problem.status == _NOT_FOUND and article is not None:
            return ArticleNotFound(article)
        return question_error(problem)

    asked = ask_call(question, asking).body or {}
    body = {name: value for name, value in asked.items() if name not in ("conversation_id", "stream")}
    return Call("POST", "/v1/explain", body={**body, "article_id": article}, translate=translate)


def searching(question: str, filters: Filters, asked_at: datetime | None) -> dict[str, object]:
    return {
        "question": question,
        "filters": filters_shape(filters).model_dump(mode="json"),
        "asked_at": with_zone(asked_at).astimezone(UTC).isoformat() if asked_at is not None else None,
    }


def _messages(earlier: Sequence[Turn]) -> list[dict[str, str]] | None:
    """The turns as messages; a turn without an answer has no message of the assistant. None for no turns."""
    messages = [
        {"role": role, "content": content}
        for turn in earlier[-_MOST_TURNS:]
        for role, content in (("user", turn.question), ("assistant", turn.answer))
        if role == "user" or content
    ]
    return messages or None


def listing(filters: Filters, words: str) -> dict[str, str]:
    if filters.article_ids or len(filters.sources) > 1 or filters.as_of:
        raise ValueError(f"the API lists articles of one source, or of all, and by no ids and no as_of; got {filters}")
    query = {
        "q": words,
        "source": "".join(filters.sources),
        "language": filters.language or "",
        "published_from": str(filters.published_from or ""),
        "published_to": str(filters.published_to or ""),
    }
    return {name: value for name, value in query.items() if value}


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """The articles in order, in batches within the limits of one request. An article over them is a batch by itself."""
    batch: list[Article] = []
    characters = 0
    for article in articles:
        if batch and (len(batch) == MOST_ARTICLES or characters + len(article.text) > _MOST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(article)
        characters += len(article.text)
    if batch:
        yield batch


def fields_of(article: Article) -> Mapping[str, object]:
    return {
        "text": article.text,
        "format": "markdown" if article.is_markdown else "text",
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "author": article.author,
        "published_at": article.published_at,
        "language": article.language,
    }


def article_path(id_or_given_id: str) -> str:
    return f"/v1/articles/{part(id_or_given_id)}"


def part(id_: str) -> str:
    """An id as one segment of a path; `..` is escaped."""
    return quote(clean(id_), safe="").replace(".", "%2E")


def question_error(problem: RequestRefused) -> QaError | None:
    wrong = [place for place in problem.errors if place.pointer in ("#/question", "#/standalone_question")]
    return QuestionError(wrong[0].detail) if wrong else None


def no_answer(answer_id: str) -> Translate:
    return lambda problem: AnswerNotFound(answer_id) if problem.status == _NOT_FOUND else None


def no_article(article_id: str) -> Translate:
    return lambda problem: ArticleNotFound(article_id) if problem.status == _NOT_FOUND else None


def no_snapshot(name: str) -> Translate:
    return lambda problem: SnapshotNotFound(name) if problem.status == _NOT_FOUND else None
