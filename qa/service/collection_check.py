"""A store and its collection in Milvus → where they differ, each as one sentence for `qa verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qa.base.in_words import counted
from qa.index.store import Store
from qa.service.uploading import held_in, is_announced, strange_keys

if TYPE_CHECKING:
    from qa.index.milvus.collection import MilvusCollection

_COMPARED = 32  # articles of which the copies and vectors are read
_MEND = "`qa rebuild` sends all of them again."


def collection_problems(store: Store, collection: MilvusCollection) -> Iterator[str]:
    """The problems of a collection, in a read transaction of its store."""
    waiting = len(store.pending.articles())
    if waiting:
        yield f"{counted(waiting, 'changed article')} not sent to the {collection} yet. The next change sends what waits."
    elif not is_announced(store, collection):
        yield f"the statistics of the {collection} are not those of this store. The next change writes them."
    held = held_in(collection)
    strangers = strange_keys(store, held)
    if strangers:
        yield f"the {collection} holds {counted(len(strangers), 'row')} that the store does not, {strangers[0][1]} first. {_MEND}"
    known, live = store.passage_keys(), set(store.live_rows())
    lacking = sorted(known.keys() - {row["row"] for row in held.passages})
    if lacking:
        yield f"the {collection} lacks {len(lacking):,} of {len(known):,} passages, row {lacking[0]} first. {_MEND}"
    copied = {row["article"] for row in held.copies}
    without = sorted(live - copied)
    if without:
        yield f"the {collection} lacks the copies of {counted(len(without), 'article')}, row {without[0]} first. {_MEND}"
    yield from _changed(store, collection, _spread(sorted(live & copied)))


def _spread(rows: Sequence[int]) -> list[int]:
    """At most so many of the rows as are compared, evenly spread."""
    return list(rows[:: max(1, -(-len(rows) // _COMPARED))])


def _changed(store: Store, collection: MilvusCollection, articles: Sequence[int]) -> Iterator[str]:
    """Articles whose copy or vectors in the collection are not what the store has."""
    from qa.index.milvus.copies import read_copies

    copies = read_copies(collection, articles)
    for article in articles:
        if copies.get(article) != store.copies.of(article):
            yield f"the copy of the article of row {article} in the {collection} is not that of the store. {_MEND}"
    vectors = {row: vector for article in articles for row, vector in store.article_vectors(article)}
    for row in collection.query_naming("row", list(vectors), ["row", "vector"]):
        if not np.allclose(np.array(row["vector"], np.float32), vectors[row["row"]], atol=1e-3):
            yield f"the vector of row {row['row']} in the {collection} is not that of the store. {_MEND}"
