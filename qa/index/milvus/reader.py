"""A collection → snapshots for readers without an index folder, renewed when the collection changes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.base.errors import EngineError, IndexMismatch
from qa.base.protocols import PostingsIndex, VectorIndex
from qa.base.types import Filters
from qa.index.milvus.collection import MilvusCollection
from qa.index.milvus.expressions import filter_expression
from qa.index.milvus.frequencies import Frequencies, counted, read_frequencies
from qa.index.milvus.search import MilvusPostings, MilvusVectors, fields_by_size
from qa.index.milvus.server import MilvusPlace
from qa.index.milvus.statistics import Statistics, read_statistics, uploaded
from qa.index.milvus.store import CollectionStore
from qa.index.snapshot import Remote, Snapshot

_MOST_LOADED = 20_000  # articles in memory, some 200 MB; then it begins anew


def remote_indexes(collection: MilvusCollection, passages: Mapping[str, int], frequencies: Frequencies | None) -> Remote:
    """The indexes of a collection with so many passages in each field of the postings."""
    count, fields = sum(passages.values()), fields_by_size(passages)

    def narrow(filters: Filters) -> tuple[VectorIndex, PostingsIndex]:
        expression = filter_expression(filters)
        return (
            MilvusVectors(collection, count=count, narrowed=expression),
            MilvusPostings(collection, count=count, fields=fields, narrowed=expression, frequencies=frequencies),
        )

    postings = MilvusPostings(collection, count=count, fields=fields, frequencies=frequencies)
    return Remote(MilvusVectors(collection, count=count), postings, narrow)


class KnownFrequencies:
    """The table of a collection, read again when it was counted anew."""

    def __init__(self) -> None:
        self._known: Frequencies | None = None

    def of(self, collection: MilvusCollection) -> Frequencies | None:
        last = counted(collection)
        if self._known is None or last is None or self._known.generation != last[1]:
            self._known = read_frequencies(collection) or self._known
        return self._known


def known_statistics(collection: MilvusCollection) -> Statistics:
    """The statistics of a collection; EngineError while it has none."""
    if not collection.exists():
        raise EngineError(f"The {collection} is not there. `qa add --engine milvus` on a machine with an index folder makes it.")
    collection.owner()
    statistics = read_statistics(collection)
    if statistics is None:
        raise EngineError(f"The {collection} is being filled, or its upload broke off. The next `qa add` on its machine goes on.")
    return statistics


class CollectionReader:
    """Opens a collection for reading and follows its changes. Threads take turns."""

    def __init__(self, place: MilvusPlace, facts: Mapping[str, str], *, dimension: int) -> None:
        """`facts` are those the index must have. EngineError for a collection of another dimension, or without statistics."""
        self._collection = MilvusCollection(place)
        self._facts = facts
        self._lock = threading.RLock()
        self._upload: tuple[int, str] | None = None
        self._frequencies = KnownFrequencies()
        self._snapshot = self._opened(known_statistics(self._collection))
        self._collection.check(dimension)

    def close(self) -> None:
        with self._lock:
            self._snapshot.store.close()
            self._collection.close()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The newest state, which stays the same until the block ends, but for articles that are removed meanwhile.

        Raises:
            EngineUnreachable, EngineError: Milvus does not answer, or the collection is gone.
            IndexMismatch: the index has another encoder or passage rule now.
        """
        with self._lock:
            self._renew()
            yield self._snapshot

    def _renew(self) -> None:
        store = self._snapshot.store
        upload = uploaded(self._collection)
        is_full = isinstance(store, CollectionStore) and store.loaded > _MOST_LOADED
        if upload is not None and upload == self._upload and not is_full:
            return
        statistics = read_statistics(self._collection)
        if statistics is None and upload is not None and not is_full:
            return  # being written at this moment: the next question sees it
        self._snapshot = self._opened(statistics or known_statistics(self._collection))
        store.close()

    def _opened(self, statistics: Statistics) -> Snapshot:
        for name, value in self._facts.items():
            if statistics.facts.get(name) != value:
                raise IndexMismatch(
                    Path(self._collection.place.collection),
                    f"The {self._collection} has {name} = {statistics.facts.get(name)!r}; now it is {value!r}. Set it back.",
                )
        remote = remote_indexes(self._collection, statistics.fields, self._frequencies.of(self._collection))
        store = CollectionStore.of(self._collection, statistics)
        self._upload = (statistics.generation, statistics.upload)
        return Snapshot(statistics.generation, store, remote.vectors, remote.postings, frozenset(), None, remote.narrow)
