"""Other processes, and an index small enough to be killed, starved and damaged many times."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"
sys.path.insert(0, str(PROGRAMS))  # the tests use the programs' own articles and encoder

import harbour  # noqa: E402


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of ships 1 to 5."""
    made = tmp_path / "index"
    harbour.indexer(made).add(harbour.articles(1, 5))
    return made


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `harbour.py` with these arguments; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_(*arguments: object, prefix: tuple[str, ...] = (), **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*prefix, sys.executable, str(PROGRAMS / "harbour.py"), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "HF_HUB_OFFLINE": "1", **environment},
        )  # fmt: skip
        started.append(process)
        return process

    yield start_
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """Run `harbour.py` to its end; what it printed. `fails` when it must fail with a StoreError."""

    def run_(*arguments: object, fails: bool = False, prefix: tuple[str, ...] = (), **environment: str) -> str:
        process = start(*arguments, prefix=prefix, **environment)
        out, err = process.communicate(timeout=100)
        assert process.returncode == (3 if fails else 0), out + err
        return out.strip()

    return run_
