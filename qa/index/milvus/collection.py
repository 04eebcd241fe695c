"""One collection of a Milvus server: its fields, and reading and writing its rows.

It has two partitions. In one, a row is a passage: its vector, its words, and what filters ask of its article. In the other, a
row is a part of an article's copy, which holds the text, the sentences and all else that an answer needs; the copy of article
0 is what is known of the whole index. Copies have no vector and no words, and searches do not look there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from qa.base.errors import EngineError
from qa.base.fail_points import SendingPoint, pass_point
from qa.index.milvus.server import (
    CollectionNotLoaded,
    CollectionSchema,
    DataType,
    Function,
    FunctionType,
    MilvusClient,
    MilvusPlace,
    MilvusServer,
    Outcome,
)

PASSAGES, COPIES = "passages", "copies"
Row = Mapping[str, Any]

MOST_HITS = 16_384  # that Milvus gives for one search or query
_K1, _B = 1.2, 0.75  # of BM25, as in postings.py
_FORMAT = "1"  # of the rows; raised when they are made otherwise
_NO_WORD = "copy"  # which no question has: each of its words begins with the letters of a field
_MARK = "index"  # the key of the copy that says whose the collection is
NO_ARTICLE: Row = {"article_id": "", "given_id": "", "sources": [], "language": "", "declared": "", "day": 0}
_NAMED_AT_ONCE = 1_000  # values in one expression
_PAGE = 5_000  # rows of one answer, where all are asked for
_SENT_AT_ONCE = 500  # rows; some 3 MB, and a message may have 64
_PART = 60_000  # characters of a part; a field holds 65,535 bytes


class MilvusCollection:
    """The collection of one index. `index_id` is the index that it must belong to; None takes that of any."""

    def __init__(self, place: MilvusPlace, *, index_id: str | None = None) -> None:
        self._server = MilvusServer(place)
        self.place = place
        self.index_id = index_id
        self._name = place.collection
        self._consistency = place.consistency.capitalize()

    def __str__(self) -> str:
        return f"collection {self._name!r} of {self.place}"

    def close(self) -> None:
        self._server.close()

    def _call(self, work: Callable[[MilvusClient, float], Outcome]) -> Outcome:
        """As the server does it; the collection is loaded first where it must be."""
        try:
            return self._server.call(work)
        except CollectionNotLoaded:
            self._server.call(lambda client, timeout: client.load_collection(self._name, timeout=timeout))
            return self._server.call(work)

    # The collection

    def exists(self) -> bool:
        return self._call(lambda client, timeout: bool(client.has_collection(self._name, timeout=timeout)))

    def owner(self) -> tuple[str, int]:
        """(the id of the index that it belongs to, the dimension of its vectors); EngineError where qa did not make it."""
        fields = self._call(lambda client, timeout: client.describe_collection(self._name, timeout=timeout))["fields"]
        if not {"key", "words", "body"} <= {field["name"] for field in fields}:
            raise EngineError(f"The {self} was not made by qa. Choose another name by the setting collection.")
        (mark,) = self.query(f"key == {literal(_MARK)}", ["article_id", "given_id"], partition=COPIES) or [{}]
        if mark.get("given_id") != _FORMAT:
            raise EngineError(
                f"The {self} has format {mark.get('given_id', 'none')}, this qa has {_FORMAT}. Use one version of qa "
                "on all machines."
            )
        dimension = next(field["params"]["dim"] for field in fields if field["name"] == "vector")
        return str(mark["article_id"]), int(dimension)

    def check(self, dimension: int) -> None:
        """Refuse a collection that is not there, belongs to another index, or has vectors of another dimension.

        Raises:
            EngineError: as said.
        """
        if not self.exists():
            raise EngineError(f"The {self} is not there. `qa rebuild` on the machine with the index folder makes it.")
        index_id, its_dimension = self.owner()
        if self.index_id is not None and index_id != self.index_id:
            raise EngineError(
                f"The {self} belongs to another index, {index_id}; this one is {self.index_id}. Choose another name by the "
                "setting collection."
            )
        if its_dimension != dimension:
            raise EngineError(
                f"The {self} has vectors of {its_dimension} dimensions, the encoder makes {dimension}. Set the encoder that the "
                "index was made with, or run `qa rebuild`."
            )

    def create(self, dimension: int) -> None:
        """Make the empty collection of the index."""
        self._call(lambda client, timeout: self._create(client, dimension, timeout))

    def _create(self, client: MilvusClient, dimension: int, timeout: float) -> None:
        client.create_collection(self._name, schema=_schema(dimension), timeout=timeout, consistency_level=self._consistency)
        for partition in (PASSAGES, COPIES):
            client.create_partition(self._name, partition, timeout=timeout)
        indexes = client.prepare_index_params()
        indexes.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
        bm25 = {"params": {"bm25_k1": _K1, "bm25_b": _B}}  # nested: pymilvus takes one layer away, and Milvus Lite reads this key
        indexes.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=bm25)
        for field in ("row", "article", "article_id", "given_id"):
            indexes.add_index(field, index_type="INVERTED")
        client.create_index(self._name, indexes, timeout=timeout, sync=False)  # nothing is there to wait for
        client.load_collection(self._name, timeout=timeout)
        mark = copy_row(_MARK, dimension) | {"article_id": self.index_id, "given_id": _FORMAT}
        client.upsert(self._name, [mark], partition_name=COPIES, timeout=timeout)

    def drop(self) -> None:
        self._call(lambda client, timeout: client.drop_collection(self._name, timeout=timeout))

    # Rows

    def write(self, partition: str, rows: Iterable[Row]) -> None:
        """Insert rows, or replace those of the same key."""
        remaining = iter(rows)
        while some := [dict(row) for row in islice(remaining, _SENT_AT_ONCE)]:
            self._call(
                lambda client, timeout, some=some: client.upsert(  # type: ignore[misc]
                    self._name, some, partition_name=partition, timeout=timeout
                )
            )

    def replace_text(self, rows: Sequence[Row]) -> None:
        """Write the rows of a long text one by one, the first part, which says how many there are, last."""
        for row in reversed(rows):
            self.write(COPIES, [row])

    def delete_articles(self, article_rows: Sequence[int]) -> None:
        """Delete the passages of these articles, then their copies."""
        self._delete(PASSAGES, "article", article_rows)
        pass_point(SendingPoint.PASSAGES_DELETED)
        self._delete(COPIES, "article", article_rows)

    def delete_keys(self, partition: str, keys: Sequence[str]) -> None:
        self._delete(partition, "key", keys)

    def _delete(self, partition: str, field: str, values: Sequence[int] | Sequence[str]) -> None:
        for expression in naming(field, values):
            self._call(
                lambda client, timeout, expression=expression: client.delete(  # type: ignore[misc]
                    self._name, filter=expression, partition_name=partition, timeout=timeout
                )
            )

    def search(self, field: str, asked: object, metric: str, *, k: int, expression: str) -> list[tuple[int, float]]:
        """(row, score as the server has it) of the best k passages, the best first."""
        found = self._call(
            lambda client, timeout: client.search(
                self._name,
                data=[asked],
                anns_field=field,
                limit=k,
                filter=expression,
                output_fields=["row"],
                search_params={"metric_type": metric},
                partition_names=[PASSAGES],
                consistency_level=self._consistency,
                timeout=timeout,
            )
        )
        return [(int(hit["entity"]["row"]), float(hit["distance"])) for hit in found[0]]

    def query(
        self, expression: str, fields: Sequence[str], *, partition: str = PASSAGES, most: int = MOST_HITS
    ) -> list[dict[str, Any]]:
        """These fields of the first `most` rows that match, in no order."""
        rows = self._call(
            lambda client, timeout: client.query(
                self._name,
                filter=expression,
                output_fields=list(fields),
                limit=most,
                partition_names=[partition],
                consistency_level=self._consistency,
                timeout=timeout,
            )
        )
        return [dict(row) for row in rows]

    def query_naming(
        self, field: str, values: Sequence[int | str], fields: Sequence[str], *, partition: str = PASSAGES
    ) -> Iterator[dict[str, Any]]:
        """These fields of the rows in which the field is one of the values."""
        for expression in naming(field, values):
            yield from self.query(expression, fields, partition=partition)

    def count(self, expression: str, *, partition: str = PASSAGES) -> int:
        """How many rows match."""
        (row,) = self._call(
            lambda client, timeout: client.query(
                self._name,
                filter=expression,
                output_fields=["count(*)"],
                partition_names=[partition],
                consistency_level=self._consistency,
                timeout=timeout,
            )
        )
        return int(row["count(*)"])

    def all_rows(self, fields: Sequence[str], *, partition: str) -> list[dict[str, Any]]:
        """These fields of every row, however many there are, in no order."""
        return self._call(lambda client, timeout: list(self._pages(client, timeout, fields, partition)))

    def _pages(self, client: MilvusClient, timeout: float, fields: Sequence[str], partition: str) -> Iterator[dict[str, Any]]:
        pages = client.query_iterator(
            self._name,
            batch_size=_PAGE,
            output_fields=list(fields),
            partition_names=[partition],
            consistency_level=self._consistency,
            timeout=timeout,
        )
        try:
            while rows := pages.next():
                yield from (dict(row) for row in rows)
        finally:
            pages.close()


def naming(field: str, values: Sequence[int | str]) -> Iterator[str]:
    """Expressions that together match the rows in which the field is one of the values."""
    for start in range(0, len(values), _NAMED_AT_ONCE):
        yield f"{field} in [{', '.join(literal(value) for value in values[start : start + _NAMED_AT_ONCE])}]"


def literal(value: int | str) -> str:
    """A value in an expression."""
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def copy_row(key: str, dimension: int) -> dict[str, Any]:
    """A row among the copies, without what it is to hold."""
    numbers = dict.fromkeys(("row", "article", "part", "parts", "cluster"), 0)
    return {"key": key, "vector": [0.0] * dimension, "words": _NO_WORD, "sentences": [], "body": "", **numbers, **NO_ARTICLE}


def in_parts(key: str, body: str, dimension: int, fields: dict[str, Any]) -> list[Row]:
    """The rows of a long text, in order: each part with these fields, its number, and how many parts there are."""
    texts = [body[start : start + _PART] for start in range(0, max(1, len(body)), _PART)]
    return [
        copy_row(f"{key}:{number}", dimension) | fields | {"part": number, "parts": len(texts), "body": text}
        for number, text in enumerate(texts)
    ]


def joined(rows: Iterable[Row], *, of: str | None = None) -> str | None:
    """The text of rows that `in_parts` made; None where a part is not there, or has another value of the field `of`."""
    by_part = {row["part"]: row for row in rows}
    if 0 not in by_part:
        return None
    first = by_part[0]
    texts = [
        by_part[part]["body"]
        for part in range(first["parts"])
        if part in by_part and (of is None or by_part[part][of] == first[of])
    ]
    return "".join(texts) if len(texts) == first["parts"] else None


def _schema(dimension: int) -> CollectionSchema:
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, max_length=128, is_primary=True)  # a passage's id; of a copy, its article and part
    for name in ("row", "article", "part", "parts", "day", "cluster"):
        schema.add_field(name, DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field(
        "words",
        DataType.VARCHAR,
        max_length=65_535,
        enable_analyzer=True,
        enable_match=True,
        analyzer_params={"type": "standard"},
    )
    schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field("sentences", DataType.ARRAY, element_type=DataType.INT64, max_capacity=4_096)  # the keys of their words
    schema.add_field("sources", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=256, max_length=4_096)
    schema.add_field("language", DataType.VARCHAR, max_length=16)
    for name in ("declared", "article_id", "given_id"):
        schema.add_field(name, DataType.VARCHAR, max_length=8_192)
    schema.add_field("body", DataType.VARCHAR, max_length=65_535)
    schema.add_function(
        Function(name="bm25", function_type=FunctionType.BM25, input_field_names=["words"], output_field_names=["bm25"])
    )
    return schema
