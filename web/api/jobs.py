"""A job → its JSON for clients: the response that announces it, and the problem of its failure."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from qa.api.job import Job, JobShape, job_shape
from web.errors import as_problem
from web.problems import job_problem_shape

_POLL_SECONDS = 1


def announced(response: Response, job: Job) -> JobShape:
    """The queued job. The response's headers give its address, and the seconds until a first look is worthwhile."""
    response.headers.update({"Location": f"/v1/jobs/{job.id}", "Retry-After": str(_POLL_SECONDS)})
    return job_shape(job)


def job_failure(request: Request, error: BaseException) -> str:
    """The problem that ended a job, as the JSON that is stored with it. A defect is logged."""
    return job_problem_shape(as_problem(request, error)).model_dump_json()
