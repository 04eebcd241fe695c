"""POST /v1/fetch: addresses of the web in, their articles in the index, and what became of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from qa.build import Change
from qa.corpus.reading import ArticleReader
from qa.types import Article, Refusal
from web.bodies import FetchBody
from web.openapi import problems
from web.problems import Problem
from web.routes.json_route import JsonRoute
from web.running import Running, running
from web.shapes import FetchedShape, FetchedUrlShape

router = APIRouter(prefix="/v1/fetch", tags=["Articles"], route_class=JsonRoute)


@router.post("", summary="Add articles from the web", responses=problems(403, 413, 415, 422, 429, 503))
def fetch(body: FetchBody, app: Annotated[Running, Depends(running)]) -> FetchedShape:
    """Up to 10 addresses, fetched one after the other; off unless the server was started with `--allow-fetch`.

    Only public addresses are fetched, redirects stay on their host, and one address that is refused does not stop the others.
    """
    app.require_ready()
    if not app.service.settings.allow_fetch:
        raise Problem("fetching-is-off", "This server fetches no addresses: it was started without --allow-fetch.")
    shapes = [_fetched(app, url) for url in body.urls]
    return FetchedShape(index_generation=app.service.generation, data=shapes)


def _fetched(app: Running, url: str) -> FetchedUrlShape:
    changes: list[tuple[Article, Change]] = []
    with ArticleReader([url], settings=app.service.settings) as reader:
        report = app.service.add_articles(reader, each=lambda article, change: changes.append((article, change)))
        notices = [notice.reason for notice in reader.notices]
    refused: list[Refusal] = report.refused
    article, change = changes[0] if changes else (None, None)
    return FetchedUrlShape(
        url=url,
        status=change or "refused",
        article_id=article.id if article else None,
        given_id=article.given_id if article else None,
        article_digest=article.digest if article else None,
        article_title=article.title if article else None,
        reason=refused[0].reason if refused else None,
        notices=notices,
    )
