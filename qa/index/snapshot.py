"""An index folder → snapshots for readers: one state of the store with its edition, renewed when the store changes."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from qa.base.errors import ArticleDamaged, IndexDamaged, StoreError
from qa.base.protocols import PostingsIndex, Rows, VectorIndex, Vectors
from qa.base.settings import LOCAL
from qa.base.types import Filters
from qa.index.edition import Edition, open_edition
from qa.index.identity import check_engine, check_identity
from qa.index.layout import VECTORS_FILE
from qa.index.pending import ENGINE_FACT
from qa.index.postings import TantivyPostings
from qa.index.store import Store, require_store
from qa.index.vectors import ExactVectors, FaissVectors, OverlaidVectors, no_vectors


class Searched(NamedTuple):
    """What is searched for a question: `selected` rows alone where they are given, and none that are `hidden`."""

    vectors: VectorIndex
    postings: PostingsIndex
    hidden: Collection[int]
    selected: Rows | None


_SELECTIONS_KEPT = 16  # each has 8 bytes for each of its passages
_TRIES = 5  # an edition may be deleted between reading its name and opening it


Narrow = Callable[[Filters], tuple[VectorIndex, PostingsIndex]]


class Remote(NamedTuple):
    """The indexes of an engine beside the folder, as they are for one generation of the store."""

    vectors: VectorIndex
    postings: PostingsIndex
    narrow: Narrow


class RemoteEngine(Protocol):
    """An engine beside the folder."""

    def indexes(self, store: Store) -> Remote:
        """What searches the store as it is; EngineError where that cannot be."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation: the store inside one read transaction, with its vectors and postings.

    Before the first article they are empty, and `edition` is None.
    """

    generation: int
    store: Store
    vectors: VectorIndex
    postings: PostingsIndex
    hidden: frozenset[int]
    edition: Edition | None
    narrow: Narrow | None = None  # of an engine that knows the filters itself: its indexes of what passes them
    _selections: dict[Filters, Rows] = field(default_factory=dict)  # of this generation
    _newest: dict[str, date | None] = field(default_factory=dict)  # its day, once it was asked for
    _placed: list[tuple[Rows, Rows]] = field(default_factory=list)  # the articles of all passages, once they were asked for

    @property
    def newest_day(self) -> date | None:
        """The last day on which an article was published; None where none has a date."""
        if "day" not in self._newest:
            self._newest["day"] = self.store.filter_values.days().last
        return self._newest["day"]

    def selected(self, filters: Filters) -> Rows | None:
        """(n,) rows of the passages of matching articles, ascending; None if all match."""
        if not filters:
            return None
        if filters not in self._selections:
            if len(self._selections) >= _SELECTIONS_KEPT:
                self._selections.clear()
            self._selections[filters] = self._passing(filters)
        return self._selections[filters]

    def _passing(self, filters: Filters) -> Rows:
        """The rows that `selected` gives, of all passages at once: naming their articles takes nine times as long."""
        if not self.store.is_whole:
            return self.store.selected_rows(filters)
        if not self._placed:
            self._placed.append(self.store.articles_of_passages())
        rows, articles = self._placed[0]
        return rows[np.isin(articles, self.store.selected_articles(filters))]

    def searched(self, filters: Filters) -> Searched:
        """The indexes as a question with these filters searches them."""
        if self.narrow is not None and filters:
            return Searched(*self.narrow(filters), self.hidden, None)
        return Searched(self.vectors, self.postings, self.hidden, self.selected(filters))

    def lets_none_pass(self, filters: Filters) -> bool:
        """Whether no article passes."""
        if not self.store.is_whole:
            return bool(filters) and not self.store.count((), filters)
        selected = self.selected(filters)
        return selected is not None and not len(selected)


class SnapshotReader:
    """Opens an index folder for reading and follows the changes of writers. Threads take turns."""

    def __init__(
        self,
        folder: Path,
        facts: Mapping[str, str],
        *,
        dimension: int,
        engine: str = LOCAL,
        remote: RemoteEngine | None = None,
    ) -> None:
        """`facts` are those the index must have. StoreError, such as IndexNotFound, if the folder cannot be opened.

        `remote` is the engine of that name where it is not the folder's own.
        """
        self._folder = folder
        self._engine = engine
        self._remote = remote
        self._facts = facts
        self._dimension = dimension
        self._lock = threading.RLock()
        self._open()

    def _open(self) -> None:
        self._file = _file_identity(self._folder)
        self._store = Store.open(self._folder)
        self._base: VectorIndex = no_vectors(self._dimension)
        self._beside: tuple[Rows, Vectors] = (np.zeros(0, np.int64), np.zeros((0, self._dimension), np.float32))
        self._snapshot = self._without_edition(generation=-1)  # none yet
        self._failed = False

    def _follow(self) -> None:
        """Open the folder again if it has another store now, if this one is not followed, or if the last read failed."""
        if self._failed or _file_identity(self._folder) != self._file or self._store.is_outdated():
            self._failed = True  # until it has been opened
            self._store.close()
            self._open()

    def close(self) -> None:
        with self._lock:
            self._store.close()
            if self._remote is not None:
                self._remote.close()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The newest state, which stays the same until the block ends, whatever writers do.

        A deleted, moved or replaced folder is noticed. After a failure the next call opens the folder again.

        Raises:
            IndexNotFound: the index no longer exists.
            IndexDamaged: a file of the current edition is missing or differs from its digest.
            IndexMismatch: the index has another encoder or passage rule.
        """
        with self._lock:
            try:
                self._follow()
                with self._newest() as snapshot:
                    yield snapshot
            except StoreError as error:
                self._failed = not isinstance(error, ArticleDamaged)  # opening it again mends no article
                raise

    @contextlib.contextmanager
    def _newest(self) -> Iterator[Snapshot]:
        for remaining in reversed(range(_TRIES)):
            with self._store.reading():
                try:
                    self._renew()
                except IndexDamaged:
                    if remaining and self._superseded():
                        continue
                    raise
                yield self._snapshot
                return

    def _superseded(self) -> bool:
        """Whether the edition that could not be opened is no longer the current one."""
        with contextlib.closing(Store.open(self._folder)) as other:
            return other.fact("edition") != self._store.fact("edition")

    def _renew(self) -> None:
        generation = self._store.generation
        if generation == self._snapshot.generation:
            return
        check_identity(self._store, self._facts)
        if self._store.has_articles():
            check_engine(self._store, self._engine)
        if self._remote is not None and self._store.fact(ENGINE_FACT) is not None:
            remote = self._remote.indexes(self._store)
            hidden = frozenset(self._store.hidden_rows()) if self._store.pending else frozenset[int]()
            self._snapshot = Snapshot(generation, self._store, remote.vectors, remote.postings, hidden, None, remote.narrow)
            return
        edition = self._current_edition()
        if edition is None:
            self._snapshot = self._without_edition(generation)
            return
        same_postings = edition is self._snapshot.edition
        postings = self._snapshot.postings if same_postings else TantivyPostings.open(edition.postings_folder)
        self._snapshot = Snapshot(
            generation, self._store, self._vectors(edition), postings, frozenset(self._store.hidden_rows()), edition
        )

    def _without_edition(self, generation: int) -> Snapshot:
        return Snapshot(generation, self._store, no_vectors(self._dimension), TantivyPostings.empty(), frozenset(), None)

    def _current_edition(self) -> Edition | None:
        name = self._store.fact("edition")
        if name is None:
            return None
        open_now = self._snapshot.edition
        if open_now is not None and open_now.name == name:
            return open_now
        return open_edition(self._folder, name, verified=open_now.manifest.digests if open_now else None)

    def _vectors(self, edition: Edition) -> VectorIndex:
        """The FAISS file with the later rows: it is opened again, and they are all read, only if it changed.

        Of the later rows that are known, those of deleted passages are hidden ones.
        """
        manifest = edition.manifest
        previous = self._snapshot.edition
        changed = previous is None or previous.manifest.digests.get(VECTORS_FILE) != manifest.digests.get(VECTORS_FILE)
        if not manifest.vectors_kind:
            self._base = no_vectors(self._dimension)
        elif changed:
            self._base = FaissVectors.open(edition.vectors_file)
        if changed:
            self._beside = self._store.vectors_above(manifest.last_vector_row, self._dimension)
        else:
            rows, vectors = self._beside
            later = self._store.vectors_above(int(rows[-1]) if len(rows) else manifest.last_vector_row, self._dimension)
            self._beside = np.concatenate([rows, later[0]]), np.concatenate([vectors, later[1]])
        return OverlaidVectors(self._base, ExactVectors(*self._beside))


def _file_identity(folder: Path) -> tuple[int, int]:
    """(device, inode) of the store's file, which identify it; IndexNotFound without one."""
    status = os.stat(require_store(folder))
    return status.st_dev, status.st_ino
