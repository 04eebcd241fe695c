"""Snapshots of an index: kept while others read and write, restored as a whole, refused when damaged."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import harbour
import pytest
from word_encoder import WordEncoder

from qa.base.errors import CopyUnusable, IndexBusy, IndexDamaged, IndexNotFound, SnapshotNameError, SnapshotNotFound, StoreError
from qa.index.edition import open_edition
from qa.index.layout import EDITIONS_FOLDER, SNAPSHOT_FILE, SNAPSHOTS_FOLDER, STATE_FILE, STORE_FILE, VECTORS_FILE
from qa.index.snapshot import SnapshotReader
from qa.index.store import Store
from qa.service.generations import Generations
from qa.service.publish import REMOVED_KEPT


@pytest.fixture
def kept(folder: Path) -> Generations:
    return Generations(folder, lock_timeout_seconds=0.3)


@pytest.fixture
def reader(folder: Path) -> Iterator[SnapshotReader]:
    """One that was opened before anything was restored, as that of a running server."""
    with contextlib.closing(harbour.reader(folder)) as opened:
        yield opened


def found(reader: SnapshotReader) -> set[int]:
    """The numbers of the articles, which postings and vectors find too."""
    with reader.snapshot() as snapshot:
        ids = {row.article.id for row in snapshot.store.articles()}
        assert harbour.found(snapshot, "harbour") == ids
    return {int(id_.removeprefix("art-")) for id_ in ids}


def assert_whole(folder: Path) -> None:
    with contextlib.closing(Store.open(folder)) as store:
        assert store.integrity_problems(indexes=True) == []
        assert (store.damaged_articles(), store.changed_rows(), store.cut_otherwise()) == ([], [], [])
        assert store.rows_hidden_by_mistake() == 0
        open_edition(folder, store.fact("edition") or "none")


def left_over(folder: Path) -> list[str]:
    """What an interrupted process would leave."""
    snapshots = [made.name for made in (folder / SNAPSHOTS_FOLDER).glob(".*")]
    return snapshots + [made.name for made in (folder / EDITIONS_FOLDER).iterdir() if ".new" in made.name]


def test_a_restored_index_answers_as_it_did_and_an_open_reader_follows(
    folder: Path, kept: Generations, reader: SnapshotReader
) -> None:
    kept.keep("spring")
    harbour.indexer(folder).add([*harbour.articles(6, 3), harbour.edition(2, 1)])
    assert found(reader) == {1, 2, 3, 4, 5, 6, 7, 8}
    restored = kept.restore("spring")
    assert found(reader) == {1, 2, 3, 4, 5}
    assert harbour.state_of(folder) == dict.fromkeys(range(1, 6), 0)
    with reader.snapshot() as snapshot:
        assert snapshot.generation == restored.generation == 3
    assert_whole(folder)
    assert left_over(folder) == []


def test_the_index_as_it_was_before_is_a_snapshot_too(folder: Path, kept: Generations, reader: SnapshotReader) -> None:
    kept.keep("spring")
    harbour.indexer(folder).add([*harbour.articles(6, 3), harbour.edition(2, 1)])
    before = kept.restore("spring").before
    assert {one.name for one in kept.all()} == {before.name, "spring"} and before.name.startswith("before-restore-")
    kept.restore(before.name)
    assert found(reader) == {1, 2, 3, 4, 5, 6, 7, 8}
    assert harbour.state_of(folder)[2] == 1
    assert_whole(folder)


def test_a_restored_index_takes_new_articles_under_rows_that_were_never_used(
    folder: Path, kept: Generations, reader: SnapshotReader
) -> None:
    kept.keep("spring")
    harbour.indexer(folder).add(harbour.articles(6, 3))
    with contextlib.closing(Store.open(folder)) as store:
        used = store.last_row()
    kept.restore("spring")
    harbour.indexer(folder).add([harbour.article(9)])
    with contextlib.closing(Store.open(folder)) as store:
        rows = [row for row, _, text in store.passage_texts() if "vessel9" in text]
    assert min(rows) > used
    assert found(reader) == {1, 2, 3, 4, 5, 9}
    assert_whole(folder)


@pytest.mark.parametrize("now", [True, False])
def test_articles_removed_since_stay_removed(folder: Path, kept: Generations, reader: SnapshotReader, now: bool) -> None:
    kept.keep("spring")
    harbour.indexer(folder).remove(["art-2", "art-4"], now=now, keep_snapshots=now)
    assert kept.restore("spring").removed_since == 2
    assert found(reader) == {1, 3, 5}
    with contextlib.closing(Store.open(folder)) as store:
        assert set(store.removed_times()) == (set() if now else {"art-2", "art-4"})
    if not now:
        harbour.indexer(folder).restore(["art-2"])
        assert found(reader) == {1, 2, 3, 5}


def test_an_article_that_was_removed_and_added_again_comes_back_as_it_was(folder: Path, kept: Generations) -> None:
    kept.keep("spring")
    harbour.indexer(folder).remove(["art-2"], now=True, keep_snapshots=True)
    harbour.indexer(folder).add([harbour.edition(2, 7)])
    assert kept.restore("spring").removed_since == 0
    assert harbour.state_of(folder) == dict.fromkeys(range(1, 6), 0)


def test_an_article_hidden_in_the_snapshot_and_brought_back_since_is_not_purged(
    folder: Path, kept: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexer = harbour.indexer(folder)
    indexer.remove(["art-2"])
    kept.keep("spring")
    indexer.restore(["art-2"])
    kept.restore("spring")
    monkeypatch.setattr("qa.service.publish.REMOVED_KEPT", 0 * REMOVED_KEPT)  # ten minutes later
    indexer.add([harbour.article(6)])
    assert set(harbour.state_of(folder)) == {1, 2, 3, 4, 5, 6}


def test_articles_deleted_at_once_are_deleted_in_snapshots_too_and_these_stay_whole(folder: Path, kept: Generations) -> None:
    for name in ("spring", "summer"):
        kept.keep(name)
    harbour.indexer(folder).remove(["art-2"], now=True)
    harbour.indexer(folder).remove(["art-3"], now=True, keep_snapshots=True)
    assert kept.restore("spring").removed_since == 1
    assert set(harbour.state_of(folder)) == {1, 4, 5}
    assert_whole(folder)
    with contextlib.closing(harbour.reader(folder / SNAPSHOTS_FOLDER / "summer")) as reader:
        assert found(reader) == {1, 3, 4, 5}


def test_a_snapshot_that_was_being_made_again_without_an_article_is_put_in_place(folder: Path, kept: Generations) -> None:
    kept.keep("spring")
    snapshots = folder / SNAPSHOTS_FOLDER
    (snapshots / "spring").rename(snapshots / ".purged-spring")  # killed between the two steps
    kept.keep("summer")
    assert {one.name for one in kept.all()} == {"spring", "summer"} and left_over(folder) == []


def test_what_was_answered_stays_and_is_no_part_of_a_snapshot(folder: Path, kept: Generations) -> None:
    harbour.indexer(folder).remove(["art-5"], now=True)
    (folder / "tokens.json").write_text("{}")
    kept.keep("spring")
    assert sorted(file.name for file in (folder / SNAPSHOTS_FOLDER / "spring").iterdir()) == [
        EDITIONS_FOLDER, SNAPSHOT_FILE, STORE_FILE,
    ]  # fmt: skip
    before = (folder / STATE_FILE).read_bytes()
    kept.restore("spring")
    assert (folder / STATE_FILE).read_bytes() == before


def test_the_files_of_an_edition_are_linked_and_not_copied(folder: Path, kept: Generations) -> None:
    kept.keep("spring")
    edition = next((folder / EDITIONS_FOLDER).iterdir())
    assert (edition / VECTORS_FILE).samefile(folder / SNAPSHOTS_FOLDER / "spring" / EDITIONS_FOLDER / edition.name / VECTORS_FILE)


def test_where_the_disk_has_no_hard_links_they_are_copied(
    folder: Path, kept: Generations, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    kept.keep("spring")
    harbour.indexer(folder).add(harbour.articles(6, 3))
    kept.restore("spring")
    assert found(reader) == {1, 2, 3, 4, 5}


def test_a_snapshot_can_be_asked_itself(folder: Path, kept: Generations) -> None:
    kept.keep("spring")
    harbour.indexer(folder).add(harbour.articles(6, 3))
    with contextlib.closing(harbour.reader(folder / SNAPSHOTS_FOLDER / "spring")) as reader:
        assert found(reader) == {1, 2, 3, 4, 5}
    kept.restore("spring")


def test_a_snapshot_is_kept_while_another_process_writes(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    kept = Generations(folder, lock_timeout_seconds=20)
    writer = start("live", folder, 3)
    assert writer.stdout is not None and writer.stdout.readline()
    for number in range(3):
        kept.keep(f"number-{number}")
    assert writer.poll() is None
    writer.kill()
    for number in range(3):
        kept.restore(f"number-{number}")
        assert_whole(folder)


def test_a_snapshot_needs_no_lock_and_restoring_waits_for_the_writer(
    folder: Path, kept: Generations, start: Callable[..., subprocess.Popen[str]]
) -> None:
    holder = start("hold", folder)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    kept.keep("spring")
    with pytest.raises(IndexBusy, match=rf"by process {holder.pid}"):
        kept.restore("spring")
    assert [one.name for one in kept.all()] == ["spring"]


def test_two_restores_at_once_are_done_one_after_the_other(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    kept = Generations(folder, lock_timeout_seconds=20)
    for name in ("one", "two"):
        kept.keep(name)
        harbour.indexer(folder).add([harbour.article(6 if name == "one" else 7)])
    both = [start("restore", folder, name) for name in ("one", "two")]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, out + err
    assert set(harbour.state_of(folder)) in ({1, 2, 3, 4, 5}, {1, 2, 3, 4, 5, 6})
    assert len(kept.all()) == 4
    assert_whole(folder)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "a.b", "ü", "a b", "x" * 65, "a\n"])
def test_a_name_that_is_no_plain_word_is_refused(kept: Generations, folder: Path, name: str) -> None:
    with pytest.raises(SnapshotNameError, match="expected 1 to 64 letters"):
        kept.keep(name)
    for attempt in (kept.restore, kept.remove):
        with pytest.raises(SnapshotNotFound):
            attempt(name)
    assert not (folder / SNAPSHOTS_FOLDER).exists()


def test_a_name_that_is_taken_is_refused(kept: Generations) -> None:
    kept.keep("spring")
    with pytest.raises(SnapshotNameError, match="There is a snapshot 'spring' already"):
        kept.keep("spring")


def test_snapshots_without_a_name_are_named_by_the_time(kept: Generations) -> None:
    names = [kept.keep().name for _ in range(3)]
    assert len(set(names)) == 3
    assert [one.name for one in kept.all()] == sorted(names, reverse=True)


def test_a_removed_snapshot_is_gone(kept: Generations, folder: Path) -> None:
    kept.keep("spring")
    kept.remove("spring")
    assert kept.all() == [] and list((folder / SNAPSHOTS_FOLDER).iterdir()) == []
    with pytest.raises(SnapshotNotFound, match="qa snapshots"):
        kept.restore("spring")


def test_without_an_index_nothing_is_made(tmp_path: Path) -> None:
    kept = Generations(tmp_path / "none", lock_timeout_seconds=1)
    for attempt in (kept.keep, kept.all, lambda: kept.restore("x"), lambda: kept.remove("x")):
        with pytest.raises(IndexNotFound):
            attempt()
    assert list(tmp_path.iterdir()) == []


def _overwrite(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.unlink()  # the index may have a link to it
    file.write_bytes(data)


def _replace_in_record(folder: Path, **fields: object) -> None:
    record = json.loads((folder / SNAPSHOT_FILE).read_text())
    (folder / SNAPSHOT_FILE).write_text(json.dumps(record | fields))


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda folder: _overwrite(folder / STORE_FILE), r"store\.sqlite does not match its digest"),
        (lambda folder: os.truncate(folder / STORE_FILE, 5_000), r"store\.sqlite does not match its digest"),
        (lambda folder: (folder / STORE_FILE).unlink(), "No such file"),
        (lambda folder: _overwrite(next(folder.rglob(VECTORS_FILE))), "a file of its edition"),
        (lambda folder: _overwrite(next(folder.rglob("manifest.json"))), r"manifest\.json does not match its digest"),
        (lambda folder: (folder / SNAPSHOT_FILE).write_text("{"), r"snapshot\.json cannot be read"),
        (lambda folder: (folder / SNAPSHOT_FILE).unlink(), r"snapshot\.json cannot be read"),
        (lambda folder: _replace_in_record(folder, digests={}), "does not name its files"),
        (lambda folder: _replace_in_record(folder, edition="../../.."), "does not name its files"),
        (lambda folder: _replace_in_record(folder, digests=7), r"snapshot\.json cannot be read"),
        (lambda folder: _replace_in_record(folder, store_version=99), "made by a newer qa"),
        (lambda folder: _replace_in_record(folder, layout=2), "made by a newer qa"),
        (lambda folder: _replace_in_record(folder, format="2"), "has format 2, this qa has 3"),
    ],
)
def test_a_snapshot_that_is_damaged_or_of_another_qa_leaves_the_index_as_it_was(
    folder: Path, kept: Generations, reader: SnapshotReader, harm: Callable[[Path], object], why: str
) -> None:
    kept.keep("spring")
    harbour.indexer(folder).add([harbour.article(6)])
    harm(folder / SNAPSHOTS_FOLDER / "spring")
    with pytest.raises(CopyUnusable, match=f"{why}.*The index is unchanged"):
        kept.restore("spring")
    assert found(reader) == {1, 2, 3, 4, 5, 6}
    assert [one.name for one in kept.all()] == ["spring"]
    kept.remove("spring")


def test_a_snapshot_of_an_earlier_store_is_brought_up_to_date(folder: Path, kept: Generations, reader: SnapshotReader) -> None:
    kept.keep("spring")
    snapshot = folder / SNAPSHOTS_FOLDER / "spring"
    with contextlib.closing(sqlite3.connect(snapshot / STORE_FILE)) as older:
        older.executescript("DROP TABLE row_digests; PRAGMA user_version = 10")
    _replace_in_record(snapshot, store_version=10, digests=_digests_of(snapshot))
    harbour.indexer(folder).add([harbour.article(6)])
    kept.restore("spring")
    assert found(reader) == {1, 2, 3, 4, 5}
    assert_whole(folder)


def _digests_of(snapshot: Path) -> dict[str, str]:
    from qa.base.checkpoints import file_digest

    names = json.loads((snapshot / SNAPSHOT_FILE).read_text())["digests"]
    return {name: file_digest(snapshot / name) for name in names}


def test_an_index_that_is_damaged_is_no_snapshot(folder: Path, kept: Generations) -> None:
    next((folder / EDITIONS_FOLDER).rglob("manifest.json")).unlink()
    with pytest.raises(IndexDamaged, match="qa rebuild"):
        kept.keep("spring")
    assert kept.all() == [] and left_over(folder) == []
    harbour.indexer(folder).rebuild()
    kept.keep("spring")


@pytest.mark.parametrize("largest_file", [1_000, 100_000])
@pytest.mark.parametrize("command", ["snapshot", "restore"])
def test_a_disk_that_fills_up_leaves_the_index_and_its_snapshots_as_they_were(
    folder: Path, kept: Generations, run: Callable[..., str], command: str, largest_file: int
) -> None:
    kept.keep("spring")
    harbour.indexer(folder).add(harbour.articles(6, 2))
    said = run(command, folder, "summer" if command == "snapshot" else "spring", fails=True, LARGEST_FILE=str(largest_file))
    assert said.startswith("StorageError:") and "Free some" in said and "the index is unchanged" in said
    assert [one.name for one in kept.all() if one.name == "summer"] == []
    assert left_over(folder) == []
    with contextlib.closing(harbour.reader(folder)) as reader:
        assert found(reader) == set(range(1, 8))
    kept.restore("spring")
    assert_whole(folder)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("operation", ["snapshot", "restore", "switch"])
def test_an_operation_that_is_killed_is_done_or_undone_as_a_whole(folder: Path, kept: Generations, operation: str) -> None:
    """Once here; `KILLS=50 python -m pytest tests/faults -k as_a_whole` does each of them fifty times."""
    kept.keep("spring")
    harbour.indexer(folder).add(harbour.articles(6, 3))
    harbour.beside(folder, "other words").make()
    kills, seed = os.environ.get("KILLS", "1"), os.environ.get("KILLS_SEED", "1")
    program = [sys.executable, harbour.__file__.replace("harbour", "killed"), str(folder), operation, seed, kills]
    done = subprocess.run(program, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    undone, after, lost = map(int, done.stdout.split())
    assert (undone + after, lost) == (int(kills), 0)


def test_a_restored_encoder_is_that_of_the_snapshot(folder: Path, kept: Generations) -> None:
    kept.keep("spring")
    harbour.indexer(folder, WordEncoder("other words")).rebuild()
    assert [(one.holds.encoder, one.holds.generation) for one in kept.all() if one.holds] == [("words", 1)]
    kept.restore("spring")
    with contextlib.closing(harbour.reader(folder)) as reader:
        assert found(reader) == {1, 2, 3, 4, 5}
    with pytest.raises(StoreError), contextlib.closing(harbour.reader(folder, WordEncoder("other words"))) as reader:
        found(reader)
