"""/v1/jobs: the progress and results of a job, and its cancellation."""

from __future__ import annotations

from fastapi import APIRouter, Request

from qa.api.job import JobKind, JobShape, job_shape
from qa.base.scopes import Scope
from web.access.access import require_scope
from web.api.openapi import problems
from web.runtime.dependencies import JobsDep

router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])

_SCOPES = {JobKind.ANSWERS: Scope.READ, JobKind.UPLOADS: Scope.WRITE, JobKind.REBUILD: Scope.ADMIN}


@router.get("/{job_id}", summary="Read a job", responses=problems(404, 422, 503))
def read_job(job_id: str, jobs: JobsDep) -> JobShape:
    """Its progress, and its results so far."""
    return job_shape(jobs.job(job_id))


@router.delete("/{job_id}", summary="Cancel a job", responses=problems(403, 404, 422, 429, 503))
def cancel_job(request: Request, job_id: str, jobs: JobsDep) -> JobShape:
    """A running job ends after its current part, and its results stay. A job that has ended stays as it is.

    Where tokens are required, cancelling a job needs the scope that beginning it does: write to add, admin to rebuild.
    """
    require_scope(request, _SCOPES[jobs.job(job_id).kind])
    return job_shape(jobs.cancel(job_id))
