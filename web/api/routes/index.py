"""GET /v1/index: what the index holds and what it was made with."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from qa.api.http_shapes import EncoderShape, IndexShape, PassageRuleShape, ReaderShape
from qa.base.settings import NO_READER
from qa.service.build import AddReport
from qa.service.state.jobs import JobKind
from web.api.openapi import problems
from web.api.shapes import JobShape
from web.guards.idempotency import IDEMPOTENCY_KEY
from web.runtime.jobs import Doing, Jobs, announced, jobs
from web.runtime.running import Running, running

router = APIRouter(prefix="/v1/index", tags=["Index"])

_LIKENESS = "similarity"  # what reads where no model does


@router.get("", summary="Describe the index", responses=problems(503))
def describe_index(app: Annotated[Running, Depends(running)]) -> IndexShape:
    """`index_generation` grows with every change; answers and lists name the one that they come from."""
    held = app.described()
    reader = app.service.settings.reader
    return IndexShape(
        name=app.service.folder.name,
        index_generation=held.generation,
        articles=held.counts.articles,
        sentences=held.counts.sentences,
        passages=held.counts.passages,
        changed_at=held.changed_at,
        last_added_at=held.last_added_at,
        encoder=EncoderShape(
            name=held.encoder.name,
            digest=held.encoder.digest,
            dimension=held.encoder.dimension,
            max_tokens=held.encoder.max_tokens,
            passage_prompt=held.encoder.passage_prompt,
            precision=held.encoder.precision,
        ),
        reader=ReaderShape(name=_LIKENESS if reader == NO_READER else reader),
        passage_rule=PassageRuleShape(
            characters=held.rule.characters, overlap_sentences=held.rule.overlap_sentences, title_tokens=held.rule.title_tokens
        ),
        digests=dict(held.digests),
    )


@router.post(
    "/rebuild",
    summary="Make the index anew",
    status_code=202,
    responses=problems(403, 409, 413, 422, 429, 503),
    openapi_extra=IDEMPOTENCY_KEY,
)
async def rebuild_index(
    request: Request, response: Response, app: Annotated[Running, Depends(running)], begun: Annotated[Jobs, Depends(jobs)]
) -> JobShape:
    """From the articles that it holds, embedding only what changed; removed articles go for good. Questions are answered from
    the index as it was until the job ends, and what would change it waits, or is answered 503."""
    articles = app.described().counts.articles

    async def work(doing: Doing) -> None:
        def progress(report: AddReport) -> None:
            doing.advance(report.unchanged)

        await to_thread.run_sync(partial(app.service.rebuild, progress=progress))

    return announced(response, await begun.begin(request, JobKind.REBUILD, work, total=articles))
