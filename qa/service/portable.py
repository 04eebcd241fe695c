"""An index ↔ one file that can be carried elsewhere: a tar archive with `snapshot.json`, which has digests, and the store.

The search files are not in it: they are made from the store again, by the libraries of the machine that it comes to.
"""

from __future__ import annotations

import contextlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.base.errors import CopyUnusable, IndexDamaged, StorageError
from qa.index.layout import NEW_SUFFIX, PRIVATE_FOLDER, SNAPSHOT_FILE, SNAPSHOTS_FOLDER, STORE_FILE
from qa.index.store import StoreWriter, check_foreign_store, folder_errors, make_index_folder
from qa.service.generations import Generations, KeptSnapshot, replace_index
from qa.service.saved_index import SavedIndex, check_saved, record_files, save_index

_LONGEST_RECORD = 1_000_000  # bytes of `snapshot.json`


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held, the snapshot of the index that it replaced, and how many of its articles stay removed."""

    holds: SavedIndex
    before: KeptSnapshot | None
    removed_since: int


def export_index(index: Path, file: Path) -> SavedIndex:
    """Write an index into a file, in place of one of this name once it is whole. Removed articles are not in it.

    Raises:
        IndexNotFound, IndexMismatch, IndexDamaged, StorageError: as their names say.
    """
    with _writing(file) as beside:
        saved = save_index(index, beside / "index", with_edition=False)
        folder = beside / "index"
        with contextlib.closing(StoreWriter.open(folder)) as writer:
            with writer.writing():
                writer.delete_articles(writer.removed_times())
            writer.truncate_log()
        saved = record_files(folder, saved)
        archive = beside / f"archive{NEW_SUFFIX}"
        with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as written:
            for name in (SNAPSHOT_FILE, STORE_FILE):
                written.add(folder / name, name, filter=_without_owner)
        archive.chmod(0o600)
        archive.replace(file)
    return saved


@contextlib.contextmanager
def _writing(file: Path) -> Iterator[Path]:
    """A folder beside the file, for what is written before it is whole."""
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}-") as made:
            yield Path(made)
    except OSError as error:
        raise StorageError(file.parent, f"{file} cannot be written: {error}. Free some space, or name another file.") from error


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def import_index(generations: Generations, file: Path, *, instead: bool = False) -> Imported:
    """Make the index of a file that of the folder: a new one, or `instead` of the one there, which is kept as a snapshot.

    Articles that were removed from the folder's index after the file's were added stay removed.

    Raises:
        CopyUnusable: the file is damaged, cut off, no exported index, or made by another qa.
        IndexDamaged: the folder holds an index already and `instead` is not set, or it holds something else.
        IndexBusy, StorageError: as their names say.
    """
    index = generations.index
    make_index_folder(index)
    with generations.replacing(), folder_errors(index):
        is_there = (index / STORE_FILE).exists()
        if is_there and not instead:
            raise IndexDamaged(
                index,
                f"There is an index in {index} already. Name a new folder with --index, or give --replace: then the one there is "
                "kept as a snapshot.",
            )
        (index / SNAPSHOTS_FOLDER).mkdir(PRIVATE_FOLDER, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=index / SNAPSHOTS_FOLDER, prefix=".importing-") as made:
            saved = _unpacked(file, Path(made))
            before = generations.keep_before("import") if is_there else None
            _, removed = replace_index(index, Path(made), saved)
    return Imported(saved, before, removed)


def _unpacked(file: Path, folder: Path) -> SavedIndex:
    """Write the files of an archive into a folder, and check them."""
    try:
        _unpack(file, folder)
        saved = check_saved(folder)
        check_foreign_store(folder)
    except CopyUnusable as error:
        raise _unusable(file, str(error).removeprefix(f"{folder} ").removesuffix(". The index is unchanged.")) from error
    except IndexDamaged as error:
        raise _unusable(file, "is damaged: its store is not one that qa wrote") from error
    if saved.edition:
        raise _unusable(file, "is no exported index: it names search files")
    return saved


def _unpack(file: Path, folder: Path) -> None:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise _unusable(file, f"cannot be read: {error.strerror}") from error
    try:
        with opened, tarfile.open(fileobj=opened, mode="r:") as archive:
            for name in (SNAPSHOT_FILE, STORE_FILE):
                member = archive.next()
                content = archive.extractfile(member) if member is not None and member.isreg() else None
                if member is None or content is None or member.name != name:
                    raise _unusable(file, f"is no exported index, or was cut off: {name} is not where it belongs")
                if name == SNAPSHOT_FILE and member.size > _LONGEST_RECORD:
                    raise _unusable(file, f"is no exported index: its {name} is too large")
                with content, (folder / name).open("wb") as written:
                    shutil.copyfileobj(content, written)
    except (tarfile.TarError, EOFError) as error:
        raise _unusable(file, f"is no exported index, or was cut off: {error}") from error


def _unusable(file: Path, why: str) -> CopyUnusable:
    return CopyUnusable(file, f"{file} {why}. The index is unchanged.")
