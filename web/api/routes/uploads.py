"""POST /v1/uploads: files → a job that adds their articles."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from qa.api.job import JobShape
from qa.base.errors import WrongPlace
from qa.corpus.decode import clean
from web.api.examples.job import UPLOAD_BODY
from web.api.jobs import announced
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.api.upload_jobs import Received, begin_adding
from web.api.uploads import Sending
from web.problems import Problem
from web.runtime.dependencies import JobsDep, RunningDep

router = APIRouter(prefix="/v1/uploads", tags=["Articles"])

_FORM = "multipart/form-data"
_FIELD = "files"
_MOST_FILES = 1_000
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
    with Received(running.service.folder) as received:
        async with request.form(max_files=_MOST_FILES) as form:
            await to_thread.run_sync(received.take_all, _files(form))
        job = await begin_adding(request, jobs, running.service, Sending(uploads=received.uploads), received)
    return announced(response, job)


def _files(form: FormData) -> list[UploadFile]:
    wrong = [
        WrongPlace(f"#/{clean(name)[:100]}", "extra_forbidden", f"Expected only files, each as a part named {_FIELD}.")
        for name, value in form.multi_items()
        if name != _FIELD or not isinstance(value, UploadFile) or not value.filename
    ]
    if wrong or not form:
        wrong = wrong or [WrongPlace(f"#/{_FIELD}", "missing", "It is missing.")]
        raise Problem("invalid-request", f"{wrong[0].pointer}: {wrong[0].detail}", errors=tuple(wrong))
    return [sent for _, sent in form.multi_items() if isinstance(sent, UploadFile)]
