"""/v1/index: the description of the index, and its rebuild."""

from __future__ import annotations

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from qa.api.index import IndexShape, ReaderShape, encoder_shape, passage_rule_shape
from qa.api.job import JobKind, JobShape, JobSize
from qa.base.settings import NO_READER
from qa.service.build import AddReport
from web.api.jobs import announced
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.runtime.dependencies import JobsDep, RunningDep
from web.runtime.jobs import Doing

router = APIRouter(prefix="/v1/index", tags=["Index"])

_SIMILARITY = "similarity"  # the reader where no model is


@router.get("", summary="Describe the index", responses=problems(503))
def describe_index(running: RunningDep) -> IndexShape:
    """`index_generation` grows with every change. Answers and lists name the generation they come from."""
    held = running.described()
    reader = running.service.settings.reader
    return IndexShape(
        name=running.service.folder.name,
        index_generation=held.generation,
        articles=held.counts.articles,
        sentences=held.counts.sentences,
        passages=held.counts.passages,
        changed_at=held.changed_at,
        last_added_at=held.last_added_at,
        encoder=encoder_shape(held.encoder),
        reader=ReaderShape(name=_SIMILARITY if reader == NO_READER else reader),
        passage_rule=passage_rule_shape(held.rule),
        digests=dict(held.digests),
    )


@router.post(
    "/rebuild",
    summary="Rebuild the index",
    status_code=202,
    responses=problems(403, 409, 413, 422, 429, 503),
    openapi_extra=IDEMPOTENCY_KEY,
)
async def rebuild_index(request: Request, response: Response, running: RunningDep, jobs: JobsDep) -> JobShape:
    """The index is rebuilt from its articles, and only changed passages are embedded. Removed articles are permanently deleted.

    Until the job ends, questions are answered from the old index. Requests that change the index wait, or get 503.
    """
    articles = running.described().counts.articles

    async def work(doing: Doing) -> None:
        def progress(report: AddReport) -> None:
            doing.advance(report.unchanged)

        await to_thread.run_sync(partial(running.service.rebuild, progress=progress))

    return announced(response, await jobs.begin(request, JobKind.REBUILD, work, JobSize(articles)))
