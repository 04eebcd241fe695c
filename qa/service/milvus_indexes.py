"""A store and its collection in Milvus → the indexes by which the store's articles are searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.index.snapshot import Remote
from qa.index.store import Store
from qa.service.uploading import index_id_of, passages_by_field

if TYPE_CHECKING:
    from qa.index.milvus.collection import MilvusCollection
    from qa.index.milvus.reader import KnownFrequencies
    from qa.index.milvus.server import MilvusPlace


class MilvusIndexes:
    """Opens the indexes of one place for each generation of a store; the connection stays."""

    def __init__(self, place: MilvusPlace, dimension: int) -> None:
        self._place = place
        self._dimension = dimension
        self._collection: MilvusCollection | None = None
        self._frequencies: KnownFrequencies | None = None

    def close(self) -> None:
        collection, self._collection = self._collection, None
        if collection is not None:
            collection.close()

    def indexes(self, store: Store) -> Remote:
        """The indexes of a store.

        Raises:
            EngineError: there is no collection, or it is that of another index or encoder.
        """
        from qa.index.milvus.reader import KnownFrequencies, remote_indexes  # pymilvus comes with it

        collection = self._checked(index_id_of(store))
        if self._frequencies is None:
            self._frequencies = KnownFrequencies()
        return remote_indexes(collection, passages_by_field(store), self._frequencies.of(collection))

    def _checked(self, index_id: str | None) -> MilvusCollection:
        from qa.index.milvus.collection import MilvusCollection

        if self._collection is None or self._collection.index_id != index_id:
            collection = MilvusCollection(self._place, index_id=index_id)
            collection.check(self._dimension)
            self._collection = collection
        return self._collection
