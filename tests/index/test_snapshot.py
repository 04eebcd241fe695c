"""What a reader sees, and when it looks again."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.errors import IndexDamaged, IndexNotFound
from qa.base.types import Article
from qa.index.snapshot import SnapshotReader
from qa.index.store import Store
from qa.service.build import Indexer


def test_a_snapshot_of_an_unchanged_index_opens_nothing_again(
    sample_index: Path, open_reader: Callable[..., SnapshotReader]
) -> None:
    reader = open_reader(sample_index)
    with reader.snapshot() as first:
        assert (first.generation, first.hidden) == (1, frozenset())
    with reader.snapshot() as second:
        assert first is second


def test_an_index_whose_articles_were_never_added_has_nothing_to_search(
    tmp_path: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    article: Callable[..., Article],
) -> None:
    indexer = make_indexer(tmp_path / "index")
    with indexer._writer(create=True):
        pass  # killed before the first batch was stored
    reader = open_reader(tmp_path / "index")
    with reader.snapshot() as snapshot:
        assert (snapshot.generation, snapshot.vectors.count, snapshot.postings.count, snapshot.edition) == (0, 0, 0, None)
    indexer.add([article("a", "One ship left.")])
    with reader.snapshot() as snapshot:
        assert snapshot.vectors.count == 1


def test_the_vectors_file_is_read_again_only_when_it_changed(
    sample_copy: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    article: Callable[..., Article],
) -> None:
    reader = open_reader(sample_copy)
    with reader.snapshot():
        before = reader._base
    make_indexer(sample_copy).add([article("a", "One ship left.")])
    with reader.snapshot() as snapshot:
        assert reader._base is before
        assert snapshot.vectors.count == before.count + 1


def test_of_the_rows_beside_the_vectors_file_only_new_ones_are_read(
    sample_copy: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    article: Callable[..., Article],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader, indexer, read = open_reader(sample_copy), make_indexer(sample_copy), []
    with reader.snapshot() as snapshot:
        first = snapshot.store.last_row()
    above = Store.vectors_above
    monkeypatch.setattr(Store, "vectors_above", lambda store, row, dimension: read.append(row) or above(store, row, dimension))
    for number in range(2):
        indexer.add([article(f"a{number}", f"Ship number {number} left.")])
        with reader.snapshot() as snapshot:
            assert snapshot.vectors.count == first + number + 1
    assert read == [first, first + 1]


def test_an_edition_swept_away_before_it_was_opened_is_looked_for_anew(
    sample_copy: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    article: Callable[..., Article],
) -> None:
    reader = open_reader(sample_copy)
    indexer = make_indexer(sample_copy)
    with reader._store.reading():
        assert reader._store.generation == 1
        for number in range(3):
            indexer.add([article(f"a{number}", f"Ship number {number} left.")])
        assert reader._superseded()
    with reader.snapshot() as snapshot:
        assert snapshot.generation == 4


def test_threads_take_turns_and_all_see_the_newest_state(
    sample_index: Path, open_reader: Callable[..., SnapshotReader], searched: Callable[..., tuple]
) -> None:
    reader = open_reader(sample_index)
    found: list[str] = []

    def ask() -> None:
        for _ in range(5):
            with reader.snapshot() as snapshot:
                found.append(searched(snapshot, "How much did the ferry terminal cost?")[-1].hits[0].passage_id)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1


def test_an_index_that_was_deleted_is_missing_and_one_put_in_its_place_answers(
    sample_copy: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    article: Callable[..., Article],
    tmp_path: Path,
) -> None:
    make_indexer(tmp_path / "other").add([article("a", "One ship left.")])
    reader = open_reader(sample_copy)
    with reader.snapshot() as snapshot:
        assert snapshot.store.counts().articles == 44
    shutil.rmtree(sample_copy)
    with pytest.raises(IndexNotFound), reader.snapshot():
        pass
    (tmp_path / "other").rename(sample_copy)
    with reader.snapshot() as snapshot:
        assert snapshot.store.counts().articles == 1
        assert snapshot.vectors.count == 1


def test_a_store_damaged_in_place_is_reported_and_read_again_once_it_is_mended(
    sample_copy: Path, open_reader: Callable[..., SnapshotReader]
) -> None:
    reader = open_reader(sample_copy)
    with reader.snapshot():
        pass
    file = sample_copy / "store.sqlite"
    whole = file.read_bytes()
    file.write_bytes(b"no database " * (len(whole) // 12 + 1))
    with pytest.raises(IndexDamaged), reader.snapshot() as snapshot:
        snapshot.store.counts()
    file.write_bytes(whole)
    with reader.snapshot() as snapshot:
        assert snapshot.store.counts().articles == 44
