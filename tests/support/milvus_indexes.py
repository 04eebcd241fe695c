"""Vectors and postings in a collection of Milvus that holds nothing else, for the tests of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qa.base.protocols import Rows, Vectors
from qa.index.milvus.collection import PASSAGES, MilvusCollection, copy_row
from qa.index.milvus.search import MilvusPostings, MilvusVectors, fields_by_size
from qa.index.milvus.server import MilvusClient
from qa.index.milvus.words import words_of
from qa.index.postings import field_of, terms_of_field


def vectors_in(collection: MilvusCollection, rows: Rows, vectors: Vectors) -> MilvusVectors:
    """An index of these vectors in an empty collection."""
    collection.write(
        PASSAGES,
        (
            copy_row(f"p{row}", vectors.shape[1]) | {"row": row, "vector": vector.tolist()}
            for row, vector in zip(rows.tolist(), vectors, strict=True)
        ),
    )
    return MilvusVectors(collection, count=len(rows))


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
