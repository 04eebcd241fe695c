"""A command line of `qa` → a process of its own that runs it, forked from one that has imported torch and the like already.

Starting takes 4 seconds of processor time, which each of some 70 servers would take again. `preloaded.py` is what they share:
no model is loaded and no thread runs where they are forked from.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TextIO

import pytest

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["preloaded"])


class ForkedProcess:
    """`qa` with these arguments; what is used of `subprocess.Popen`, with stdout and stderr in one stream."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        ours, theirs = CONTEXT.Pipe(duplex=False)
        self._process = start(_run, list(arguments), dict(environment), str(folder), theirs)
        theirs.close()
        self.stdout: TextIO = open(os.dup(ours.fileno()), encoding="utf-8")
        ours.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("qa", timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(target: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """A process that does this, forked where what `qa` imports is there already."""
    _ensure_preloaded()
    process = CONTEXT.Process(target=target, args=arguments)
    process.start()
    return process


def _ensure_preloaded() -> None:
    """The process that all are forked from finds `preloaded` in this folder, which its own path does not have."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
        forkserver.ensure_running()


def _run(arguments: list[str], environment: dict[str, str], folder: str, output: Connection) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number in (1, 2):
        os.dup2(output.fileno(), number)
    output.close()
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", 1, closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell's children ignore it
    from qa.cli.app import main

    sys.exit(main(arguments))
