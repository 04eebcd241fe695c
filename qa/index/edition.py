"""An edition: one immutable folder with the FAISS file, the tantivy files and a manifest of their SHA-256.

Editions are derived from the store. A fact of the store names the current one and changes in the same transaction as the
rows it covers, so readers see both change at once. A crash before the commit leaves only a folder, which the next writer
deletes. A new edition hard-links the files of the last one and adds the changes: the cost depends on the added articles.
Now and then the FAISS file is written anew with the vectors added since. Built anew from all vectors it is more seldom, when
their number has grown several times.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from qa.base.checkpoints import file_digest
from qa.base.errors import IndexDamaged
from qa.base.fail_points import FailPoint, pass_point
from qa.base.protocols import Rows, Vectors
from qa.index.layout import (
    EDITIONS_FOLDER,
    LOCK_SUFFIX,
    MANIFEST_FILE,
    NEW_SUFFIX,
    POSTINGS_FOLDER,
    TANTIVY_REPLACED_FILES,
    VECTORS_FILE,
)
from qa.index.postings import write_postings
from qa.index.vectors import FaissVectors, kind_for


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of an edition: rows up to `last_row` in the postings, up to `last_vector_row` in the FAISS file."""

    generation: int
    last_row: int
    last_vector_row: int
    vectors_kind: str
    digests: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """What a new FAISS file gets: (n,) `rows` with their (n, d) `vectors`.

    They are all rows, or those that are added to the previous file, out of which the rows `without` are taken.
    """

    rows: Rows
    vectors: Vectors
    is_all: bool = True
    without: Rows = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Edition:
    name: str
    folder: Path
    manifest: Manifest

    @property
    def vectors_file(self) -> Path:
        return self.folder / VECTORS_FILE

    @property
    def postings_folder(self) -> Path:
        return self.folder / POSTINGS_FOLDER


def make_edition(
    index: Path,
    generation: int,
    *,
    previous: Edition | None,
    added: Iterable[tuple[int, str]],
    removed: Collection[int],
    languages: Mapping[int, str] = MappingProxyType({}),
    last_row: int,
    fold: Fold | None,
) -> Edition:
    """Write a new edition beside the others: the previous one's postings with rows added and removed.

    `languages` are ISO 639-1 codes of added rows that are not English. Without a `fold`
    the previous FAISS file stays, and readers search later rows by brute force. OSError if writing fails; the new folder is then
    deleted.
    """
    name = f"{generation:08d}-{secrets.token_hex(2)}"
    folder = index / EDITIONS_FOLDER / name
    postings = folder / POSTINGS_FOLDER
    postings.mkdir(parents=True)
    pass_point(FailPoint.EDITION_BEGUN)
    try:
        if previous is not None:
            _link_files(previous.postings_folder, postings)
        write_postings(postings, added, removed=removed, languages=languages)
        pass_point(FailPoint.POSTINGS_WRITTEN)
        kind, last_vector_row = _write_vectors(folder, previous, fold)
        pass_point(FailPoint.VECTORS_WRITTEN)
        known = previous.manifest.digests if previous is not None else {}
        manifest = Manifest(generation, last_row, last_vector_row, kind, _digests(folder, known=known))
        write_durably(folder / MANIFEST_FILE, json.dumps(asdict(manifest), indent=1).encode())
        pass_point(FailPoint.MANIFEST_WRITTEN)
        sync_folders(postings, folder, folder.parent)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Edition(name, folder, manifest)


def _write_vectors(folder: Path, previous: Edition | None, fold: Fold | None) -> tuple[str, int]:
    """(kind, last row) of the folder's FAISS file; without vectors, no file is written."""
    if fold is not None and not fold.is_all and previous is not None:
        grown = FaissVectors.grown(previous.vectors_file, fold.rows, fold.vectors, without=fold.without)
        grown.save(folder / VECTORS_FILE)
        return previous.manifest.vectors_kind, int(max(fold.rows, default=previous.manifest.last_vector_row))
    if fold is not None:
        if not len(fold.rows):
            return "", 0
        kind = kind_for(len(fold.rows))
        FaissVectors.build(fold.rows, fold.vectors, kind=kind).save(folder / VECTORS_FILE)
        return kind, int(fold.rows[-1])
    if previous is None or not previous.manifest.vectors_kind:
        return "", 0
    _link(previous.vectors_file, folder / VECTORS_FILE)
    return previous.manifest.vectors_kind, previous.manifest.last_vector_row


def _link_files(source: Path, target: Path) -> None:
    for file in source.iterdir():
        if file.name in TANTIVY_REPLACED_FILES:
            shutil.copyfile(file, target / file.name)
        elif not file.name.endswith(LOCK_SUFFIX):
            _link(file, target / file.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
        _sync(target)


def link_edition(index: Path, name: str, target: Path) -> None:
    """Put an edition into another index folder too: hard links where the file system has them, else copies.

    OSError if the edition is gone, or the target cannot be written; no half an edition is left under its name.
    """
    source, editions = index / EDITIONS_FOLDER / name, target / EDITIONS_FOLDER
    linked = editions / f"{name}{NEW_SUFFIX}-{secrets.token_hex(2)}"
    (linked / POSTINGS_FOLDER).mkdir(parents=True)
    try:
        for file in (name for name in source.rglob("*") if name.is_file() and not name.name.endswith(LOCK_SUFFIX)):
            _link(file, linked / file.relative_to(source))
        _ = (linked / MANIFEST_FILE).stat()  # the edition was whole
        sync_folders(linked / POSTINGS_FOLDER, linked)
        linked.rename(editions / name)
        sync_folders(editions)
    except BaseException:
        shutil.rmtree(linked, ignore_errors=True)
        raise


def _edition_files(folder: Path) -> list[str]:
    """Relative names of all files with a digest, sorted."""
    return sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and file.name != MANIFEST_FILE and not file.name.endswith(LOCK_SUFFIX)
    )


def _digests(folder: Path, *, known: dict[str, str]) -> dict[str, str]:
    """SHA-256 by name. The digest of a linked file is already known, since linked files never change."""
    digests: dict[str, str] = {}
    for name in _edition_files(folder):
        file = folder / name
        linked = name in known and file.name not in TANTIVY_REPLACED_FILES and file.stat().st_nlink > 1
        digests[name] = known[name] if linked else file_digest(file)
        if not linked:
            _sync(file)
    return digests


def open_edition(index: Path, name: str, *, verified: dict[str, str] | None = None) -> Edition:
    """The edition, after checking every file's digest. Files in `verified` with the same digest are not read again.

    Raises:
        IndexDamaged: the manifest or a file is missing, or differs.
    """
    folder = index / EDITIONS_FOLDER / name
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST_FILE).read_text("utf-8")))
        for file, digest in manifest.digests.items():
            if (verified or {}).get(file) != digest and file_digest(folder / file) != digest:
                raise _damaged(index, f"{folder / file} does not match its digest")
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(index, f"The edition {folder} is incomplete ({error})") from error
    return Edition(name, folder, manifest)


def _damaged(index: Path, what: str) -> IndexDamaged:
    return IndexDamaged(index, f"{what}. The articles are safe in the store: `qa rebuild` rebuilds the search files.")


def sweep_editions(index: Path, *, keep: Collection[str]) -> None:
    """Delete all other editions. If the system protects one that a reader has open, a later sweep deletes it."""
    folder = index / EDITIONS_FOLDER
    if folder.is_dir():
        for edition in folder.iterdir():
            if edition.name not in keep:
                shutil.rmtree(edition, ignore_errors=True)
                pass_point(FailPoint.EDITION_SWEPT)


def write_durably(file: Path, data: bytes) -> None:
    """Write a file whose content is on the disk when this returns; its name is once `sync_folders` returns."""
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folders(*folders: Path) -> None:
    """Sync the folders too, so that file names survive a crash; Windows cannot sync folders."""
    if os.name == "nt":
        return
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
