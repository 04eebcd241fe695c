"""Adding articles from a browser: pasted, as files, or by their addresses."""

from __future__ import annotations

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from qa.corpus.decode import clean
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.detection import SUFFIXES
from web.access.browsers import is_htmx
from web.api.uploads import MOST_ADDRESSES, MOST_ARTICLES, Upload, UploadResult, add_sent
from web.pages.dependencies import PagesDep
from web.pages.render import Pages
from web.problems import Problem
from web.runtime.dependencies import RunningDep
from web.runtime.running import Running

router = APIRouter(include_in_schema=False)


_FIELDS = ("title", "text", "url", "source", "published_at", "addresses")
_MOST_REASONS = 20  # of one file, that the page names
_NOTHING = "There is nothing to add yet: choose some files, or paste the text of an article."
_NOTHING_FROM_ANYWHERE = "There is nothing to add yet: choose some files, name an address, or paste the text of an article."


@router.get("/add")
def form(request: Request, running: RunningDep, pages: PagesDep) -> Response:
    """The ways to add articles."""
    running.require_ready()
    return _form(request, running, pages, {})


@router.post("/add")
async def add(request: Request, running: RunningDep, pages: PagesDep) -> Response:
    """Add what was sent, and show the result of each part: on the page, or for a script, which sends one file at a time, as rows
    alone. Sending it again changes nothing.

    The form is read here and not by FastAPI, whose limit for a text field is 1 MiB.
    """
    running.require_ready()
    most_bytes = running.service.settings.max_upload_bytes
    async with request.form(max_part_size=most_bytes) as sent:
        return await to_thread.run_sync(partial(_add, request, running, pages, sent))


def _add(request: Request, running: Running, pages: Pages, sent: FormData) -> Response:
    # A browser sends line ends as CRLF, whatever was typed: the same text from a file must be the same article.
    typed = {name: clean(str(sent.get(name, ""))).replace("\r\n", "\n") for name in _FIELDS}
    files = [file for file in sent.getlist("files") if isinstance(file, UploadFile) and file.filename]
    addresses = typed["addresses"].split()
    may_fetch = running.service.settings.allow_fetch
    if addresses and not may_fetch:
        raise Problem("fetching-is-off", "This server fetches no addresses: it was started without --allow-fetch.")
    if len(addresses) > MOST_ADDRESSES:
        message = f"These are {len(addresses):,} addresses; at most {MOST_ADDRESSES} are fetched at a time."
        return _form(request, running, pages, typed, message=message)
    if not files and not addresses and not typed["text"].strip():
        return _form(request, running, pages, typed, message=_NOTHING_FROM_ANYWHERE if may_fetch else _NOTHING)
    uploads = [Upload(clean(file.filename or ""), file.file) for file in files]
    outcomes = add_sent(running.service, _draft(typed), uploads, addresses)
    if is_htmx(request):
        return pages.page(request, "_added.html", outcomes=outcomes, most_reasons=_MOST_REASONS)
    return _form(request, running, pages, {}, outcomes=outcomes)


def _draft(typed: dict[str, str]) -> ArticleDraft | None:
    """The pasted article; None when no text was pasted."""
    if not typed["text"].strip():
        return None
    return ArticleDraft(
        typed["text"],
        title=typed["title"] or None,
        url=typed["url"] or None,
        source=typed["source"] or None,
        published_at=typed["published_at"] or None,
    )


def _form(
    request: Request,
    running: Running,
    pages: Pages,
    typed: dict[str, str],
    *,
    message: str | None = None,
    outcomes: list[UploadResult] | None = None,
) -> Response:
    """The page with what was typed, and a message or the results; for a script the message alone."""
    if message and is_htmx(request):
        return pages.plain(request, "_message.html", status=422, message=message)
    return pages.page(
        request,
        "add.html",
        status=422 if message else 200,
        typed={name: typed.get(name, "") for name in _FIELDS},
        message=message,
        outcomes=outcomes or [],
        accepted=",".join([*SUFFIXES, ".gz"]),
        most_articles=MOST_ARTICLES,
        most_addresses=MOST_ADDRESSES,
        most_bytes=running.service.settings.max_upload_bytes,
        most_reasons=_MOST_REASONS,
        may_fetch=running.service.settings.allow_fetch,
    )
