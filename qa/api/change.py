"""The result of adding, fetching, putting or removing articles → its JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from qa.api.shape import Shape
from qa.base.types import Article, Change, Refusal


class AddedArticleShape(Shape):
    """The result for the article at this position (from 0) of the request.

    For a refused article, `reason` says why, and the ids are null. `notices` name fields that were left out of an accepted one.
    """

    position: int
    status: Literal[Change.ADDED, Change.CHANGED, Change.UNCHANGED, "refused"]
    article_id: str | None
    given_id: str | None
    article_digest: str | None
    reason: str | None
    notices: list[str]


class AddedShape(Shape):
    object: Literal["articles.added"] = "articles.added"
    index_generation: int
    added: int
    changed: int
    unchanged: int
    refused: int
    articles: list[AddedArticleShape]


class FetchedUrlShape(Shape):
    """The result for an article at an address; a feed has many. For a refused one, `reason` says why, and the ids are null."""

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


class PutShape(Shape):
    """The result of putting an article. `notices` name fields that were left out of it."""

    object: Literal["article.put"] = "article.put"
    index_generation: int
    status: Change
    article_id: str
    given_id: str
    article_digest: str
    notices: list[str]


class RemovedShape(Shape):
    """The article is no longer searched. The first change after `restorable_until` deletes its text; null: that is done."""

    object: Literal["article.removed"] = "article.removed"
    article_id: str
    given_id: str
    restorable_until: str | None


def accepted_article_shape(position: int, article: Article, change: Change, notices: Sequence[Refusal]) -> AddedArticleShape:
    return AddedArticleShape(
        position=position,
        status=change,
        article_id=article.id,
        given_id=article.given_id,
        article_digest=article.digest,
        reason=None,
        notices=_reasons(notices),
    )


def refused_article_shape(position: int, refusal: Refusal, notices: Sequence[Refusal]) -> AddedArticleShape:
    return AddedArticleShape(
        position=position,
        status="refused",
        article_id=None,
        given_id=None,
        article_digest=None,
        reason=refusal.reason,
        notices=_reasons(notices),
    )


def fetched_article_shape(url: str, article: Article, change: Change) -> FetchedUrlShape:
    return FetchedUrlShape(
        url=url,
        status=change,
        article_id=article.id,
        given_id=article.given_id,
        article_digest=article.digest,
        article_title=article.title,
        reason=None,
        notices=[],
    )


def refused_url_shape(url: str, refusal: Refusal) -> FetchedUrlShape:
    return FetchedUrlShape(
        url=url,
        status="refused",
        article_id=None,
        given_id=None,
        article_digest=None,
        article_title=None,
        reason=refusal.reason,
        notices=[],
    )


def put_shape(article: Article, change: Change, notices: Sequence[Refusal], *, index_generation: int) -> PutShape:
    return PutShape(
        index_generation=index_generation,
        status=change,
        article_id=article.id,
        given_id=article.given_id,
        article_digest=article.digest,
        notices=_reasons(notices),
    )


def removed_shape(article: Article, *, restorable_until: str | None) -> RemovedShape:
    return RemovedShape(article_id=article.id, given_id=article.given_id, restorable_until=restorable_until)


def _reasons(notices: Sequence[Refusal]) -> list[str]:
    return [notice.reason for notice in notices]
