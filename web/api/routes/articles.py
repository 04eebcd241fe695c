"""/v1/articles: list, add, read and remove."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response
from starlette.convertors import Convertor, register_url_convertor

from qa.api.article import (
    ArticleListShape,
    ArticleTextShape,
    CopyListShape,
    SentenceListShape,
    article_shape,
    article_text_shape,
    sentence_list_shape,
)
from qa.api.change import (
    AddedArticleShape,
    AddedShape,
    PutShape,
    RemovedShape,
    accepted_article_shape,
    put_shape,
    refused_article_shape,
    removed_shape,
)
from qa.api.filters import filter_advice_shapes
from qa.base.errors import ArticleNotFound, WrongPlace
from qa.base.times import REMOVED_KEPT, rfc3339
from qa.base.types import Article, Change, Filters, Refusal
from qa.corpus.article_reader import article_of
from qa.corpus.articles import is_safe_id
from qa.corpus.dates import first_day, last_day
from qa.corpus.decode import clean
from qa.service.build import AddReport
from web.api.bodies.article import AddBody, ArticleBody, PutBody
from web.api.bodies.search import LANGUAGE_TAG, SOURCE_NAMES
from web.api.etags import check_conditions, etag_of, is_named
from web.api.examples.article import PUT_NEW
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.api.routes.json_route import JsonRoute
from web.problems import Problem, as_sentence
from web.runtime.dependencies import RunningDep
from web.runtime.running import Running


class _AnyId(Convertor[str]):
    """An article's id in an address. A given id may be a URL, and %2F reaches the router as a slash."""

    regex = "(?!.*/(?:sentences|copies)$).+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return quote(value, safe="")


register_url_convertor("article_id", _AnyId())
router = APIRouter(prefix="/v1/articles", tags=["Articles"], route_class=JsonRoute)

Version = Annotated[
    str | None, Query(max_length=64, description="The digest of the version to read; 410 if it is no longer kept.")
]


@router.get("", summary="List articles", responses=problems(422, 503))
def list_articles(
    running: RunningDep,
    limit: Annotated[int, Query(ge=1, le=100, description="How many.")] = 20,
    cursor: Annotated[str | None, Query(max_length=100, description="`next_cursor` of the page before.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of title, source, author, id or URL.")] = None,
    source: Annotated[str | None, Query(max_length=200, description=SOURCE_NAMES)] = None,
    language: Annotated[str | None, Query(max_length=40, description=LANGUAGE_TAG)] = None,
    published_from: Annotated[str | None, Query(max_length=10, description="A day, month or year.")] = None,
    published_to: Annotated[
        str | None, Query(max_length=10, description="A day, month or year; its last day is included.")
    ] = None,
) -> ArticleListShape:
    """The newest first, without their texts. Articles added meanwhile do not shift the next pages."""
    filters = _filters(source, language, published_from, published_to)
    shown, next_cursor = running.page(q or "", filters, limit=limit, cursor=cursor)
    return ArticleListShape(
        index_generation=running.service.generation,
        data=[article_shape(stored.article, added_at=stored.added_at, passages=stored.passages) for stored in shown],
        next_cursor=next_cursor,
        filter_advice=filter_advice_shapes(running.service.filter_advice(filters)),
    )


def _filters(source: str | None, language: str | None, published_from: str | None, published_to: str | None) -> Filters:
    first, last = _day("published_from", first_day, published_from), _day("published_to", last_day, published_to)
    sources = (clean(source),) if source else ()
    try:
        return Filters(sources=sources, published_from=first, published_to=last, language=clean(language) if language else None)
    except ValueError as error:
        raise _refused("?published_from", str(error)) from error


def _day(name: str, read: Callable[[str | None], date | None], written: str | None) -> date | None:
    try:
        return read(written)
    except ValueError as error:
        raise _refused(f"?{name}", str(error)) from error


def _refused(pointer: str, detail: str) -> Problem:
    return Problem("invalid-request", detail, errors=(WrongPlace(pointer, "value_error", detail),))


@router.post(
    "", summary="Add articles", responses=problems(403, 409, 410, 413, 415, 422, 429, 503), openapi_extra=IDEMPOTENCY_KEY
)
def add_articles(body: AddBody, running: RunningDep) -> AddedShape:
    """Up to 100 articles. They can answer as soon as the response comes. A refused article does not stop the others.

    An article that exists already costs nothing. One with the same id and another text replaces it.
    """
    running.require_ready()
    adding = _Adding(running.service.settings.max_article_characters)
    items = [adding.made(position, given) for position, given in enumerate(body.articles)]
    report = running.service.add_articles(items, each=adding.stored)
    return adding.shape(report, running.service.generation)


class _Adding:
    """Matches the articles of one request with their results."""

    def __init__(self, most_characters: int) -> None:
        self._most_characters = most_characters
        self._changes: dict[str, Change] = {}
        self._made: list[tuple[Article | Refusal, list[Refusal]]] = []
        self._places: dict[str, int] = {}

    def made(self, position: int, given: ArticleBody) -> Article | Refusal:
        notices: list[Refusal] = []
        made = article_of(given.draft(given.id), f"article {position}", notices, most=self._most_characters)
        if isinstance(made, Article):
            first = self._places.setdefault(made.id, position)
            if first != position:
                made = Refusal(f"article {position}", f"{made.given_id!r} has been given before, at position {first}")
        self._made.append((made, notices))
        return made

    def stored(self, article: Article, change: Change) -> None:
        self._changes[article.id] = change

    def shape(self, report: AddReport, generation: int) -> AddedShape:
        return AddedShape(
            index_generation=generation,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=len(report.refused),
            articles=[self._one(position, *made) for position, made in enumerate(self._made)],
        )

    def _one(self, position: int, made: Article | Refusal, notices: list[Refusal]) -> AddedArticleShape:
        if isinstance(made, Refusal):
            return refused_article_shape(position, made, notices)
        return accepted_article_shape(position, made, self._changes[made.id], notices)


@router.get(
    "/{article_id:path}/sentences",
    summary="Read an article's sentences",
    responses=problems(404, 410, 422, 503),
)
def read_sentences(article_id: str, running: RunningDep, version: Version = None) -> SentenceListShape:
    """Every sentence with its place in the text. Sentences of the `kind` prose or list item can be cited, others not."""
    stored, sentences = running.article(article_id, version=version)
    return sentence_list_shape(stored.article, sentences)


@router.get(
    "/{article_id:path}/copies",
    summary="List the near-duplicates of an article",
    responses=problems(404, 422, 503),
)
def list_copies(article_id: str, running: RunningDep) -> CopyListShape:
    """Near-duplicates: copies and other versions of the same report.

    They share at least half of their runs of three words, directly or through a third article. All of them stay in the index;
    an answer reads their common text once.
    """
    stored, _ = running.article(article_id, version=None)
    copies = running.service.near_duplicates(stored.article.id)
    return CopyListShape(
        article_id=stored.article.id,
        data=[article_shape(copy.article, added_at=copy.added_at, passages=copy.passages) for copy in copies],
    )


@router.get(
    "/{article_id:article_id}",
    summary="Read an article",
    response_model=ArticleTextShape,
    responses={304: {"description": "The text is the one that If-None-Match names."}, **problems(404, 410, 422, 503)},
)
def read_article(
    article_id: str,
    running: RunningDep,
    response: Response,
    version: Version = None,
    if_none_match: Annotated[str | None, Header(description="An ETag that the client has.")] = None,
) -> ArticleTextShape | Response:
    """The article with its text, by its id or its given id. The ETag is the text's digest."""
    stored, _ = running.article(article_id, version=version)
    etag = etag_of(stored.article.digest)
    headers = {"ETag": etag, "Cache-Control": "no-cache"}  # clients keep it, and ask whether it is still current
    if if_none_match is not None and is_named(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return article_text_shape(stored.article, added_at=stored.added_at, passages=stored.passages)


@router.put(
    "/{article_id:article_id}",
    summary="Add or replace an article",
    responses={
        201: {"description": "The article is new.", "model": PutShape, "content": {"application/json": PUT_NEW}},
        **problems(403, 404, 412, 413, 415, 422, 429, 503),
    },
)
def put_article(
    article_id: str,
    body: PutBody,
    running: RunningDep,
    response: Response,
    if_match: Annotated[str | None, Header(description="Replace it only if its text has this ETag; * for any.")] = None,
    if_none_match: Annotated[str | None, Header(description="* to add it only if there is none yet.")] = None,
) -> PutShape:
    """Afterwards the article with this id is that of the body: added (201), replaced or unchanged.

    The id of the address is the given id of a new article. A generated id must be that of an existing article.
    """
    running.require_ready()
    name = clean(article_id).strip()
    if not name:
        raise _refused("{article_id}", "It is blank; expected an id.")

    def check(held: Article | None) -> None:
        check_conditions(name, etag_of(held.digest) if held else None, if_match=if_match, if_none_match=if_none_match)

    before = _held(running, name)
    check(before)
    if before is None and is_safe_id(name):
        raise ArticleNotFound(name)
    notices: list[Refusal] = []
    draft = body.draft(before.given_id if before else name)
    made = article_of(draft, "the article", notices, most=running.service.settings.max_article_characters)
    if isinstance(made, Refusal):
        raise Problem("invalid-request", as_sentence(made.reason))
    changes: list[Change] = []
    running.service.add_articles([made], each=lambda _, change: changes.append(change), only_if=check)
    response.status_code = 201 if changes == [Change.ADDED] else 200
    response.headers["ETag"] = etag_of(made.digest)
    return put_shape(made, changes[0], notices, index_generation=running.service.generation)


def _held(running: Running, article_id: str) -> Article | None:
    try:
        return running.service.article(article_id, even_damaged=True)[0].article
    except ArticleNotFound:
        return None


@router.delete(
    "/{article_id:article_id}",
    summary="Remove an article",
    responses=problems(403, 404, 412, 422, 429, 503),
)
def remove_article(
    article_id: str,
    running: RunningDep,
    now: Annotated[bool, Query(description="Delete the text at once, also in snapshots. Nothing restores it.")] = False,
    keep_snapshots: Annotated[bool, Query(description="With `now`: leave the text in the snapshots that hold it.")] = False,
    if_match: Annotated[str | None, Header(description="Remove it only if its text has this ETag.")] = None,
) -> RemovedShape:
    """It is no longer searched. Adding it again, or `qa remove --undo`, restores it within ten minutes."""
    if keep_snapshots and not now:
        detail = "keep_snapshots goes with now=true: without it snapshots are kept as they are."
        raise Problem("invalid-request", detail, errors=(WrongPlace("?keep_snapshots", "value_error", detail),))
    running.require_ready()
    article = _removable(running, article_id, now=now)
    removed_at = datetime.now(UTC)
    running.service.remove(
        article.id,
        now=now,
        keep_snapshots=keep_snapshots,
        only_if=lambda held: check_conditions(held.id, etag_of(held.digest), if_match=if_match),
    )
    return removed_shape(article, restorable_until=None if now else rfc3339(removed_at + REMOVED_KEPT))


def _removable(running: Running, article_id: str, *, now: bool) -> Article:
    hidden = running.service.removed_article(article_id) if now else None
    return hidden or running.service.article(article_id, even_damaged=True)[0].article
