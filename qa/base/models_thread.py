"""The one thread of a process in which models compute.

OpenMP, by which torch shares an operation among cores, keeps helpers for each thread that computes. Once threads and helpers are
more than the cores, all of them sleep between two operations, and a question takes half as long again. So one computes for all.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")

_here = threading.local()


class _Thread:
    """It begins with its first task, anew in a copy of the process, which has no threads of the first one."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._tasks = ThreadPoolExecutor(1, "models", initializer=_mark)

    def result(self, task: Callable[[], Made]) -> Made:
        return self._tasks.submit(task).result()


def _mark() -> None:
    _here.computes = True


_THREAD = _Thread()


def in_models_thread(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """The function, which runs in that thread while the caller waits."""

    @functools.wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        if getattr(_here, "computes", False):
            return function(*args, **kwargs)
        return _THREAD.result(functools.partial(function, *args, **kwargs))

    return run
