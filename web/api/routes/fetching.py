"""POST /v1/fetch: web addresses → their articles in the index, and a result for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from anyio import from_thread, to_thread
from fastapi import APIRouter, Request

from qa.api.change import FetchedShape, FetchedUrlShape, fetched_article_shape, refused_url_shape
from qa.base.types import Article, Change
from qa.corpus.article_reader import ArticleReader
from web.api.bodies.article import FetchBody
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.api.routes.json_route import JsonRoute
from web.problems import Problem
from web.runtime.dependencies import RunningDep
from web.runtime.leaving import while_there
from web.runtime.running import Running

router = APIRouter(prefix="/v1/fetch", tags=["Articles"], route_class=JsonRoute)


@router.post(
    "",
    summary="Add articles from the web",
    responses=problems(403, 409, 410, 413, 415, 422, 429, 503),
    openapi_extra=IDEMPOTENCY_KEY,
)
async def fetch(request: Request, body: FetchBody, running: RunningDep) -> FetchedShape:
    """Up to 10 addresses, fetched one after another. It is off unless the server was started with `--allow-fetch`.

    A feed gives an article for each entry. The page of an entry is fetched if the feed has only its beginning. Only public
    addresses are fetched, and redirects stay on their host. A refused address does not stop the others.
    """
    running.require_ready()
    if not running.service.settings.allow_fetch:
        raise Problem("fetching-is-off", "This server fetches no addresses: it was started without --allow-fetch.")
    work = partial(_all_fetched, running, body.urls)
    return await while_there(request, to_thread.run_sync(work, limiter=running.fetching))


def _all_fetched(running: Running, urls: Sequence[str]) -> FetchedShape:
    shapes = [shape for url in urls for shape in _fetched(running, url)]
    return FetchedShape(index_generation=running.service.generation, data=shapes)


def _fetched(running: Running, url: str) -> list[FetchedUrlShape]:
    """The results for the articles at the address. The first result has the notices. It ends once the client has left."""
    changes: list[tuple[Article, Change]] = []
    with ArticleReader([url], settings=running.service.settings, heartbeat=from_thread.check_cancelled) as reader:
        report = running.service.add_articles(reader, each=lambda article, change: changes.append((article, change)))
        notices = [notice.reason for notice in reader.notices]
    shapes = [fetched_article_shape(url, article, change) for article, change in changes]
    shapes += [refused_url_shape(url, refusal) for refusal in report.refused]
    return [shapes[0].model_copy(update={"notices": notices}), *shapes[1:]]
