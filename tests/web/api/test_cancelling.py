"""Which token may cancel which job."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from qa.api.job import JobKind, JobSize, JobState
from qa.base.scopes import Scope
from qa.service.state.file import StateInMemory
from qa.service.state.jobs import JobLog
from qa.service.state.tokens import Token
from web.api.routes.jobs import cancel_job
from web.problems import Problem

NEEDED = {JobKind.ANSWERS: Scope.READ, JobKind.UPLOADS: Scope.WRITE, JobKind.REBUILD: Scope.ADMIN}


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("scope", Scope)
def test_cancelling_a_job_needs_the_scope_that_beginning_it_does(kind: JobKind, scope: Scope) -> None:
    jobs = JobLog(StateInMemory())
    job = jobs.begin(kind, JobSize(1), ended_before=datetime(2026, 1, 1, tzinfo=UTC), most=9)
    token = Token(id=f"tok_{0:016x}", name="a", scope=scope, sha256="0" * 64, created_at="")
    request = Request({"type": "http", "headers": [], "state": {"token": token}})
    if scope.covers(NEEDED[kind]):
        assert cancel_job(request, job.id, jobs).state is JobState.CANCELLED  # type: ignore[arg-type]  # what it asks of Jobs
    else:
        with pytest.raises(Problem, match=rf"has the scope {scope}; this needs {NEEDED[kind]}"):
            cancel_job(request, job.id, jobs)  # type: ignore[arg-type]
        assert jobs.job(job.id).state is JobState.QUEUED
