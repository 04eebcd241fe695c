"""A Milvus Lite server of this machine for the tests: over its real port, started once for each process of tests."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from qa.base.protocols import Rows, Vectors
from qa.index.milvus.collection import PASSAGES, MilvusCollection, copy_row
from qa.index.milvus.search import MilvusPostings, MilvusVectors, fields_by_size
from qa.index.milvus.server import MilvusClient, MilvusPlace
from qa.index.milvus.words import words_of
from qa.index.postings import field_of, terms_of_field

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
            os.kill(process.pid, signal.SIGINT)  # which closes its data
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusLite]:
    """A running server, shared by the tests of a process; none stops it."""
    server = MilvusLite(tmp_path_factory.mktemp("milvus") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def milvus_collection(milvus: MilvusLite) -> Iterator[Callable[..., MilvusCollection]]:
    """A new, empty collection."""
    made: list[MilvusCollection] = []

    def make(dimension: int, *, index_id: str = "test") -> MilvusCollection:
        made.append(MilvusCollection(MilvusPlace(milvus.uri, f"c{next(_names)}", retries=0), index_id=index_id))
        made[-1].create(dimension)
        return made[-1]

    yield make
    for collection in made:
        collection.close()


@pytest.fixture(scope="session")
def milvus_vectors(milvus_collection: Callable[..., MilvusCollection]) -> Callable[[Rows, Vectors], MilvusVectors]:
    """An index of these vectors; the same one for the same vectors."""
    known: dict[bytes, MilvusVectors] = {}

    def build(rows: Rows, vectors: Vectors) -> MilvusVectors:
        name = rows.tobytes() + vectors.tobytes()
        if name not in known:
            dimension = vectors.shape[1]
            collection = milvus_collection(dimension)
            collection.write(
                PASSAGES,
                (
                    copy_row(f"p{row}", dimension) | {"row": row, "vector": vector.tolist()}
                    for row, vector in zip(rows.tolist(), vectors, strict=True)
                ),
            )
            known[name] = MilvusVectors(collection, count=len(rows))
        return known[name]

    return build


class PostingsInMilvus:
    """Passages of a new collection, known by their words alone."""

    def __init__(self, collection: MilvusCollection) -> None:
        self._collection = collection
        self._fields: dict[int, str] = {}  # by row

    @staticmethod
    def kept_length(length: int) -> int:
        return length

    def write(
        self, added: Iterable[tuple[int, str]], *, removed: Sequence[int] = (), languages: Mapping[int, str] | None = None
    ) -> None:
        self._collection.delete_keys(PASSAGES, [f"p{row}" for row in removed])
        for row in removed:
            del self._fields[row]
        rows = []
        for row, text in added:
            field = self._fields[row] = field_of((languages or {}).get(row, "en"))
            rows.append(copy_row(f"p{row}", 2) | {"row": row, "words": words_of(field, terms_of_field(text, field))})
        self._collection.write(PASSAGES, rows)

    def open(self) -> MilvusPostings:
        """Flushed before: what Milvus Lite has in memory alone it weighs words in by the rows that pass a filter."""
        place = self._collection.place
        client = MilvusClient(uri=place.uri)
        client.flush(place.collection)
        client.close()
        fields = fields_by_size(Counter(self._fields.values()))
        return MilvusPostings(self._collection, count=len(self._fields), fields=fields)


@pytest.fixture
def milvus_postings(milvus_collection: Callable[..., MilvusCollection]) -> PostingsInMilvus:
    return PostingsInMilvus(milvus_collection(2))
