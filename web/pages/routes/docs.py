"""The API's reference in qa's own look, Swagger UI for trying it (from vendored files), and a page for every type of problem."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from web.pages.dependencies import PagesDep
from web.pages.manual import ManualPage, page_of
from web.pages.reference import reference
from web.problems import PROBLEM_TYPES, Problem

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def api_reference(request: Request, pages: PagesDep) -> Response:
    """Every operation and shape of /openapi.json."""
    return pages.plain(request, "manual.html", titles={}, manual_page=_reference(request.app))


@lru_cache(maxsize=1)  # a process serves one application, whose document does not change
def _reference(app: FastAPI) -> ManualPage:
    return page_of(reference(app.openapi()))


@router.get("/docs/try")
def try_it(request: Request, pages: PagesDep) -> Response:
    """Swagger UI, reading /openapi.json."""
    return pages.plain(request, "docs.html")


@router.get("/problems/{name}")
def problem_type(request: Request, name: str, pages: PagesDep) -> Response:
    """What the problems of this type mean, and what to do about them."""
    kind = PROBLEM_TYPES.get(name)
    if kind is None:
        raise Problem("not-found", "There is no type of problem of this name.")
    return pages.plain(request, "problem_type.html", kind=kind)
