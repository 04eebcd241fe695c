"""Snapshots of an index folder by name: kept, listed, restored as a whole, and removed.

A snapshot has the articles with all that is made of them. Answers, conversations and tokens are not the index's: they stay as
they are when one is restored, and so do the removals of articles.
"""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from qa.api.snapshot import SnapshotShape
from qa.base.errors import CopyUnusable, IndexDamaged, SnapshotNameError, SnapshotNotFound, StorageError
from qa.index.edition import link_edition, open_edition, sweep_editions, sync_folders
from qa.index.layout import EDITIONS_FOLDER, PRIVATE_FOLDER, SNAPSHOTS_FOLDER, STORE_FILE
from qa.index.lock import snapshots_lock, writer_lock
from qa.index.store import Store, StoreWriter, folder_errors, require_store, translated
from qa.service.publish import make_whole_edition, set_generation
from qa.service.purging import finish_purging, purge_copy
from qa.service.saved_index import SavedIndex, check_saved, read_saved, save_index
from qa.service.state.deleted_articles import DeletedArticles
from qa.service.state.file import StateFile
from qa.service.state.forgetting import forget_snapshot
from qa.service.uploading import leave_milvus

log = logging.getLogger(__name__)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # no dot: what begins with one is not finished, or was interrupted

_PURGED = ".purged-"  # before the name of a snapshot that is made again without some articles


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot; one that cannot be read has a `problem` in place of what it holds."""

    name: str
    holds: SavedIndex | None
    problem: CopyUnusable | None = None


def snapshot_shape(kept: KeptSnapshot, *, said: Callable[[CopyUnusable], str] = str) -> SnapshotShape:
    """The JSON of a snapshot; `said` puts into words why it cannot be read."""
    holds = kept.holds
    return SnapshotShape(
        name=kept.name,
        created_at=holds.created_at if holds else None,
        index_generation=holds.generation if holds else 0,
        articles=holds.articles if holds else 0,
        passages=holds.passages if holds else 0,
        encoder=(holds.encoder or None) if holds else None,
        problem=said(kept.problem) if kept.problem else None,
    )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and the snapshot of the index as it was before. `generation` is that of the index now."""

    snapshot: KeptSnapshot
    before: KeptSnapshot
    generation: int
    removed_since: int  # articles of the snapshot that stay removed


class Generations:
    """The snapshots of one index folder."""

    def __init__(self, folder: Path, *, lock_timeout_seconds: float) -> None:
        self.index = folder
        self._folder = folder / SNAPSHOTS_FOLDER
        self._timeout = lock_timeout_seconds

    def all(self) -> list[KeptSnapshot]:
        """The snapshots, the newest first; one that cannot be read comes last."""
        require_store(self.index)
        names = [folder.name for folder in self._folder.glob("*") if _NAME.fullmatch(folder.name)]
        listed = [_described(self._folder / name) for name in names]
        return sorted(listed, key=lambda one: (one.holds.created_at if one.holds else "", one.name), reverse=True)

    def keep(self, name: str | None = None) -> KeptSnapshot:
        """Keep the index as it is now, by default under the time now.

        Who reads or writes the index meanwhile does not wait.

        Raises:
            SnapshotNameError: no snapshot can have the name, or one has it.
            IndexNotFound, IndexMismatch, IndexDamaged, IndexBusy, StorageError: as their names say.
        """
        if name is not None and not _NAME.fullmatch(name):
            raise SnapshotNameError(
                f"{name[:80]!r} cannot be the name of a snapshot; expected 1 to 64 letters of a to z, digits, - and _, the first "
                "a letter or digit."
            )
        require_store(self.index)
        with self._locked():
            return self._keep(name or self._name_now(""))

    def remove(self, name: str) -> None:
        """Delete a snapshot; SnapshotNotFound."""
        require_store(self.index)
        with self._locked():
            deleting = self._folder / f".deleting-{secrets.token_hex(4)}"
            with folder_errors(self.index):
                self._existing(name).rename(deleting)
                shutil.rmtree(deleting)
            try:
                forget_snapshot(StateFile(self.index), name)
            except StorageError as error:  # it is deleted all the same
                log.warning("A request that made the snapshot %s may still be answered with it: %s", name, error)

    def restore(self, name: str) -> Restored:
        """Make a snapshot the index, and keep the index as it was as another snapshot.

        Readers see the change at once and as a whole; a process that is killed has changed all of it or nothing. Articles that
        were removed after the snapshot stay removed.

        Raises:
            SnapshotNotFound: there is none of this name.
            CopyUnusable: it is damaged, or made by another qa.
            IndexBusy: another process writes for longer than the lock is waited for.
            IndexDamaged, IndexMismatch, StorageError: as their names say.
        """
        require_store(self.index)  # no lock is made where there is none
        with self.replacing():
            saved = check_saved(self._existing(name))
            before = self.keep_before("restore")
            generation, removed = replace_index(self.index, self._folder / name, saved)
        return Restored(KeptSnapshot(name, saved), before, generation, removed)

    @contextlib.contextmanager
    def replacing(self) -> Iterator[None]:
        """Nobody else changes the index or its snapshots."""
        with writer_lock(self.index, timeout_seconds=self._timeout), self._locked():
            yield

    def keep_before(self, what: str) -> KeptSnapshot:
        """Keep the index as it is before it is replaced; only within `replacing`."""
        return self._keep(self._name_now(f"before-{what}-"))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Nobody else changes the snapshots; what an interrupted process left is deleted."""
        with snapshots_lock(self.index, timeout_seconds=self._timeout):
            for left in self._folder.glob(".*"):
                if left.name.startswith(_PURGED):
                    finish_purging(left, self._folder / left.name.removeprefix(_PURGED))
                else:
                    shutil.rmtree(left, ignore_errors=True)
            yield

    @contextlib.contextmanager
    def without(self, ids: Collection[str], *, keep: bool) -> Iterator[int]:
        """How many snapshots held one of these articles and hold none any more; meanwhile none is made or restored.

        With `keep` they stay as they are. The caller holds the writer's lock.
        """
        with self._locked():
            names = [] if keep else [folder.name for folder in self._folder.glob("*") if _NAME.fullmatch(folder.name)]
            yield sum(purge_copy(self._folder / name, ids, purged=self._folder / f"{_PURGED}{name}") for name in names)

    def _keep(self, name: str) -> KeptSnapshot:
        if (self._folder / name).exists():
            raise SnapshotNameError(f"There is a snapshot {name!r} already. Choose another name, or remove that one first.")
        making = self._folder / f".making-{secrets.token_hex(4)}"
        try:
            with folder_errors(self.index):
                saved = save_index(self.index, making)
                making.rename(self._folder / name)
                sync_folders(self._folder)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        return KeptSnapshot(name, saved)

    def _existing(self, name: str) -> Path:
        folder = self._folder / name
        if not _NAME.fullmatch(name) or not folder.is_dir():
            raise SnapshotNotFound(name)
        return folder

    def _name_now(self, prefix: str) -> str:
        """A name that no snapshot has: the time now, to the second, with a number where that is taken."""
        now = f"{prefix}{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
        number = 1
        while (self._folder / (name := now if number == 1 else f"{now}-{number}")).exists():
            number += 1
        return name


def _described(folder: Path) -> KeptSnapshot:
    try:
        return KeptSnapshot(folder.name, read_saved(folder))
    except CopyUnusable as error:
        return KeptSnapshot(folder.name, None, error)


def replace_index(
    index: Path, source: Path, saved: SavedIndex, *, facts: Mapping[str, str] = MappingProxyType({})
) -> tuple[int, int]:
    """Make the index in `source` that of `index`: (its generation now, how many of its articles stay removed).

    It gets these `facts` too.
    The caller holds the writer's lock and that of the snapshots, and has checked the files of `source`. It is staged beside the
    index, where the removals are done again and an edition is made where it has none. Then it is committed: in one transaction
    of the index's own store, or by the name of the file where there is no index yet.
    """
    staging = index / SNAPSHOTS_FOLDER / f".staging-{secrets.token_hex(4)}"
    try:
        with folder_errors(index), translated(index):
            staging.mkdir(PRIVATE_FOLDER, parents=True)
            shutil.copyfile(source / STORE_FILE, staging / STORE_FILE)  # of an earlier version perhaps, which is migrated here
            if not (index / STORE_FILE).exists():
                outcome = _stage(index, staging, source, saved, facts, live=None)
                (staging / STORE_FILE).rename(index / STORE_FILE)
                sync_folders(index)
                return outcome
            with contextlib.closing(StoreWriter.open(index)) as live:
                previous = live.fact("edition") or ""
                outcome = _stage(index, staging, source, saved, facts, live=live)
                with contextlib.closing(StoreWriter.open(staging)) as staged:
                    live.become(staged)
                live.truncate_log()
                sweep_editions(index, keep=(live.fact("edition") or "", previous))
                return outcome
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _stage(
    index: Path, staging: Path, source: Path, saved: SavedIndex, facts: Mapping[str, str], *, live: Store | None
) -> tuple[int, int]:
    """Bring the staged store up to the live one, and its edition into the index: (its generation, how many stay removed)."""
    with contextlib.closing(StoreWriter.open(staging)) as staged, staged.writing():
        removed = _remove_again(staged, live, DeletedArticles(StateFile(index)))
        generation = staged.generation + 1
        if live is not None:
            staged.use_no_row_of(live)
            generation = max(live.generation + 1, generation)
        set_generation(staged, generation)
        leave_milvus(staged)  # whose collection has what the index was, or what another folder is
        for name, value in facts.items():
            staged.set_fact(name, value)
        if saved.edition:
            _bring_edition(source, saved.edition, index)
        else:
            staged.set_fact("edition", make_whole_edition(index, staged, generation).name)
        return generation, removed


def _bring_edition(source: Path, edition: str, index: Path) -> None:
    """Have the edition in the index folder too; one that is there and damaged is replaced."""
    folder = index / EDITIONS_FOLDER / edition
    if folder.exists():
        with contextlib.suppress(IndexDamaged):
            open_edition(index, edition)
            return
        shutil.rmtree(folder)
    link_edition(source, edition, index)


def _remove_again(staged: StoreWriter, live: Store | None, deleted: DeletedArticles) -> int:
    """Remove from the staged store what was removed from the live one since; how many articles."""
    removed_at = live.removed_times() if live else {}
    now_live = live.digests().keys() - removed_at.keys() if live else set()
    added_at = staged.added_times()
    hidden = {id_ for id_ in added_at if id_ in removed_at and removed_at[id_] >= added_at[id_]}
    gone = [id_ for id_ in deleted.among(added_at) if id_ not in now_live | hidden]
    for id_ in staged.removed_times().keys() & now_live:
        staged.mark_removed(id_, None)  # one that was hidden in the snapshot and brought back since
    for id_ in hidden:
        staged.mark_removed(id_, removed_at[id_])
    staged.delete_articles(gone)
    return len(hidden) + len(gone)
