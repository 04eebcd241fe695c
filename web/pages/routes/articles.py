"""An article with each of its sentences at an address of its own, and what stands around one of them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.access.browsers import is_htmx
from web.pages.around import around
from web.pages.article_text import blocks_of
from web.pages.dependencies import PagesDep
from web.problems import Problem
from web.runtime.dependencies import RunningDep

router = APIRouter(include_in_schema=False)


@router.get("/articles/{article_id}")
def article(request: Request, article_id: str, running: RunningDep, pages: PagesDep, version: str | None = None) -> Response:
    """The article with each sentence at its own address, `#s<index>`, for htmx its text alone; 410 for a version that is no
    longer kept."""
    stored, sentences = running.article(article_id, version=version)
    blocks = blocks_of(stored.article, sentences)
    if is_htmx(request):
        return pages.plain(request, "_article_text.html", article=stored.article, replaced_at=stored.replaced_at, blocks=blocks)
    return pages.page(
        request,
        "article.html",
        article=stored.article,
        added_at=stored.added_at,
        replaced_at=stored.replaced_at,
        blocks=blocks,
        copies=[] if stored.replaced_at else [row.article for row in running.service.near_duplicates(stored.article.id)],
    )


@router.get("/articles/{article_id}/around/{index}")
def around_sentence(
    request: Request, article_id: str, index: int, running: RunningDep, pages: PagesDep, version: str | None = None
) -> Response:
    """What stands before and behind a sentence, as a part for the card of its number."""
    stored, sentences = running.article(article_id, version=version)
    if not 0 <= index < len(sentences):
        raise Problem(
            "not-found", f"The article has {len(sentences)} sentences, counted from 0, and none has the number {index}."
        )
    shown = around(stored.article, sentences, index)
    return pages.plain(request, "_around.html", article=stored.article, around=shown)
