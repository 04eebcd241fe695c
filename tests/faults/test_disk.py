"""Folders that cannot be written, disks that are full, files that were damaged."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import harbour
import pytest
from word_encoder import WordEncoder

from qa.base.errors import IndexDamaged, IndexMismatch, IndexNotFound, StoreError
from qa.base.types import PassageRule
from qa.index.edition import open_edition
from qa.index.layout import EDITIONS_FOLDER, MANIFEST_FILE, POSTINGS_FOLDER, STORE_FILE, VECTORS_FILE
from qa.index.store import MIGRATIONS, Store

# root passes every permission check; these make it an ordinary user
WITHOUT_RIGHTS = "-dac_override,-dac_read_search"
PREFIX = ("setpriv", f"--bounding-set={WITHOUT_RIGHTS}", f"--inh-caps={WITHOUT_RIGHTS}") if os.geteuid() == 0 else ()


def _state(folder: Path) -> tuple[int, str, set[str]]:
    """Generation, edition and articles, after checking that all of it is whole and found."""
    with contextlib.closing(Store.open(folder)) as store:
        assert store.integrity_problems() == []
        edition = store.fact("edition") or ""
        open_edition(folder, edition)
        ids = {stored.article.id for stored in store.articles()}
        state = store.generation, edition, ids
    with contextlib.closing(harbour.reader(folder)) as reader, reader.snapshot() as snapshot:
        assert harbour.found(snapshot, "harbour") == ids
    return state


def _edition_folder(folder: Path) -> Path:
    with contextlib.closing(Store.open(folder)) as store:
        return folder / EDITIONS_FOLDER / (store.fact("edition") or "none")


# Folders that cannot be written


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_folder_that_cannot_be_written_is_searched(read_only: Path, run: Callable[..., str]) -> None:
    before = sorted(read_only.rglob("*"))
    assert run("find", read_only, "vessel3", prefix=PREFIX) == "1 art-3"
    assert sorted(read_only.rglob("*")) == before


def test_adding_to_a_folder_that_cannot_be_written_is_a_storage_error(read_only: Path, run: Callable[..., str]) -> None:
    said = run("add", read_only, 6, 1, 1, prefix=PREFIX, fails=True)
    assert said.startswith("StorageError:") and str(read_only) in said and "Asking and searching still work" in said
    assert run("find", read_only, "harbour", prefix=PREFIX) == "1 art-1 art-2 art-3 art-4 art-5"


def test_an_index_that_cannot_be_made_is_a_storage_error(tmp_path: Path, run: Callable[..., str]) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    said = run("add", tmp_path / "closed" / "index", 6, 1, 1, prefix=PREFIX, fails=True)
    assert said.startswith("StorageError:") and "cannot be created" in said


def test_a_folder_that_became_unwritable_with_its_log_beside_it_is_searched(folder: Path, run: Callable[..., str]) -> None:
    with contextlib.closing(harbour.reader(folder)) as reader, reader.snapshot():
        run("add", folder, 6, 1, 1)  # an open reader keeps the writer from folding the log in
        copied = Path(shutil.copytree(folder, folder.with_name("copy")))
    assert (copied / f"{STORE_FILE}-wal").exists()
    for path in [copied, *copied.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert run("find", copied, "vessel6", prefix=PREFIX) == "2 art-6"
    finally:
        for path in [copied, *copied.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


# Disks that are full


@pytest.mark.parametrize("largest_file", [100, 1_000, 5_000, 20_000, 50_000, 100_000])
def test_a_disk_that_fills_up_during_an_add_leaves_the_index_as_it_was(
    folder: Path, largest_file: int, run: Callable[..., str]
) -> None:
    before = _state(folder)
    said = run("add", folder, 6, 200, 200, fails=True, LARGEST_FILE=str(largest_file))
    assert said.startswith("StorageError:"), said
    assert _state(folder) == before
    run("add", folder, 6, 20, 64)
    generation, edition, ids = _state(folder)
    assert (generation, len(ids)) == (before[0] + 1, 25)
    assert {kept.name for kept in (folder / EDITIONS_FOLDER).iterdir()} <= {edition, before[1]}


@pytest.mark.parametrize("largest_file", [1_000, 5_000, 12_000])
def test_a_disk_that_fills_up_during_a_rebuild_leaves_the_index_as_it_was(
    folder: Path, largest_file: int, run: Callable[..., str]
) -> None:
    before = _state(folder)
    assert run("rebuild", folder, fails=True, LARGEST_FILE=str(largest_file)).startswith("StorageError:")
    assert _state(folder) == before
    run("rebuild", folder)
    assert _state(folder)[0] == before[0] + 1


def test_a_disk_without_room_for_a_first_index_leaves_nothing_that_stops_the_next_add(
    tmp_path: Path, run: Callable[..., str]
) -> None:
    folder = tmp_path / "index"
    assert run("add", folder, 1, 5, 64, fails=True, LARGEST_FILE="3000").startswith("StorageError:")
    run("add", folder, 1, 5, 64)
    assert _state(folder)[2] == {f"art-{number}" for number in range(1, 6)}


def test_an_index_on_a_disk_that_is_full_is_searched(folder: Path, run: Callable[..., str]) -> None:
    assert not list(folder.glob(f"{STORE_FILE}-*"))  # what SQLite would make for reading, if it could
    assert run("find", folder, "vessel3", LARGEST_FILE="0") == "1 art-3"


def test_a_reader_opened_on_a_full_disk_follows_what_is_written_once_there_is_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(os, "access", lambda *_: False)  # opened as where nobody can write
        reader = harbour.reader(folder)
    with contextlib.closing(reader):
        with reader.snapshot() as snapshot:
            assert harbour.found(snapshot, "vessel6") == set()
        harbour.indexer(folder).add([harbour.article(6)])
        with reader.snapshot() as snapshot:
            assert harbour.found(snapshot, "vessel6") == {"art-6"}


# Files that were damaged


def _flip_a_byte(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(data)


def _damaged_files(edition: Path) -> dict[str, Path]:
    largest = max((edition / POSTINGS_FOLDER).glob("*.idx"), key=lambda file: file.stat().st_size)
    return {
        "vectors": edition / VECTORS_FILE,
        "postings": largest,
        "postings' list of files": edition / POSTINGS_FOLDER / "meta.json",
        "manifest": edition / MANIFEST_FILE,
    }


@pytest.mark.parametrize("which", ["vectors", "postings", "postings' list of files", "manifest"])
@pytest.mark.parametrize("how", ["flipped", "cut short", "missing"])
def test_a_damaged_search_file_is_named_and_made_anew_by_rebuild(folder: Path, which: str, how: str) -> None:
    file = _damaged_files(_edition_folder(folder))[which]
    if how == "flipped":
        _flip_a_byte(file)
    elif how == "cut short":
        os.truncate(file, file.stat().st_size // 2)
    else:
        file.unlink()
    with (
        contextlib.closing(harbour.reader(folder)) as reader,
        pytest.raises(IndexDamaged, match=r"The articles are safe in the store: `qa rebuild`"),
        reader.snapshot(),
    ):
        pass
    encoder = WordEncoder()
    harbour.indexer(folder, encoder).rebuild()
    assert encoder.embedded == []
    assert _state(folder)[2] == {f"art-{number}" for number in range(1, 6)}


@pytest.mark.parametrize("which", ["vectors", "postings", "manifest"])
def test_an_add_to_an_index_with_a_damaged_search_file_rebuilds_it(
    folder: Path, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    _flip_a_byte(_damaged_files(_edition_folder(folder))[which])
    harbour.indexer(folder).add([harbour.article(6)])
    assert "It is rebuilt now" in caplog.text
    assert _state(folder)[2] == {f"art-{number}" for number in range(1, 7)}


def test_a_missing_edition_is_damage_and_not_an_empty_index(folder: Path) -> None:
    shutil.rmtree(folder / EDITIONS_FOLDER)
    with (
        contextlib.closing(harbour.reader(folder)) as reader,
        pytest.raises(IndexDamaged, match="is incomplete"),
        reader.snapshot(),
    ):
        pass
    harbour.indexer(folder).rebuild()
    assert len(_state(folder)[2]) == 5


@pytest.mark.parametrize("kept_bytes", [50, 99, 100, 512, 4_096, 20_000])
def test_a_store_cut_short_is_damage_for_readers_and_writers(folder: Path, kept_bytes: int) -> None:
    os.truncate(folder / STORE_FILE, kept_bytes)
    with (
        pytest.raises((IndexDamaged, IndexMismatch)),
        contextlib.closing(harbour.reader(folder)) as reader,
        reader.snapshot() as snapshot,
    ):
        harbour.found(snapshot, "harbour")
    with pytest.raises((IndexDamaged, IndexMismatch)):
        harbour.indexer(folder).add(harbour.articles(1, 8))
    with pytest.raises((IndexDamaged, IndexMismatch)):
        harbour.indexer(folder).remove(["art-1"])
    assert (folder / STORE_FILE).stat().st_size == kept_bytes


def test_a_store_of_no_bytes_is_started_anew_by_an_add(folder: Path) -> None:
    os.truncate(folder / STORE_FILE, 0)
    with pytest.raises(IndexDamaged):
        harbour.reader(folder)
    harbour.indexer(folder).add([harbour.article(7)])
    assert _state(folder)[2] == {"art-7"}


def test_a_page_of_the_store_that_was_overwritten_never_shows_as_a_library_error(folder: Path) -> None:
    whole = (folder / STORE_FILE).read_bytes()
    refused = 0
    for page in range(len(whole) // 4_096):
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / STORE_FILE).write_bytes(whole[: page * 4_096] + b"\xa5" * 4_096 + whole[(page + 1) * 4_096 :])
        for attempt in (
            lambda: harbour.indexer(folder).add([harbour.article(3, text="Another text."), harbour.article(9)]),
            lambda: harbour.indexer(folder).remove(["art-4"]),
            lambda: harbour.indexer(folder).rebuild(),
        ):
            try:
                attempt()
            except StoreError:
                refused += 1
    assert refused > 10


def test_a_store_of_rubbish_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"these are somebody's notes, no database\n" * 300)
    _assert_refused_and_untouched(tmp_path)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_foreign_database_stays_as_it_is(tmp_path: Path, journal: str) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STORE_FILE)) as foreign:
        foreign.execute(f"PRAGMA journal_mode = {journal}")
        foreign.execute("CREATE TABLE facts (name TEXT, value TEXT)")
        foreign.execute("INSERT INTO facts VALUES ('their', 'fact')")
        foreign.commit()
    _assert_refused_and_untouched(tmp_path)


def test_another_programs_database_without_tables_stays_as_it_is(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STORE_FILE)) as foreign:
        foreign.execute("PRAGMA application_id = 12345")
    _assert_refused_and_untouched(tmp_path)


def _assert_refused_and_untouched(folder: Path) -> None:
    before = (folder / STORE_FILE).read_bytes()
    for attempt in (
        lambda: harbour.indexer(folder).add([harbour.article(1)]),
        lambda: harbour.indexer(folder).remove(["art-1"]),
        lambda: harbour.indexer(folder).rebuild(),
        lambda: harbour.reader(folder),
    ):
        with pytest.raises(IndexDamaged, match="no qa store"):
            attempt()
    assert (folder / STORE_FILE).read_bytes() == before
    assert not (folder / EDITIONS_FOLDER).exists()


def test_a_folder_with_other_files_is_no_place_for_an_index(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", "utf-8")
    with pytest.raises(IndexDamaged, match=r"it holds 'letter\.txt' but no store\.sqlite"):
        harbour.indexer(tmp_path).add([harbour.article(1)])
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("attempt", [lambda folder: harbour.reader(folder), lambda folder: harbour.indexer(folder).rebuild()])
def test_a_folder_without_an_index_is_not_found_and_nothing_is_made(tmp_path: Path, attempt: Callable[[Path], object]) -> None:
    with pytest.raises(IndexNotFound, match="qa add"):
        attempt(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_was_never_finished_is_refused_by_readers_and_finished_by_an_add(folder: Path) -> None:
    half = folder.with_name("half")
    half.mkdir()
    with contextlib.closing(sqlite3.connect(half / STORE_FILE)) as made:  # killed before its tables were made
        made.execute("PRAGMA application_id = 0x71612D31")
    with pytest.raises(IndexMismatch):
        harbour.reader(half)
    harbour.indexer(half).add([harbour.article(1)])
    assert _state(half)[2] == {"art-1"}


def test_a_store_without_its_facts_is_refused_by_readers_and_finished_by_an_add(folder: Path) -> None:
    harbour.indexer(folder).remove([f"art-{number}" for number in range(1, 6)], now=True)
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as made:  # killed before its facts were set
        made.execute("DELETE FROM facts")
        made.commit()
    with (
        contextlib.closing(harbour.reader(folder)) as reader,
        pytest.raises(IndexDamaged, match="was never finished"),
        reader.snapshot(),
    ):
        pass
    harbour.indexer(folder).add([harbour.article(1)])
    assert _state(folder)[2] == {"art-1"}


def test_a_store_of_a_later_qa_is_refused(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as made:
        made.execute("PRAGMA user_version = 99")
    for attempt in (lambda: harbour.reader(folder), lambda: harbour.indexer(folder).add([harbour.article(9)])):
        with pytest.raises(
            IndexMismatch, match=rf"store version 99, this qa reads {len(MIGRATIONS)}\. It was made by a newer qa"
        ):
            attempt()


@pytest.mark.parametrize(
    ("encoder", "rule", "name"),
    [
        (WordEncoder("other words"), harbour.RULE, "encoder = 'words'; now it is 'other words'"),
        (WordEncoder(), PassageRule(300, 0, 32), "passage_characters = '200'; now it is '300'"),
        (WordEncoder(), PassageRule(200, 1, 32), "passage_overlap_sentences = '0'; now it is '1'"),
        (WordEncoder(), PassageRule(200, 0, 16), "title_tokens = '32'; now it is '16'"),
    ],
)
def test_an_index_of_another_encoder_or_rule_is_refused_until_it_is_rebuilt(
    folder: Path, encoder: WordEncoder, rule: PassageRule, name: str
) -> None:
    with (
        contextlib.closing(harbour.reader(folder, encoder, rule=rule)) as reader,
        pytest.raises(IndexMismatch, match=f"was made with {name}.*qa rebuild"),
        reader.snapshot(),
    ):
        pass
    with pytest.raises(IndexMismatch, match=name):
        harbour.indexer(folder, encoder, rule=rule).add([harbour.article(6)])
    harbour.indexer(folder, encoder, rule=rule).rebuild()
    with contextlib.closing(harbour.reader(folder, encoder, rule=rule)) as reader, reader.snapshot() as snapshot:
        assert harbour.found(snapshot, "vessel3") == {"art-3"}
    with contextlib.closing(harbour.reader(folder)) as reader, pytest.raises(IndexMismatch), reader.snapshot():
        pass
