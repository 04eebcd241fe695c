"""The library: every article with its text, a list to look through, and removing and bringing back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from qa.build import REMOVED_KEPT
from qa.errors import ArticleNotFound
from web.article_text import blocks_of
from web.pages import Pages, pages
from web.running import Running, running

router = APIRouter(include_in_schema=False)

App = Annotated[Running, Depends(running)]
Shown = Annotated[Pages, Depends(pages)]
Words = Annotated[str, Query(max_length=200)]

_PAGE = 25  # articles
_LAST_ROW = 2**62


@router.get("/library")
def library(
    request: Request,
    app: App,
    shown: Shown,
    q: Words = "",
    before: Annotated[int | None, Query(ge=0, le=_LAST_ROW)] = None,
    removed: Annotated[str, Query(max_length=200)] = "",
    restored: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The newest articles first, of those that hold all the words; `removed` or `restored` is what was just done to one."""
    app.require_ready()
    found = app.service.page(q, limit=_PAGE + 1, before=before)
    rows = found[:_PAGE]
    return shown.page(
        request,
        "library.html",
        rows=rows,
        words=q,
        first_page=_library(q=q) if before is not None else None,
        next_page=_library(q=q, before=rows[-1].row) if len(found) > _PAGE else None,
        removed=app.service.removed_article(removed) if removed else None,
        restored=_title(app, restored) if restored else None,
        minutes_kept=int(REMOVED_KEPT.total_seconds() // 60),
    )


def _title(app: Running, article_id: str) -> str | None:
    """The article's title; None when it is not there, as at an address that was kept from earlier."""
    try:
        return app.service.article(article_id)[0].article.title
    except ArticleNotFound:
        return None


@router.post("/library/{article_id}/remove")
def remove(article_id: str, app: App, q: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Hide the article, then show the library with a way back."""
    app.require_ready()
    (removed,) = app.service.remove(article_id)
    return RedirectResponse(_library(q=q, removed=removed), status_code=303)


@router.post("/library/{article_id}/restore")
def restore(article_id: str, app: App, q: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Bring a removed article back, then show the library."""
    app.require_ready()
    (restored,) = app.service.restore(article_id)
    return RedirectResponse(_library(q=q, restored=restored), status_code=303)


@router.get("/articles/{article_id}")
def article(request: Request, article_id: str, app: App, shown: Shown, version: str | None = None) -> Response:
    """The article with each sentence at its own address, `#s<index>`, for htmx its text alone; 410 for a version that is no
    longer kept."""
    stored, sentences = app.article(article_id, version=version)
    blocks = blocks_of(stored.article.text, sentences)
    if "hx-request" in request.headers:
        return shown.plain(request, "_article_text.html", article=stored.article, replaced_at=stored.replaced_at, blocks=blocks)
    return shown.page(
        request,
        "article.html",
        article=stored.article,
        added_at=stored.added_at,
        replaced_at=stored.replaced_at,
        blocks=blocks,
        copies=[] if stored.replaced_at else [copy.article for copy in app.service.copies(stored.article.id)],
    )


def _library(**query: str | int) -> str:
    """The library's address with those of the parameters that are given."""
    given = urlencode({name: value for name, value in query.items() if value != ""})
    return f"/library?{given}" if given else "/library"
