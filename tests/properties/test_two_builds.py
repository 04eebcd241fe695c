"""The same articles make the same index, however they came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from qa.base.types import Article
from qa.index.snapshot import SnapshotReader
from qa.index.store import Store
from qa.service.build import Indexer


def _contents(store: Store) -> dict[str, tuple[object, ...]]:
    return {
        stored.article.id: (
            stored.article,
            stored.embedded_title,
            store.sentences(stored.row),
            [(candidate.passage, candidate.text) for candidate in store.article_passages(stored)],
        )
        for stored in store.articles()
    }


def _vectors(store: Store) -> dict[str, np.ndarray]:
    rows, vectors = store.vectors_above(0, 384)
    names = store.passage_ids(rows.tolist())
    return {names[row]: vector for row, vector in zip(rows.tolist(), vectors, strict=True)}


def test_two_builds_are_equal_in_ids_offsets_and_text_and_nearly_in_vectors(
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    sample_index: Path,
    sample_articles: list[Article],
    tmp_path: Path,
) -> None:
    indexer = make_indexer(tmp_path / "again")
    backwards = sample_articles[::-1]
    indexer.add(backwards[:5])  # in another order and other batches
    indexer.add(backwards[5:])
    one, other = open_reader(sample_index)._store, open_reader(tmp_path / "again")._store
    assert _contents(one) == _contents(other)
    first, second = _vectors(one), _vectors(other)
    assert first.keys() == second.keys()
    for name, vector in first.items():
        assert float(vector @ second[name]) / float(np.linalg.norm(vector) * np.linalg.norm(second[name])) > 0.999


def test_two_builds_give_the_same_passages_for_the_same_question(
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    searched: Callable[..., tuple[object, ...]],
    sample_index: Path,
    sample_articles: list[Article],
    tmp_path: Path,
) -> None:
    make_indexer(tmp_path / "again").add(sample_articles)
    with open_reader(sample_index).snapshot() as one, open_reader(tmp_path / "again").snapshot() as other:
        for question in ("Who designed the terminal?", "How much sand must be moved?"):
            assert searched(one, question) == searched(other, question)
