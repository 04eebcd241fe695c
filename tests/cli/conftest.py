"""The samples in an index, and ways to run a command line: in this process where that is enough, else in a real one."""

from __future__ import annotations

import importlib.resources
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.cli.app import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def sample_set() -> Iterator[str]:
    """The folder of the samples: articles and judged questions."""
    with importlib.resources.as_file(importlib.resources.files("qa.evaluation.samples")) as folder:
        yield str(folder)


@pytest.fixture(scope="session")
def samples(sample_set: str) -> str:
    """The file of the sample articles."""
    return f"{sample_set}/articles.jsonl"


@pytest.fixture(scope="session")
def read_only_index(added_samples: Path) -> str:
    """The samples with the settings' own defaults; no test changes it."""
    return str(added_samples)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line: (exit code, stdout, stderr)."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        return code, *capsys.readouterr()

    return run_


@pytest.fixture
def ask(run: Run, read_only_index: str) -> Run:
    """Runs a command on the index of the samples."""
    return lambda *arguments: run("--index", read_only_index, *arguments)


@pytest.fixture
def small(tmp_path: Path, run: Run) -> Callable[[dict[str, str]], None]:
    """Adds one article to the default index."""

    def add(record: dict[str, str]) -> None:
        (tmp_path / "one.jsonl").write_text(json.dumps(record))
        assert run("add", "one.jsonl")[0] == 0

    return add


@pytest.fixture
def given_stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Sets what standard input gives."""
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


@pytest.fixture
def real() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs a command line in a process of its own, with environment variables."""

    def run_(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "qa", *arguments]
        return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, timeout=120, check=False)

    return run_
