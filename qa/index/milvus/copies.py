"""The copies of articles in a collection, put together from their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from qa.index.milvus.collection import COPIES, MilvusCollection

_FIELDS = ("article", "part", "parts", "body")


def read_copies(collection: MilvusCollection, articles: Sequence[int]) -> dict[int, str]:
    """Article row → its copy; without those that are not there, or not whole."""
    return _whole(collection.query_naming("article", articles, _FIELDS, partition=COPIES))


def _whole(rows: Iterable[dict[str, Any]]) -> dict[int, str]:
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        found[row["article"]][row["part"]] = row
    copies = {}
    for article, by_part in found.items():
        wanted = by_part[0]["parts"] if 0 in by_part else -1
        texts = [by_part[part]["body"] for part in range(wanted) if part in by_part]
        if len(texts) == wanted:
            copies[article] = "".join(texts)
    return copies
