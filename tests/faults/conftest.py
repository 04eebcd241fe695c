"""Other processes, and an index small enough to be killed, starved and damaged many times."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qa.index.milvus.collection import MilvusCollection

PROGRAMS = Path(__file__).parent / "programs"
sys.path.insert(0, str(PROGRAMS))  # the tests use the programs' own articles and encoder

import harbour  # noqa: E402
from milvus_lite_server import MilvusLite  # noqa: E402
from word_encoder import WordEncoder  # noqa: E402

from qa.base.settings import load_settings  # noqa: E402
from qa.index.store import open_store  # noqa: E402
from qa.service.service import Service  # noqa: E402
from qa.service.uploading import index_id_of  # noqa: E402


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


_names = itertools.count(1)


@pytest.fixture
def collection_name() -> str:
    return f"harbour{next(_names)}"


@pytest.fixture
def open_index(tmp_path: Path, milvus: MilvusLite, collection_name: str) -> Iterator[Callable[..., Service]]:
    """The Service of an index in Milvus; any setting may be given."""
    opened: list[Service] = []

    def open_(folder: Path = tmp_path / "index", **given: object) -> Service:
        place = {"engine": "milvus", "uri": milvus.uri, "collection": collection_name}
        small = {"reader": "none", "engine_retries": 1, "engine_timeout_seconds": 5}
        settings = load_settings(index=folder, **{**place, **small, **given})
        opened.append(Service(settings, encoder=WordEncoder()))
        return opened[-1]

    yield open_
    for service in opened:
        service.close()


@pytest.fixture
def collection_of() -> Callable[[Service], MilvusCollection]:
    """The collection of a service, to be changed behind its back."""
    from qa.index.milvus.collection import MilvusCollection
    from qa.index.milvus.server import MilvusPlace

    def collection(service: Service) -> MilvusCollection:
        settings = service.settings
        with open_store(service.folder) as store:
            return MilvusCollection(MilvusPlace(settings.uri, settings.collection, retries=0), index_id=index_id_of(store))

    return collection
