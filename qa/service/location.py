"""Settings → where an index answers from: its folder or, on a machine without one, its collection in Milvus alone.

Where the collection is alone, nothing is changed and no answer is kept. pymilvus loads when Milvus is asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from qa.base.errors import EngineError
from qa.base.settings import MILVUS, Settings
from qa.index.identity import kept_settings
from qa.index.layout import STORE_FILE
from qa.index.snapshot import Snapshot, SnapshotReader
from qa.index.store import require_store
from qa.service.engine import Engine, milvus_place, settings_of_index, with_kept
from qa.service.milvus_indexes import MilvusIndexes

if TYPE_CHECKING:
    from qa.index.milvus.collection import MilvusCollection
    from qa.index.milvus.reader import CollectionReader
    from qa.index.milvus.server import MilvusPlace


class IndexLocation:
    """The folder of an index, else its collection, and what reads it. Constructing it asks Milvus nothing.

    The caller's lock lets one thread at a time open and read it; all else may be asked at any time.
    """

    def __init__(self, given: Settings) -> None:
        """`settings` are those given, but that no answers are kept where Milvus searches and there is no folder."""
        self.folder = given.index.absolute()
        self.settings = given
        if given.engine == MILVUS and not self.has_folder():
            self.settings = given.model_copy(update={"keep_answers_days": 0})
        self._reader: SnapshotReader | CollectionReader | None = None

    def has_folder(self) -> bool:
        """Whether there is an index in the folder, even a damaged one."""
        return (self.folder / STORE_FILE).exists()

    def is_collection(self) -> bool:
        """Whether a collection answers alone; EngineUnreachable where that is not known."""
        return self._collection_alone() is not None

    def has_moved(self) -> bool:
        """Whether the collection is read, though there is a folder now."""
        return self._is_collection_read() and self.has_folder()

    def check_takes_changes(self) -> None:
        """EngineError where a collection answers alone: there is nothing that could be changed."""
        place = self._collection_alone()
        if place is not None:
            raise EngineError(
                f"{place} has a collection {place.collection!r} already, and this machine has no index folder of it: here it "
                "only answers. Change it on the machine with the folder. For another index, choose a name by the setting "
                "collection."
            )

    def engine_settings(self) -> Settings:
        """The settings; those that an index keeps are the index's own where they were not given."""
        place = self._collection_alone()
        if place is None:
            return settings_of_index(self.folder, self.settings)
        return with_kept(_kept_in(place), self.settings)

    def snapshot(self, engine: Callable[[], Engine]) -> AbstractContextManager[Snapshot]:
        """The index as it is now, opened at first use. The engine is not asked for where there is none: IndexNotFound."""
        if self._reader is None:
            self._reader = self._opened(engine)
        return self._reader.snapshot()

    def _opened(self, engine: Callable[[], Engine]) -> SnapshotReader | CollectionReader:
        place = self._collection_alone()
        if place is not None:
            return _collection_reader(place, engine())
        require_store(self.folder)
        return _folder_reader(self.folder, engine())

    def close(self) -> None:
        """Close what is open; the next snapshot opens it again."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _collection_alone(self) -> MilvusPlace | None:
        """The collection that answers as there is no folder; None where there is one, or no collection either."""
        place = None if self.has_folder() else milvus_place(self.settings)
        if place is None or self._is_collection_read():
            return place
        with _connected(place) as collection:
            return place if collection.exists() else None

    def _is_collection_read(self) -> bool:
        return not isinstance(self._reader, SnapshotReader | None)


def reach_collection(place: MilvusPlace) -> None:
    """Find out whether Milvus answers and has the collection; EngineError with the reason why not."""
    with _connected(place) as collection:
        if not collection.exists():
            raise EngineError(f"The {collection} is gone. `qa rebuild` on the machine with the index folder makes it.")


@contextlib.contextmanager
def _connected(place: MilvusPlace) -> Iterator[MilvusCollection]:
    from qa.index.milvus.collection import MilvusCollection

    with contextlib.closing(MilvusCollection(place)) as collection:
        yield collection


def _kept_in(place: MilvusPlace) -> dict[str, str | int]:
    """The settings that the index of a collection keeps."""
    from qa.index.milvus.reader import known_statistics

    with _connected(place) as collection:
        return kept_settings(known_statistics(collection).facts)


def _collection_reader(place: MilvusPlace, engine: Engine) -> CollectionReader:
    from qa.index.milvus.reader import CollectionReader

    return CollectionReader(place, engine.index_facts, dimension=engine.encoder.identity.dimension)


def _folder_reader(folder: Path, engine: Engine) -> SnapshotReader:
    dimension, name = engine.encoder.identity.dimension, engine.settings.engine
    remote = None if engine.milvus is None else MilvusIndexes(engine.milvus, dimension)
    return SnapshotReader(folder, engine.index_facts, dimension=dimension, engine=name, remote=remote)
