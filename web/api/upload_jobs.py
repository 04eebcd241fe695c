"""Files, addresses and a text that were sent → a job that adds their articles, for the API and for the pages."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from fastapi import Request
from starlette.datastructures import UploadFile

from qa.api.job import Job, JobItem, JobKind, JobSize
from qa.api.upload import MOST_NAMED, RefusedShape, UploadedShape
from qa.base.errors import StorageError
from qa.base.types import Change, Refusal
from qa.corpus.decode import clean
from qa.corpus.formats.detection import SUFFIXES
from qa.service.service import Service
from web.api.uploads import Sending, Upload, UploadResult, add_sent
from web.runtime.jobs import Doing, Jobs
from web.runtime.upload_folder import UploadFolder


class Received:
    """Files of a request, copied to a folder of their own; deleted at the end of the block, or of the job that has them."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._folder: UploadFolder | None = None
        self._is_of_a_job = False
        self.uploads: list[Upload] = []

    def __enter__(self) -> Received:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_of_a_job:
            self.delete()

    def take(self, name: str, file: BinaryIO) -> None:
        """Copy a file. Raises StorageError where there is no room for it."""
        try:
            self._folder = self._folder or UploadFolder()
            path = self._folder.path / f"{len(self.uploads)}{_suffix(name)}"
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            self.uploads.append(Upload(name, path, path.stat().st_size))
        except OSError as error:
            raise StorageError(self._index, f"{name} cannot be kept until it is added: {error}. Free some space.") from error

    def take_all(self, files: Sequence[UploadFile]) -> None:
        """Copy these files. Raises as `take` does."""
        for file in files:
            self.take(clean(file.filename or ""), file.file)

    def belong_to_a_job(self) -> None:
        """Keep the files beyond the block: the job deletes them."""
        self._is_of_a_job = True

    def delete(self) -> None:
        if self._folder is not None:
            self._folder.delete()


async def begin_adding(
    request: Request, jobs: Jobs, service: Service, sending: Sending, received: Received, size: JobSize | None = None
) -> Job:
    """The queued job that adds what was sent, and deletes the received files when it ends.

    Raises as `Jobs.begin` does.
    """

    async def work(doing: Doing) -> None:
        await to_thread.run_sync(partial(_add, service, sending, doing))

    size = size or JobSize(len(sending.names), sending.total_bytes, name=sending.names[0])
    job = await jobs.begin(request, JobKind.UPLOADS, work, size, on_end=received.delete)
    received.belong_to_a_job()
    return job


def _add(service: Service, sending: Sending, doing: Doing) -> None:
    """Add it. After every batch, store the results that have changed."""
    stored: dict[int, UploadedShape] = {}

    def store(results: Sequence[UploadResult], done_bytes: int) -> None:
        shapes = {position: _shape(position, result) for position, result in enumerate(results) if result.has_begun}
        new = [
            JobItem(position, results[position].failed, shape.model_dump_json())
            for position, shape in shapes.items()
            if shape != stored.get(position)
        ]
        stored.update(shapes)
        doing.advance(sum(result.is_read for result in results), new, done_bytes=done_bytes)

    add_sent(service, sending, store)


def _shape(position: int, result: UploadResult) -> UploadedShape:
    return UploadedShape(
        position=position,
        name=result.name,
        added=result.counts[Change.ADDED],
        changed=result.counts[Change.CHANGED],
        unchanged=result.counts[Change.UNCHANGED],
        refused=len(result.refused),
        articles=result.article_ids,
        refusals=_refused(result.refused),
        notices=_refused(result.notices),
    )


def _refused(refusals: Sequence[Refusal]) -> list[RefusedShape]:
    return [RefusedShape(line=one.line, reason=one.reason) for one in refusals[:MOST_NAMED]]


def _suffix(name: str) -> str:
    """The suffix that names a file's format; "" for an unknown one. Nothing else of the name is used."""
    bare = name.lower().removesuffix(".gz")
    known = next((suffix for suffix in SUFFIXES if bare.endswith(suffix)), "")
    return f"{known}.gz" if name.lower().endswith(".gz") else known
