"""Several processes that serve one index on one socket, and the process that starts, watches and stops them.

Each worker is a whole server, with the model, the turns of questions and the rate limits to itself; the index, what is kept of
answers, conversations and jobs, and the metrics are shared. A connection belongs to the worker that took it. The encoder and
the reader get as many threads in each as there are cores for it (OMP_NUM_THREADS, unless it is set already).
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import FrameType

from qa.base.errors import QaError, ServerError
from qa.base.settings import Settings
from qa.service.service import Service
from web.access.access import Access
from web.runtime.logs import configure_logs
from web.runtime.metrics import SHARED_FOLDER, forget_worker
from web.serving.server import serve

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2
_SPAWN = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
_READY = ""


def serve_with_workers(
    settings: Settings, listener: socket.socket, access: Access, *, count: int, on_ready: Callable[[float], None]
) -> None:
    """Serve with so many processes until SIGINT or SIGTERM; `on_ready` is given the seconds until all were loaded.

    Raises:
        ServerError: a worker could not load the model or the index.
    """
    threads = max(1, _cores() // count)
    with contextlib.ExitStack() as entered:
        shared = entered.enter_context(tempfile.TemporaryDirectory(prefix="qa-metrics-"))
        variables = {SHARED_FOLDER: shared, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(threads))}
        entered.enter_context(_in_environment(variables))
        _Workers(settings, listener, access, count=count, on_ready=on_ready).run()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def _in_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """For the processes that are started within."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    reports: Connection  # "" once it is ready, or the reason that it cannot be
    is_ready: bool = False


class _Workers:
    """The workers that run. The first loads alone, and makes the index where there is none; the others, and those that take
    another's place, load while it answers, and take no connection before they can."""

    def __init__(
        self, settings: Settings, listener: socket.socket, access: Access, *, count: int, on_ready: Callable[[float], None]
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._access = access
        self._count = count
        self._on_ready = on_ready
        self._workers: list[_Worker] = []
        self._wanted = 1
        self._is_stopping = False

    def run(self) -> None:
        started = time.perf_counter()
        all_are_ready = False
        with self._stopped_by_signals():
            try:
                while not self._is_stopping:
                    self._look_after_each()
                    if not all_are_ready and sum(worker.is_ready for worker in self._workers) == self._count:
                        all_are_ready = True
                        self._on_ready(time.perf_counter() - started)
                    time.sleep(_LOOK_SECONDS)
            finally:
                self._stop()

    @contextlib.contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        if self._is_stopping:
            for worker in self._workers:
                worker.process.kill()
            sys.exit(128 + number)
        self._is_stopping = True

    def _look_after_each(self) -> None:
        for worker in list(self._workers):
            is_alive = worker.process.is_alive()  # asked first: a report from before its end is still read
            self._read_report(worker)
            if not is_alive:
                self._forget(worker)
        while len(self._workers) < self._wanted:
            self._workers.append(self._start())

    def _start(self) -> _Worker:
        reports, reporting = _SPAWN.Pipe(duplex=False)
        process = _SPAWN.Process(
            target=_work, args=(self._settings, self._listener, self._access, reporting, bool(self._workers))
        )
        ours = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the workers too, who inherit that, and obey us alone
        try:
            process.start()
        finally:
            signal.signal(signal.SIGINT, ours)
        reporting.close()
        return _Worker(process, reports)

    def _read_report(self, worker: _Worker) -> None:
        if worker.is_ready or not worker.reports.poll():
            return
        with contextlib.suppress(EOFError):  # it ended without a report
            failure: str = worker.reports.recv()
            if failure != _READY:
                raise ServerError(failure)
            worker.is_ready = True
            self._wanted = self._count

    def _forget(self, worker: _Worker) -> None:
        process = worker.process
        log.warning("Worker %s ended with code %s; another takes its place.", process.pid, process.exitcode)
        worker.reports.close()
        self._workers.remove(worker)
        forget_worker(process.pid or 0)

    def _stop(self) -> None:
        """Let all of them finish what they are doing, as long as the setting lets them."""
        self._listener.close()
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.reports.close()


def _work(settings: Settings, listener: socket.socket, access: Access, reporting: Connection, load_first: bool) -> None:
    """The whole life of a worker process."""
    configure_logs(settings)
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    try:
        service = Service(settings)
        serve(service, listener, access, on_ready=lambda _: reporting.send(_READY), is_worker=True, load_first=load_first)
    except QaError as error:
        reporting.send(str(error))
        sys.exit(1)


def _stop_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
