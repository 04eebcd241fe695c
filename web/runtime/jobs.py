"""Jobs that run while the server does: one that answers and one that changes the index at a time, the others wait.

The process that was asked for a job runs it. Any process of the same index reports its progress, and can end it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from anyio import to_thread
from starlette.requests import Request

from qa.api.job import Job, JobItem, JobKind, JobSize, JobState
from qa.base.errors import QaError
from qa.base.settings import Settings
from qa.service.state.file import StateFile
from qa.service.state.jobs import BEAT_SECONDS, JobLog
from qa.service.state.upload_series import UploadSeriesLog
from web.problems import Problem

log = logging.getLogger(__name__)

_MOST_UNFINISHED = 20
_MOST_REMEMBERED = 1_000  # of those that have ended
_RETRY_SECONDS = 10


class JobCancelled(Exception):
    """The job is to end here."""


class Doing:
    """A job while it is done. Called from whatever thread does it."""

    def __init__(self, log: JobLog, job_id: str) -> None:
        self._log = log
        self._job_id = job_id
        self.is_stopped = False  # the server stops

    def advance(self, done: int, items: Sequence[JobItem] = (), *, done_bytes: int = 0) -> None:
        """Store that so many parts are done, with the results of some. Raises JobCancelled where the job is to end."""
        if not self._log.advance(self._job_id, done=done, items=items, done_bytes=done_bytes) or self.is_stopped:
            raise JobCancelled


Work = Callable[[Doing], Awaitable[None]]
Failure = Callable[[Request, BaseException], str]


class Jobs:
    """The jobs of one application, and in `uploads` the sendings that they are parts of.

    They are kept for as long as answers are; where none are, until the server ends.

    `failure` gives the text that is stored for the error that ended a job.
    """

    def __init__(self, settings: Settings, state: StateFile, failure: Failure) -> None:
        self._failure = failure
        self._kept_for = timedelta(settings.keep_answers_days or 1)
        self._log = JobLog(state)
        self.uploads = UploadSeriesLog(state)
        self._turns = {kind: asyncio.Lock() for kind in ("answering", "changing")}
        self._doing: dict[str, tuple[Doing, asyncio.Task[None]]] = {}
        self._beating: asyncio.Task[None] | None = None

    async def begin(
        self, request: Request, kind: JobKind, work: Work, size: JobSize, *, on_end: Callable[[], None] = lambda: None
    ) -> Job:
        """The job, queued; `work` is done when it is its turn, and `on_end` called in any case.

        Raises:
            Problem, StorageError: too many wait already, or it cannot be kept; nothing was begun.
        """
        with contextlib.ExitStack() as not_begun:
            not_begun.callback(on_end)
            if len(self._doing) >= _MOST_UNFINISHED:
                detail = f"{len(self._doing)} jobs wait already. Wait until one of them has ended."
                raise Problem("too-many-jobs", detail, headers={"Retry-After": str(_RETRY_SECONDS)})
            ended_before = datetime.now(UTC) - self._kept_for
            job = await to_thread.run_sync(partial(self._log.begin, kind, size, ended_before=ended_before, most=_MOST_REMEMBERED))
            not_begun.pop_all()
        doing = Doing(self._log, job.id)
        task = asyncio.create_task(self._in_turn(request, job, work, doing))
        self._doing[job.id] = doing, task

        def ended(_: asyncio.Task[None]) -> None:
            self._doing.pop(job.id)
            on_end()

        task.add_done_callback(ended)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat())
        return job

    async def _in_turn(self, request: Request, job: Job, work: Work, doing: Doing) -> None:
        async with self._turns["answering" if job.kind is JobKind.ANSWERS else "changing"]:
            state: JobState = JobState.SUCCEEDED
            problem: str | None = None
            try:
                if doing.is_stopped or not await to_thread.run_sync(self._log.start, job.id):
                    raise JobCancelled
                await work(doing)
            except JobCancelled:
                state = JobState.INTERRUPTED if doing.is_stopped else JobState.CANCELLED
            except Exception as error:  # stored with the job, and logged where it is a defect
                state, problem = JobState.FAILED, self._failure(request, error)
            await self._end(job, state, problem)

    async def _end(self, job: Job, state: JobState, problem: str | None) -> None:
        try:
            await to_thread.run_sync(partial(self._log.end, job.id, state, problem=problem))
        except QaError as error:
            log.warning("The end of the job %s (%s) could not be kept: %s", job.id, state, error)

    async def _beat(self) -> None:
        while self._doing:
            await asyncio.sleep(BEAT_SECONDS)
            with contextlib.suppress(QaError):  # the job itself meets it, and stores it
                await to_thread.run_sync(self._log.beat, list(self._doing))

    async def stop(self) -> None:
        """End every job with the part that is being done; what it has done so far stays."""
        tasks = [task for _, task in self._doing.values()]
        for doing, _ in self._doing.values():
            doing.is_stopped = True
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._beating is not None:
            self._beating.cancel()

    def is_doing(self, job_id: str) -> bool:
        """Whether this process has begun the job, and not ended it yet."""
        return job_id in self._doing

    def job(self, job_id: str) -> Job:
        """How it is now. Raises JobNotFound."""
        return self._log.job(job_id)

    def cancel(self, job_id: str) -> Job:
        """`JobLog.cancel` says more."""
        return self._log.cancel(job_id)
