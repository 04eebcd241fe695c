"""A whole copy of an index in a folder of its own: made while others read and write, checked by its digests when it is read.

It is laid out as an index folder, so that it can be asked too, with `snapshot.json` beside the store. The files of its edition
are hard links where the file system has them: they never change.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from qa.base.checkpoints import file_digest
from qa.base.errors import CopyUnusable, IndexDamaged
from qa.base.times import rfc3339
from qa.index.edition import link_edition, open_edition, sync_folders, write_durably
from qa.index.identity import INDEX_FORMAT
from qa.index.layout import EDITIONS_FOLDER, MANIFEST_FILE, PRIVATE_FOLDER, SNAPSHOT_FILE, STORE_FILE
from qa.index.statements import stored_rows
from qa.index.store import MIGRATIONS, folder_errors, open_store

_LAYOUT = 1  # of a copy; raised when an earlier qa could not read it
_TRIES = 5  # an edition may be deleted between reading its name and linking it


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """What a copy holds. `edition` is empty before the first article; `digests` are SHA-256 by relative name."""

    created_at: str
    generation: int
    articles: int
    passages: int
    encoder: str
    edition: str
    store_version: int = len(MIGRATIONS)
    format: str = INDEX_FORMAT
    layout: int = _LAYOUT
    digests: dict[str, str] = field(default_factory=dict)


def save_index(index: Path, target: Path, *, with_edition: bool = True) -> SavedIndex:
    """Copy an index into a new folder. Nobody waits for it; a folder that could not be filled is for the caller to delete.

    Without its edition, whoever takes the copy makes one from its store.

    Raises:
        IndexNotFound, IndexMismatch, IndexDamaged, StorageError: as their names say.
    """
    with folder_errors(index):
        target.parent.mkdir(PRIVATE_FOLDER, exist_ok=True)
        target.mkdir(PRIVATE_FOLDER)
        for remaining in reversed(range(_TRIES)):
            with open_store(index) as store, stored_rows():
                facts, counts = store.facts(), store.counts()
                edition = facts.get("edition", "") if with_edition else ""
                if edition and not _is_linked(index, edition, target, again=remaining > 0):
                    continue
                store.copy_to(target)
                break
        saved = SavedIndex(
            created_at=rfc3339(datetime.now(UTC)),
            generation=int(facts.get("generation", 0)),
            articles=counts.articles,
            passages=counts.passages,
            encoder=facts.get("encoder", ""),
            edition=edition,
        )
        return record_files(target, saved)


def record_files(folder: Path, saved: SavedIndex) -> SavedIndex:
    """Write what a copy holds, with the digests of its files as they are now."""
    saved = replace(saved, digests={name: file_digest(folder / name) for name in _digested(saved.edition)})
    write_record(folder, saved)
    return saved


def write_record(folder: Path, saved: SavedIndex) -> None:
    """Write what a copy holds, on the disk when this returns."""
    write_durably(folder / SNAPSHOT_FILE, json.dumps(asdict(saved), indent=1).encode())
    sync_folders(folder)


def _is_linked(index: Path, edition: str, target: Path, *, again: bool) -> bool:
    """Link the edition; whether it was there. It is not `again` where another writer has replaced it just now."""
    try:
        link_edition(index, edition, target)
    except FileNotFoundError as error:
        if again:
            return False
        raise IndexDamaged(
            index, f"The edition {edition} of {index} is incomplete ({error}). `qa rebuild` makes it again from the articles."
        ) from error
    return True


def _digested(edition: str) -> list[str]:
    """The files with a digest in `snapshot.json`. That of an edition's list of files covers all of its files."""
    return [STORE_FILE, *([f"{EDITIONS_FOLDER}/{edition}/{MANIFEST_FILE}"] if edition else [])]


def read_saved(folder: Path) -> SavedIndex:
    """What a copy says that it holds; its files are not read.

    Raises:
        CopyUnusable: it says nothing that this qa can read.
    """
    try:
        record = json.loads((folder / SNAPSHOT_FILE).read_text("utf-8"))
        if int(record["layout"]) > _LAYOUT or int(record["store_version"]) > len(MIGRATIONS):
            raise _unusable(folder, "was made by a newer qa: install that")
        saved = SavedIndex(**record)
        is_whole = saved.digests.keys() == set(_digested(saved.edition)) and Path(saved.edition).name == saved.edition
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unusable(folder, f"is damaged: its {SNAPSHOT_FILE} cannot be read ({error})") from error
    if not is_whole:
        raise _unusable(folder, f"is damaged: its {SNAPSHOT_FILE} does not name its files")
    return saved


def check_saved(folder: Path) -> SavedIndex:
    """What a copy holds, after reading all of it and comparing each file with its digest.

    Raises:
        CopyUnusable: a file is missing or was changed, or the copy was made by a qa that has another format of the index.
    """
    saved = read_saved(folder)
    if saved.format != INDEX_FORMAT:
        raise _unusable(folder, f"has format {saved.format}, this qa has {INDEX_FORMAT}: install the qa that made it")
    try:
        for name, digest in saved.digests.items():
            if file_digest(folder / name) != digest:
                raise _unusable(folder, f"is damaged: {name} does not match its digest")
        if saved.edition:
            open_edition(folder, saved.edition)
    except OSError as error:
        raise _unusable(folder, f"is damaged: {error}") from error
    except IndexDamaged as error:
        raise _unusable(folder, f"is damaged: a file of its edition {saved.edition} is missing or changed") from error
    return saved


def _unusable(folder: Path, why: str) -> CopyUnusable:
    return CopyUnusable(folder, f"{folder} {why}. The index is unchanged.")
