"""The library: a list of the articles to look through, removing and bringing back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from qa.base.errors import ArticleNotFound, QuestionError
from qa.base.types import NO_FILTERS, Article, ArticleOrder, Filters
from qa.index.store import ArticleRow
from web.access.browsers import is_htmx
from web.pages.article_groups import groups
from web.pages.dependencies import PagesDep
from web.pages.filter_form import MOST_SOURCES, FilterForm
from web.pages.filter_words import filter_words
from web.pages.render import Pages
from web.runtime.dependencies import RunningDep
from web.runtime.running import Running

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Query(max_length=200)]

_PAGE = 25  # articles
_MOST_LATELY = 100  # removed articles
_LAST_ROW = 2**62
_ORDERS = {
    ArticleOrder.ADDED: "Last added",
    ArticleOrder.NEWEST: "Newest",
    ArticleOrder.OLDEST: "Oldest",
    ArticleOrder.TITLE: "Title",
}

Ids = Annotated[list[str], Query(max_length=_PAGE)]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the library is shown: what was searched for, and the page under the article of row `before`.

    It stands in every address of the library, so that removing and bringing back come to where they were.
    """

    words: str
    form: FilterForm
    before: int | None
    sort: ArticleOrder = ArticleOrder.ADDED

    @property
    def is_all(self) -> bool:
        return not self.words and not self.form.is_filled

    def address(self, path: str = "/library", **more: str | Sequence[str]) -> str:
        """The path with this part, and with more of a query."""
        query: dict[str, str | Sequence[str]] = {
            "q": self.words,
            "source": self.form.source,
            "published_from": self.form.published_from,
            "published_to": self.form.published_to,
            "language": self.form.language,
            "sort": "" if self.sort is ArticleOrder.ADDED else self.sort,
            "before": "" if self.before is None else str(self.before),
            **more,
        }
        given = urlencode({name: value for name, value in query.items() if value}, doseq=True)
        return f"{path}?{given}" if given else path

    @property
    def filters_set(self) -> int:
        """On how many chips something is set."""
        return sum(map(bool, filter_words(self.form, {}).values()))

    @property
    def without_each(self) -> Mapping[str, str]:
        """The address without what a chip has set, by chip."""
        return {
            "source": self._with(source=""),
            "date": self._with(published_from="", published_to=""),
            "language": self._with(language=""),
        }

    def _with(self, **fields: str) -> str:
        return replace(self, form=replace(self.form, **fields), before=None).address()

    @property
    def without_filters(self) -> str:
        """The address of the same search in all articles."""
        return Part(self.words, FilterForm(), None, self.sort).address()

    @property
    def orders(self) -> list[tuple[str, bool, str]]:
        """Each order in words, whether it is this one, and its address."""
        return [(words, order is self.sort, replace(self, sort=order, before=None).address()) for order, words in _ORDERS.items()]


def part(
    q: Words = "",
    source: Words = "",
    published_from: Words = "",
    published_to: Words = "",
    language: Words = "",
    before: Annotated[int | None, Query(ge=0, le=_LAST_ROW)] = None,
    sort: ArticleOrder = ArticleOrder.ADDED,
) -> Part:
    """The part that a request names, as a dependency of the routes."""
    return Part(q, FilterForm(source, published_from, published_to, language), before, sort)


Asked = Annotated[Part, Depends(part)]


@router.get("/library")
def library(
    request: Request,
    running: RunningDep,
    pages: PagesDep,
    part: Asked,
    removed: Ids = [],  # noqa: B006  # FastAPI copies it
    restored: Ids = [],  # noqa: B006
) -> Response:
    """The articles that hold all the words and pass the filters, in order; `removed` or `restored` is what was just done."""
    running.require_ready()
    if "" in request.query_params.values():  # fields that were left empty: the address is to be kept and sent on
        return RedirectResponse(part.address(), status_code=303)
    message, filters = None, NO_FILTERS
    try:
        filters = part.form.filters()
    except QuestionError as error:
        message = str(error)
    found_rows = [] if message else _rows(running, part, filters)
    rows = found_rows[:_PAGE]
    return pages.page(
        request,
        "library.html",
        status=422 if message else 200,
        message=message,
        groups=groups(rows, part.sort),
        part=part,
        found=None if message else _found(running, part),
        sources=running.service.sources()[:MOST_SOURCES],
        languages=running.service.languages(),
        advice=[] if message or rows else running.service.filter_advice(filters),
        first_page=replace(part, before=None).address() if part.before is not None else None,
        next_page=replace(part, before=rows[-1].row).address() if len(found_rows) > _PAGE else None,
        lately=[one for one in running.service.removed_lately(limit=_MOST_LATELY) if one[0] not in removed],
        removed=[gone for one in removed if (gone := running.service.removed_article(one))],
        restored=[title for one in restored if (title := _title(running, one)) is not None],
    )


def _rows(running: Running, part: Part, filters: Filters) -> list[ArticleRow]:
    """Those of the page, and one more where another page follows."""
    return running.service.page(part.words, filters, limit=_PAGE + 1, before=part.before, order=part.sort, in_text=True)


def _found(running: Running, part: Part) -> int | None:
    """How many articles the part is of; None where it is all of them, which the header says."""
    return None if part.is_all else running.service.count(part.words, part.form.filters(), in_text=True)


def _title(running: Running, article_id: str) -> str | None:
    """The article's title; None when it is not there, as at an address that was kept from earlier."""
    try:
        return running.service.article(article_id, even_damaged=True)[0].article.title
    except ArticleNotFound:
        return None


@router.post("/library/remove")
def remove_several(running: RunningDep, part: Asked, article: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006
    """Hide the articles that were selected, then show the library with a way back."""
    running.require_ready()
    return RedirectResponse(part.address(removed=running.service.remove(article) if article else []), status_code=303)


@router.post("/library/restore")
def restore_several(running: RunningDep, part: Asked, article: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006
    """Bring removed articles back, then show the library."""
    running.require_ready()
    return RedirectResponse(part.address(restored=running.service.restore(article) if article else []), status_code=303)


@router.post("/library/{article_id}/remove")
def remove(request: Request, article_id: str, running: RunningDep, pages: PagesDep, part: Asked) -> Response:
    """Hide the article, then show the library with a way back; for htmx that takes the article's place."""
    running.require_ready()
    (removed,) = running.service.remove(article_id)
    if not is_htmx(request):
        return RedirectResponse(part.address(removed=removed), status_code=303)
    return _row(request, running, pages, part, removed=running.service.removed_article(removed))


@router.post("/library/{article_id}/restore")
def restore(request: Request, article_id: str, running: RunningDep, pages: PagesDep, part: Asked) -> Response:
    """Bring a removed article back, then show the library; for htmx in its old place."""
    running.require_ready()
    (restored,) = running.service.restore(article_id)
    if not is_htmx(request):
        return RedirectResponse(part.address(restored=restored), status_code=303)
    return _row(request, running, pages, part, article=running.service.article(restored)[0].article)


def _row(
    request: Request,
    running: Running,
    pages: Pages,
    part: Part,
    *,
    article: Article | None = None,
    removed: Article | None = None,
) -> Response:
    """One article's place in the list, with the counts as they are now."""
    return pages.page(
        request,
        "_library_changed.html",
        article=article,
        removed=removed,
        part=part,
        found=_found(running, part),
    )
