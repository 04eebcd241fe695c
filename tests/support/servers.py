"""A real server process over a copy of the sample index, and a real HTTP client."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from forked import ForkedProcess

READY_SECONDS = 180  # on a machine that has other work too


def _fresh(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=folder,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background shell's children ignore it
    )  # fmt: skip


class ServerProcess:
    """`qa serve` on a free port, with the passage rule of `sample_index`; `client` speaks to it."""

    def __init__(self, folder: Path, *flags: object, fresh: bool = False, **settings: object) -> None:
        """`fresh`: a new Python, whose own start is what is tested; else one forked where what it imports is there already."""
        self.folder = folder
        environment = {
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "QA_PASSAGE_CHARACTERS": "600",
            "QA_PASSAGE_OVERLAP_SENTENCES": "1",
            "QA_READ_PASSAGES": "3",  # enough for the samples, in a third of the time
            **{f"QA_{name.upper()}": str(value) for name, value in settings.items()},
        }
        arguments = ["--index", str(folder), "serve", "--port", "0", *map(str, flags)]
        start = _fresh if fresh else ForkedProcess
        self.process = start(arguments, environment, folder.parent)
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self.reading = threading.Thread(target=self._read, daemon=True)
        self.reading.start()
        self.url = self._next_line().split()[0]
        self.client = httpx.Client(base_url=self.url, timeout=60)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            self._lines.put(line)
        self._lines.put("")

    def _next_line(self) -> str:
        return self._lines.get(timeout=READY_SECONDS)

    def wait_until_ready(self) -> ServerProcess:
        assert self._next_line().startswith("Ready after"), "\n".join(self.said)
        return self

    def connect(self, sent: bytes, *, receive_bytes: int | None = None) -> socket.socket:
        """A connection of its own, over which this was sent."""
        connection = socket.socket()
        if receive_bytes is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(60)
        connection.connect((urlsplit(self.url).hostname, urlsplit(self.url).port))
        connection.sendall(sent)
        return connection

    def metric(self, name: str, **labels: str) -> int:
        """The sum of a metric's samples that have these labels."""
        samples = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", self.client.get("/metrics").text, re.MULTILINE)
        wanted = {f'{label}="{value}"' for label, value in labels.items()}
        return sum(int(float(value)) for found, value in samples if wanted <= set(found.split(",")))

    def arrived(self, path: str) -> int:
        """How many requests of all kinds are in work, this one left out, or have been answered at this address."""
        in_work = self.metric("qa_http_requests_in_flight") - 1
        return in_work + self.metric("qa_http_requests_total", method="POST", route=path)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not holds():
            assert time.monotonic() < deadline, "\n".join(self.said)
            time.sleep(0.05)  # each look is a request, whose work takes the time that is waited for

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code after this signal."""
        self.client.close()
        self.process.send_signal(number)
        return self.process.wait(timeout=40)

    def kill(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[list[ServerProcess]]:
    """Those that were started and not ended yet."""
    started: list[ServerProcess] = []
    yield started
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def start_server(servers: list[ServerProcess]) -> Callable[..., ServerProcess]:
    def start(folder: Path, *flags: object, fresh: bool = False, **settings: object) -> ServerProcess:
        servers.append(ServerProcess(folder, *flags, fresh=fresh, **settings))
        return servers[-1]

    return start


@pytest.fixture(autouse=True)
def _end_what_a_test_starts(servers: list[ServerProcess]) -> Iterator[None]:
    """Each holds a model. Those of a module or of all tests were started before."""
    before = len(servers)
    yield
    while len(servers) > before:
        servers.pop().kill()


@pytest.fixture(scope="session")
def server(
    sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., ServerProcess]
) -> ServerProcess:
    """One for all tests that leave the index as they found it."""
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("served") / "samples"))
    return start_server(folder, requests_per_minute=0).wait_until_ready()


@pytest.fixture(scope="session")
def client(server: ServerProcess) -> httpx.Client:
    return server.client
