"""A Milvus Lite server of this machine for the tests: over its real port, started once for each process of tests.

pymilvus takes a second to import, so nothing of it is imported before a test needs it.
"""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.base.protocols import Rows, Vectors

if TYPE_CHECKING:
    from milvus_indexes import PostingsInMilvus

    from qa.index.milvus.collection import MilvusCollection
    from qa.index.milvus.search import MilvusVectors

_names = itertools.count(1)


class MilvusLite:
    """A server that can be stopped and started again on its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(self.folder), "--host", "127.0.0.1"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([*command, "--port", str(self.port)], **quiet)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self._process.poll() is None, "Milvus Lite ended at its start"
                time.sleep(0.05)
        raise TimeoutError("Milvus Lite does not listen")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()  # at once: what was written is in its log
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusLite]:
    """A running server, shared by the tests of a process; none stops it."""
    server = MilvusLite(tmp_path_factory.mktemp("milvus") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def milvus_collection(milvus: MilvusLite) -> Iterator[Callable[[int], MilvusCollection]]:
    """A new, empty collection of vectors of this dimension."""
    from qa.index.milvus.collection import MilvusCollection
    from qa.index.milvus.server import MilvusPlace

    made: list[MilvusCollection] = []

    def make(dimension: int) -> MilvusCollection:
        made.append(MilvusCollection(MilvusPlace(milvus.uri, f"c{next(_names)}", retries=0), index_id="test"))
        made[-1].create(dimension)
        return made[-1]

    yield make
    for collection in made:
        collection.close()


@pytest.fixture(scope="session")
def milvus_vectors(milvus_collection: Callable[[int], MilvusCollection]) -> Callable[[Rows, Vectors], MilvusVectors]:
    """An index of these vectors; the same one for the same vectors."""
    from milvus_indexes import vectors_in

    known: dict[bytes, MilvusVectors] = {}

    def build(rows: Rows, vectors: Vectors) -> MilvusVectors:
        name = rows.tobytes() + vectors.tobytes()
        if name not in known:
            known[name] = vectors_in(milvus_collection(vectors.shape[1]), rows, vectors)
        return known[name]

    return build


@pytest.fixture
def milvus_postings(milvus_collection: Callable[[int], MilvusCollection]) -> PostingsInMilvus:
    from milvus_indexes import PostingsInMilvus

    return PostingsInMilvus(milvus_collection(2))
