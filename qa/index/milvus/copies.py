"""The copies of articles in a collection, put together from their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from qa.index.milvus.collection import COPIES, MilvusCollection, Row, joined

_FIELDS = ("article", "part", "parts", "body")


def read_copies(collection: MilvusCollection, articles: Sequence[int]) -> dict[int, str]:
    """Article row → its copy; without those that are not there, or not whole."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in collection.query_naming("article", articles, _FIELDS, partition=COPIES):
        found[row["article"]].append(row)
    copies = {article: joined(rows) for article, rows in found.items()}
    return {article: copy for article, copy in copies.items() if copy is not None}
