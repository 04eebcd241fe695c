"""/v1/jobs: how far a job is, what came of it, and the way to end it."""

from __future__ import annotations

from fastapi import APIRouter, Request

from qa.api.job import JobKind, JobShape, job_shape
from qa.base.scopes import Scope
from web.access.access import require_scope
from web.api.openapi import problems
from web.runtime.dependencies import JobsDep

router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])


@router.get("/{job_id}", summary="Read a job", responses=problems(404, 422, 503))
def read_job(job_id: str, jobs: JobsDep) -> JobShape:
    """How far it is, with what has come of it so far."""
    return job_shape(jobs.job(job_id))


@router.delete("/{job_id}", summary="Cancel a job", responses=problems(403, 404, 422, 429, 503))
def cancel_job(request: Request, job_id: str, jobs: JobsDep) -> JobShape:
    """One that is running ends with the part that is being done; what is done stays. One that has ended stays as it is. A
    job that changes the index needs the scope write where tokens are asked for."""
    if jobs.job(job_id).kind is not JobKind.ANSWERS:
        require_scope(request, Scope.WRITE)
    return job_shape(jobs.cancel(job_id))
