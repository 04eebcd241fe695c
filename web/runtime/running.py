"""What the routes share while the application runs: the service, whether it is ready, and the queue for the model."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from anyio import CapacityLimiter, Semaphore, to_thread

from qa.base.errors import EngineUnreachable, IndexNotFound, QaError
from qa.base.types import NO_FILTERS, Answer, Filters, Sentence
from qa.index.store import ArticleRow
from qa.service.description import IndexDescription
from qa.service.observers import Observer, OnStage, StageObserver
from qa.service.question import AnswerRequest
from qa.service.service import Service
from web.problems import NotReady, Overloaded, without_folders
from web.runtime.allocator import give_back_free_memory
from web.runtime.cursors import cursor_of, place_of
from web.runtime.metrics import Metrics

T = TypeVar("T")

_FETCHED_AT_ONCE = 4  # requests
_AT_ONCE = 2  # questions worked on; the index is read by one thread at a time, the other prepares its answer
_MOST_WAITING = 64  # questions that run or wait for their turn, some 10 s of work
_LOOK_AGAIN_SECONDS = 0.5
_TRY_AGAIN_SECONDS = 3
_ANSWERS_BETWEEN_TIDYING = 100
_CURSOR = "before"  # the kind of the cursors of articles


class Running:
    """One application's state. `failure` is what kept it from becoming ready; `on_loaded` is called after either, and `on_tried`
    also when loading failed and is tried again.

    Once it is `stopping`, the running requests are still answered.
    """

    def __init__(
        self,
        service: Service,
        metrics: Metrics | None = None,
        *,
        observers: Sequence[Observer] = (),
        makes_index: bool = True,
    ) -> None:
        """`makes_index`: a missing index is made; else it is waited for."""
        self.service = service
        self._makes_index = makes_index
        self.metrics = metrics or Metrics()
        self._observers = observers
        self.ready = False
        self.stopping = False
        self.failure: QaError | None = None
        self.on_loaded: Callable[[], None] = lambda: None
        self.on_tried: Callable[[], None] = lambda: None
        self._turns = Semaphore(_AT_ONCE)
        self._threads = CapacityLimiter(_AT_ONCE)  # as many as there are turns, so that who has one gets a thread at once
        self._counting = CapacityLimiter(1)
        self.fetching = CapacityLimiter(_FETCHED_AT_ONCE)  # slow sites keep no thread from the other requests
        self._taken = 0
        self._counted = itertools.count(1)  # shared between threads
        self._described: IndexDescription | None = None

    async def load(self) -> None:
        """Load the model, check and open the index. Sets `ready` or `failure`.

        While Milvus cannot be reached, or a missing index is not made, that is the failure, and it is tried again every few
        seconds.
        """
        while not await self._is_loaded() and not self.stopping:
            self.on_tried()
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
        self.on_tried()
        self.on_loaded()

    async def _is_loaded(self) -> bool:
        """Whether it ended, well or not; False where trying again may help."""
        try:
            await to_thread.run_sync(self._load)
            self.ready, self.failure = True, None
        except (EngineUnreachable, IndexNotFound) as error:
            self.failure = error
            return False
        except QaError as error:
            self.failure = error
        return True

    def _load(self) -> None:
        if self._makes_index and not self.service.exists():
            self.service.create()
        with ThreadPoolExecutor(max_workers=1) as beside:
            checked = beside.submit(self.service.check)  # reads the whole store, and needs no lock of Python for it
            try:
                self.service.load()
            finally:  # what is damaged says more than what loading met of it
                checked.result()
        gc.collect()
        gc.freeze()  # what is loaded stays: half a million objects, in which the collector would look for a quarter of a second

    def require_ready(self) -> None:
        """NotReady until the model is loaded and the index has been opened; IndexNotFound once its folder is gone."""
        if not self.ready:
            raise NotReady(
                without_folders(self.failure) if self.failure else "The model is being loaded; this takes some seconds."
            )
        if not self.service.exists():
            folder = self.service.folder
            raise IndexNotFound(
                folder, f"The index {folder} is gone: moved or deleted. Put it back, or start the server again for a new one."
            )

    async def ask(self, work: Callable[[], T]) -> T:
        """The outcome of work that uses the model, in a thread of its own and in turn.

        Raises:
            NotReady, Overloaded: it is too early, or too many wait already; nothing was done.
        """
        self.require_ready()
        if self._taken >= _MOST_WAITING:
            raise Overloaded(f"{self._taken} questions wait already. Ask again in a moment.")
        self._taken += 1
        try:
            with self.metrics.questions_waiting.track_inprogress():
                await self._turns.acquire()
            try:
                with self.metrics.questions_in_work.track_inprogress():
                    return await to_thread.run_sync(self._do, work, limiter=self._threads)
            finally:
                self._turns.release()
        finally:
            self._taken -= 1

    def _do(self, work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            if next(self._counted) % _ANSWERS_BETWEEN_TIDYING == 0:
                give_back_free_memory()

    def answer(self, request: AnswerRequest, *, on_stage: OnStage | None = None) -> Answer:
        """The answer to a request, kept and observed; called in the thread of `ask`. Raises as `Service.answer` does."""
        stages = [StageObserver(on_stage)] if on_stage else []
        return self.service.answer(request, observers=[*self._observers, *stages])

    async def ask_when_there_is_room(self, work: Callable[[], T]) -> T:
        """The same for work in the background: while too many wait, it waits outside of the queue."""
        while self._taken >= _MOST_WAITING:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return await self.ask(work)

    def article(self, article_id: str, *, version: str | None) -> tuple[ArticleRow, list[Sentence]]:
        """An article with its sentences, by either id, as it is now or in an earlier version.

        Raises:
            NotReady, ArticleNotFound, VersionNotFound: as their names say.
        """
        self.require_ready()
        return self.service.article(article_id, version=version)

    def page(
        self, words: str = "", filters: Filters = NO_FILTERS, *, limit: int, cursor: str | None
    ) -> tuple[list[ArticleRow], str | None]:
        """The newest articles first, as `Service.page` finds them, and the cursor of the next page; None on the last.

        Raises:
            NotReady, Problem: it is too early, or the cursor is none.
        """
        self.require_ready()
        rows = self.service.page(words, filters, limit=limit + 1, before=place_of(_CURSOR, cursor, _row_of))
        shown = rows[:limit]
        return shown, cursor_of(_CURSOR, shown[-1].row) if len(rows) > limit else None

    def described(self) -> IndexDescription:
        """What the index holds now; counted again only when it has changed."""
        self.require_ready()
        if self._described is None or self._described.generation != self.service.generation:
            self._described = self.service.described()
        return self._described

    async def counted(self) -> bytes:
        """The metrics, with what the index holds now as far as that can be read; waits for no question."""
        with contextlib.suppress(QaError):
            self.metrics.index(await to_thread.run_sync(self.service.size, limiter=self._counting))
        return self.metrics.text()


def _row_of(spelled: str) -> int:
    row = int(spelled)
    if not 0 <= row < 2**62:
        raise ValueError(spelled)
    return row
