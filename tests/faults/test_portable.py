"""An index as one file: exported, imported, refused when it is not whole."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import harbour
import pytest
from word_encoder import WordEncoder

from qa.base.checkpoints import file_digest
from qa.base.errors import CopyUnusable, IndexDamaged, StorageError
from qa.index.layout import EDITIONS_FOLDER, SNAPSHOT_FILE, SNAPSHOTS_FOLDER, STORE_FILE
from qa.index.store import Store
from qa.service.generations import Generations
from qa.service.portable import export_index, import_index


@pytest.fixture
def exported(folder: Path, tmp_path: Path) -> Path:
    """Ships 1, 2 and 4; 3 was removed a moment ago, and 5 deleted."""
    harbour.indexer(folder).remove(["art-3"])
    harbour.indexer(folder).remove(["art-5"], now=True)
    export_index(folder, tmp_path / "ships.qa")
    return tmp_path / "ships.qa"


@pytest.fixture
def other(tmp_path: Path) -> Generations:
    """Where there is no index yet."""
    return Generations(tmp_path / "other", lock_timeout_seconds=5)


def numbers(folder: Path) -> set[int]:
    """The articles that a question finds, which are all that are there, whole."""
    with contextlib.closing(Store.open(folder)) as store:
        assert store.integrity_problems(indexes=True) == []
        assert (store.damaged_articles(), store.changed_rows(), store.cut_otherwise()) == ([], [], [])
    with contextlib.closing(harbour.reader(folder)) as reader, reader.snapshot() as snapshot:
        ids = {row.article.id for row in snapshot.store.articles()}
        assert harbour.found(snapshot, "harbour") == ids
    return {int(id_.removeprefix("art-")) for id_ in ids}


def test_a_new_folder_gets_the_index_of_the_file_without_a_new_vector(
    folder: Path, exported: Path, other: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WordEncoder, "embed_passages", None)
    imported = import_index(other, exported)
    assert numbers(other.index) == {1, 2, 4}
    assert (imported.holds.articles, imported.before, imported.removed_since) == (3, None, 0)
    with contextlib.closing(Store.open(folder)) as old, contextlib.closing(Store.open(other.index)) as new:
        assert [row.article for row in old.articles()] == [row.article for row in new.articles()]
    assert list((other.index / SNAPSHOTS_FOLDER).iterdir()) == []


def test_the_imported_index_takes_articles(exported: Path, other: Generations) -> None:
    import_index(other, exported)
    harbour.indexer(other.index).add(harbour.articles(6, 2))
    assert numbers(other.index) == {1, 2, 4, 6, 7}


def test_no_word_of_a_removed_article_is_in_the_file(exported: Path) -> None:
    content = exported.read_bytes()
    assert b"vessel4" in content
    assert b"vessel3" not in content and b"vessel5" not in content
    assert exported.stat().st_mode & 0o777 == 0o600
    assert list(exported.parent.glob(f".{exported.name}*")) == []


def test_an_index_that_is_there_is_replaced_only_when_told_and_is_kept(exported: Path, other: Generations) -> None:
    harbour.indexer(other.index).add(harbour.articles(8, 2))
    with pytest.raises(IndexDamaged, match="give --replace"):
        import_index(other, exported)
    assert numbers(other.index) == {8, 9}
    before = import_index(other, exported, instead=True).before
    assert numbers(other.index) == {1, 2, 4}
    assert before is not None and before.name.startswith("before-import-")
    other.restore(before.name)
    assert numbers(other.index) == {8, 9}


def test_what_was_deleted_from_the_index_stays_deleted(folder: Path, exported: Path) -> None:
    harbour.indexer(folder).remove(["art-1"], now=True)
    assert import_index(Generations(folder, lock_timeout_seconds=5), exported, instead=True).removed_since == 1
    assert numbers(folder) == {2, 4}


def test_a_folder_of_other_files_is_left_alone(exported: Path, other: Generations) -> None:
    other.index.mkdir()
    (other.index / "letter.txt").write_text("Dear", "utf-8")
    with pytest.raises(IndexDamaged, match="is no index"):
        import_index(other, exported)
    assert [file.name for file in other.index.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("kept", [0, 1_500, -20_000])
def test_a_file_that_was_cut_off_is_refused(exported: Path, other: Generations, kept: int) -> None:
    os.truncate(exported, kept if kept >= 0 else exported.stat().st_size + kept)
    assert_refused(exported, other, "is no exported index, or was cut off")


def test_a_file_that_was_changed_is_refused(exported: Path, other: Generations) -> None:
    content = bytearray(exported.read_bytes())
    content[content.index(b"vessel4")] ^= 1
    exported.write_bytes(content)
    assert_refused(exported, other, r"is damaged: store\.sqlite does not match its digest")


def assert_refused(file: Path, other: Generations, why: str) -> None:
    """A new folder gets no index, and one that has an index keeps it."""
    for instead in (False, True):
        if instead:
            harbour.indexer(other.index).add([harbour.article(8)])
        with pytest.raises(CopyUnusable, match=f"{file.name} {why}.*The index is unchanged"):
            import_index(other, file, instead=instead)
        assert list((other.index / SNAPSHOTS_FOLDER).iterdir()) == []
    assert numbers(other.index) == {8}


def _changed(file: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Write the archive again with other members."""
    with tarfile.open(file) as archive:
        members = {name: archive.extractfile(name).read() for name in archive.getnames()}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(file, "w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def _with_record(members: dict[str, bytes], **fields: object) -> None:
    members[SNAPSHOT_FILE] = json.dumps(json.loads(members[SNAPSHOT_FILE]) | fields).encode()


def _with_trigger(members: dict[str, bytes], folder: Path) -> None:
    (folder / "store").write_bytes(members[STORE_FILE])
    with contextlib.closing(sqlite3.connect(folder / "store")) as store:
        store.executescript("CREATE TRIGGER spy AFTER INSERT ON articles BEGIN DELETE FROM facts; END")
    members[STORE_FILE] = (folder / "store").read_bytes()
    _with_record(members, digests={STORE_FILE: file_digest(folder / "store")})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda members, _: _with_record(members, layout=2), "was made by a newer qa"),
        (lambda members, _: _with_record(members, store_version=99), "was made by a newer qa"),
        (lambda members, _: _with_record(members, format="2"), "has format 2"),
        (lambda members, _: members.pop(STORE_FILE), "is no exported index, or was cut off"),
        (lambda members, _: members.pop(SNAPSHOT_FILE), "is no exported index, or was cut off"),
        (lambda members, _: members.update({SNAPSHOT_FILE: b" " * 2_000_000}), r"is no exported index: its snapshot\.json"),
        (_with_trigger, "is damaged: its store is not one that qa wrote"),
    ],
)
def test_a_file_that_qa_did_not_write_or_cannot_read_is_refused(
    exported: Path, other: Generations, tmp_path: Path, change: Callable[[dict[str, bytes], Path], object], why: str
) -> None:
    _changed(exported, lambda members: change(members, tmp_path))
    assert_refused(exported, other, why)


def test_a_missing_file_and_one_in_a_missing_folder_are_told(folder: Path, other: Generations, tmp_path: Path) -> None:
    with pytest.raises(CopyUnusable, match=r"none\.qa cannot be read: No such file"):
        import_index(other, tmp_path / "none.qa")
    with pytest.raises(StorageError, match="cannot be written"):
        export_index(folder, tmp_path / "none" / "ships.qa")


@pytest.mark.parametrize("largest_file", [1_000, 100_000])
def test_a_disk_that_fills_up_leaves_no_half_an_index_and_no_half_a_file(
    exported: Path, other: Generations, run: Callable[..., str], tmp_path: Path, largest_file: int
) -> None:
    said = run("import", other.index, exported, fails=True, LARGEST_FILE=str(largest_file))
    assert said.startswith("StorageError:") and "Free some" in said
    assert not (other.index / STORE_FILE).exists()
    import_index(other, exported)
    assert numbers(other.index) == {1, 2, 4}
    assert len(list((other.index / EDITIONS_FOLDER).iterdir())) <= 2
    said = run("export", other.index, tmp_path / "half.qa", fails=True, LARGEST_FILE=str(largest_file))
    assert said.startswith("StorageError:") and not (tmp_path / "half.qa").exists()
