"""Adding articles from a browser: pasted, as files, or by their addresses. Each sending is a job, which any page can follow."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib.resources import as_file, files

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from qa.api.job import JobSize, JobState
from qa.api.upload_series import UploadResults
from qa.corpus.decode import clean
from qa.corpus.formats.article_draft import ArticleDraft
from web.access.browsers import is_htmx
from web.api.upload_jobs import Received, begin_adding
from web.api.uploads import MOST_ADDRESSES, Sending
from web.pages.adding_view import file_rows, view_of
from web.pages.dependencies import PagesDep
from web.pages.render import Pages
from web.pages.unsent_files import left_out_files, most_bytes_of_a_file, unsent_files
from web.problems import Problem
from web.runtime.dependencies import JobsDep, RunningDep
from web.runtime.jobs import Jobs
from web.runtime.running import Running

router = APIRouter(include_in_schema=False)


_FIELDS = ("title", "text", "url", "source", "published_at", "addresses")
_MOST_REASONS = 20  # of one file, that the page names
_MOST_SENDINGS = 5  # earlier ones, that the page lists
_LONGEST_WAIT_SECONDS = 2.0  # for a small sending to end, where nothing else would show its result by itself
_LOOK_SECONDS = 0.1
_NOTHING = "There is nothing to add yet: choose some files, or paste the text of an article."
_NOTHING_FROM_ANYWHERE = "There is nothing to add yet: choose some files, name an address, or paste the text of an article."
_SAMPLES = "The sample articles"


@router.get("/add")
def form(request: Request, running: RunningDep, pages: PagesDep, jobs: JobsDep) -> Response:
    """The ways to add articles, and what is being added or was added last."""
    running.require_ready()
    return _form(request, running, pages, jobs, {})


@router.post("/add")
async def add(request: Request, running: RunningDep, pages: PagesDep, jobs: JobsDep) -> Response:
    """Begin a job that adds what was sent, and show it. Sending it again changes nothing.

    The form is read here and not by FastAPI, whose limit for a text field is 1 MiB.
    """
    running.require_ready()
    most_bytes = running.service.settings.max_upload_bytes
    with Received(running.service.folder) as received:
        async with request.form(max_part_size=most_bytes) as sent:
            typed = _typed(sent)
            message = _refusal(running, typed)
            if message is None:
                await to_thread.run_sync(received.take_all, _files(sent))
                sending = Sending(
                    _draft(typed),
                    received.uploads,
                    typed["addresses"].split(),
                    unsent_files(str(sent.get("unsent", "")), most_bytes=most_bytes_of_a_file(running.service.settings)),
                    left_out_files(str(sent.get("left_out", ""))),
                )
                size = _size(sent, sending)
        if message is None and not sending.names:
            message = _NOTHING_FROM_ANYWHERE if running.service.settings.allow_fetch else _NOTHING
        if message is not None:
            return await to_thread.run_sync(partial(_form, request, running, pages, jobs, typed, message=message))
        if size.part_of and (stopped := await to_thread.run_sync(_stopped, jobs, size.part_of)):
            return await to_thread.run_sync(partial(_adding, request, running, pages, stopped, is_note=False))
        return await _begun(request, running, pages, jobs, sending, received, size)


@router.post("/add/samples")
async def add_samples(request: Request, running: RunningDep, pages: PagesDep, jobs: JobsDep) -> Response:
    """Add the sample articles, for somebody who has no others at hand."""
    running.require_ready()
    with Received(running.service.folder) as received:
        with as_file(files("qa.evaluation.samples") / "articles.jsonl") as samples, samples.open("rb") as file:
            received.take(f"{_SAMPLES}.jsonl", file)
        return await _begun(request, running, pages, jobs, Sending(uploads=received.uploads), received, None)


@router.get("/add/{job_id}")
def adding(request: Request, job_id: str, running: RunningDep, pages: PagesDep, jobs: JobsDep, note: bool = False) -> Response:
    """How far a sending is, and at its end what became of each file; for a script the part alone, as a `note` without files."""
    running.require_ready()
    results = jobs.uploads.results(job_id)
    return _adding(request, running, pages, results, is_note=note)


@router.post("/add/{job_id}/stop")
def stop(request: Request, job_id: str, running: RunningDep, pages: PagesDep, jobs: JobsDep) -> Response:
    """End a sending after what is being added now."""
    running.require_ready()
    for part in jobs.uploads.series(job_id).job_ids:
        jobs.cancel(part)
    if is_htmx(request):
        return _adding(request, running, pages, jobs.uploads.results(job_id), is_note=False)
    return RedirectResponse(f"/add/{job_id}", status_code=303)


async def _begun(
    request: Request, running: Running, pages: Pages, jobs: Jobs, sending: Sending, received: Received, size: JobSize | None
) -> Response:
    job = await begin_adding(request, jobs, running.service, sending, received, size)
    if is_htmx(request):
        results = await to_thread.run_sync(jobs.uploads.results, job.id)
        return await to_thread.run_sync(partial(_adding, request, running, pages, results, is_note=False))
    ends = asyncio.get_running_loop().time() + _LONGEST_WAIT_SECONDS
    while asyncio.get_running_loop().time() < ends and jobs.is_doing(job.id):
        await asyncio.sleep(_LOOK_SECONDS)
    return RedirectResponse(f"/add/{job.id}", status_code=303)


def _stopped(jobs: Jobs, part_of: str) -> UploadResults | None:
    """The sending that a part belongs to, where it was stopped: its other parts are not added either."""
    results = jobs.uploads.results(part_of)
    return results if results.series.state is JobState.CANCELLED else None


def _typed(sent: FormData) -> dict[str, str]:
    # A browser sends line ends as CRLF, whatever was typed: the same text from a file must be the same article.
    return {name: clean(str(sent.get(name, ""))).replace("\r\n", "\n") for name in _FIELDS}


def _files(sent: FormData) -> list[UploadFile]:
    return [file for file in sent.getlist("files") if isinstance(file, UploadFile) and file.filename]


def _refusal(running: Running, typed: dict[str, str]) -> str | None:
    """Why the addresses are not fetched; None where they are. Raises a Problem where none may be."""
    addresses = typed["addresses"].split()
    if addresses and not running.service.settings.allow_fetch:
        raise Problem("fetching-is-off", "This server fetches no addresses: it was started without --allow-fetch.")
    if len(addresses) > MOST_ADDRESSES:
        return f"These are {len(addresses):,} addresses; at most {MOST_ADDRESSES} are fetched at a time."
    return None


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


def _size(sent: FormData, sending: Sending) -> JobSize:
    """With what a script says of a sending of many parts: the first part announces the whole."""
    part_of, announced, announced_bytes = (str(sent.get(name, "")) for name in ("part_of", "announced", "announced_bytes"))
    return JobSize(
        len(sending.names),
        sending.total_bytes,
        part_of=part_of or None,
        announced=_number(announced),
        announced_bytes=_number(announced_bytes),
        name=next(iter(sending.names), ""),
    )


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 16 else None


def _adding(request: Request, running: Running, pages: Pages, results: UploadResults, *, is_note: bool) -> Response:
    """One sending: a page, or for a script the part of one."""
    view = view_of(results.series)
    listed = None if is_note or view.is_unfinished else file_rows(results.items)
    return pages.page(
        request,
        "_adding_changed.html" if is_htmx(request) else "adding.html",
        view=view,
        listed=listed,
        titles=running.service.titles(id_ for row in listed.rows for id_ in row.articles[:1]) if listed else {},
        is_note=is_note,
        most_reasons=_MOST_REASONS,
    )


def _form(
    request: Request, running: Running, pages: Pages, jobs: Jobs, typed: dict[str, str], *, message: str | None = None
) -> Response:
    """The page with what was typed, and a message; for a script the message alone."""
    if message and is_htmx(request):
        return pages.plain(request, "_message.html", status=422, message=message)
    return pages.page(
        request,
        "add.html",
        status=422 if message else 200,
        typed={name: typed.get(name, "") for name in _FIELDS},
        message=message,
        sendings=[view_of(series) for series in jobs.uploads.latest(_MOST_SENDINGS)],
        most_addresses=MOST_ADDRESSES,
        may_fetch=running.service.settings.allow_fetch,
    )
