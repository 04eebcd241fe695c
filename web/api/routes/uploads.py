"""POST /v1/uploads: files → a job that adds their articles."""

from __future__ import annotations

import contextlib
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from qa.api.job import JobItem, JobKind, JobShape
from qa.api.upload import RefusedShape, UploadedShape
from qa.base.errors import WrongPlace
from qa.base.types import Refusal
from qa.corpus.decode import clean
from qa.service.service import Service
from web.api.examples.job import UPLOAD_BODY
from web.api.jobs import announced
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.api.uploads import Upload, UploadResult, add_sent
from web.problems import Problem
from web.runtime.dependencies import JobsDep, RunningDep
from web.runtime.jobs import Doing

router = APIRouter(prefix="/v1/uploads", tags=["Articles"])

_FORM = "multipart/form-data"
_FIELD = "files"
_MOST_FILES = 1_000
_MOST_NAMED = 100  # articles, refusals and notices of one file
_ANY_NUMBER = 2**62
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "properties": {
                        _FIELD: {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                            "maxItems": _MOST_FILES,
                        }
                    },
                    "required": [_FIELD],
                    "additionalProperties": False,
                },
                "examples": {"example 1": {"value": UPLOAD_BODY}},
            }
        },
    }
}


@router.post(
    "",
    summary="Add files",
    status_code=202,
    responses=problems(403, 409, 413, 415, 422, 429, 503),
    openapi_extra={**_BODY, **IDEMPOTENCY_KEY},
)
async def upload(request: Request, response: Response, running: RunningDep, jobs: JobsDep) -> JobShape:
    """Files of any format that `qa add` reads, each as a part named `files`. The ending of its file name names its format.

    The job has an item for each file. A file that cannot be read does not stop the others.
    """
    running.require_ready()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Problem("unsupported-media-type", f"Expected files, with the Content-Type {_FORM}.")
    async with contextlib.AsyncExitStack() as refused:
        form = await request.form(max_files=_MOST_FILES)
        refused.push_async_callback(form.close)
        uploads = _uploads(form)
        refused.pop_all()

    async def work(doing: Doing) -> None:
        await to_thread.run_sync(partial(_add, running.service, uploads, doing))

    def close() -> None:
        for sent in uploads:
            sent.file.close()

    return announced(response, await jobs.begin(request, JobKind.UPLOADS, work, total=len(uploads), on_end=close))


def _uploads(form: FormData) -> list[Upload]:
    wrong = [
        WrongPlace(f"#/{clean(name)[:100]}", "extra_forbidden", f"Expected only files, each as a part named {_FIELD}.")
        for name, value in form.multi_items()
        if name != _FIELD or not isinstance(value, UploadFile) or not value.filename
    ]
    if wrong or not form:
        wrong = wrong or [WrongPlace(f"#/{_FIELD}", "missing", "It is missing.")]
        raise Problem("invalid-request", f"{wrong[0].pointer}: {wrong[0].detail}", errors=tuple(wrong))
    return [Upload(clean(sent.filename or ""), sent.file) for _, sent in form.multi_items() if isinstance(sent, UploadFile)]


def _add(service: Service, uploads: list[Upload], doing: Doing) -> None:
    """Add the files. After every batch, report the results so far."""
    reported: dict[int, UploadedShape] = {}

    def report(results: list[UploadResult]) -> None:
        begun = [(position, result) for position, result in enumerate(results) if result.articles or result.is_read]
        shapes = {position: _uploaded_shape(position, result) for position, result in begun}
        new = [
            JobItem(position, result.failed, shapes[position].model_dump_json())
            for position, result in begun
            if shapes[position] != reported.get(position)
        ]
        reported.update(shapes)
        doing.advance(sum(result.is_read for result in results), new)

    report(add_sent(service, None, uploads, most_articles=_ANY_NUMBER, progress=report))


def _uploaded_shape(position: int, result: UploadResult) -> UploadedShape:
    return UploadedShape(
        position=position,
        name=result.name,
        added=result.count("added"),
        changed=result.count("changed"),
        unchanged=result.count("unchanged"),
        refused=len(result.refused),
        articles=[article.id for article in result.articles[:_MOST_NAMED]],
        refusals=_refused(result.refused),
        notices=_refused(result.notices),
    )


def _refused(refusals: list[Refusal]) -> list[RefusedShape]:
    return [RefusedShape(line=one.line, reason=one.reason) for one in refusals[:_MOST_NAMED]]
