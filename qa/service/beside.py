"""Another index beside the one that answers: the same articles with another encoder, to be compared with it and exchanged for it.

It is an index folder in the index folder. When it is switched to, the index that answered until then takes its place.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa.base.errors import CopyUnusable, IndexBusy, NothingBeside
from qa.base.settings import Settings
from qa.index.identity import kept_settings
from qa.index.layout import BESIDE_FOLDER, FRESH_SUFFIX, NEW_SUFFIX, PREVIOUS_FOLDER, PURGED_SUFFIX, STORE_FILE, SWITCHED_FILE
from qa.index.lock import beside_lock
from qa.index.store import StoreWriter, folder_errors, open_store, require_store
from qa.service.build import AddReport, Indexer
from qa.service.engine import Engine, open_engine, settings_of_index
from qa.service.generations import Generations, replace_index
from qa.service.purging import finish_purging
from qa.service.saved_index import SavedIndex, check_saved, read_saved, record_files, save_index, write_record
from qa.service.state.answers import AnswerLog
from qa.service.state.deleted_articles import DeletedArticles
from qa.service.state.file import StateFile
from qa.service.uploading import leave_milvus

_TRIES = 3  # to bring it up to an index that others change meanwhile
_SWITCHED = "switched"  # the fact that names the edition which the index has by the last switch

Progress = Callable[[AddReport], None]


@dataclass(frozen=True, slots=True)
class Switched:
    """What the index holds now, and the encoder of the one that stands beside it."""

    holds: SavedIndex
    other_encoder: str


class Beside:
    """The index beside that of a folder. `engine_of` opens the models of settings."""

    def __init__(self, index: Path, settings: Settings, *, engine_of: Callable[[Settings], Engine] = open_engine) -> None:
        self._index = index
        self._settings = settings
        self._engine_of = engine_of
        self._generations = Generations(index, lock_timeout_seconds=settings.lock_timeout_seconds)
        self.folder = self._index / BESIDE_FOLDER
        self._making = self._index / (BESIDE_FOLDER + NEW_SUFFIX)
        self._previous = self._index / PREVIOUS_FOLDER

    def make(self, *, progress: Progress | None = None) -> AddReport:
        """Make it of the articles as they are now, by the settings in force and else as the index is made.

        Vectors that it had are used again, also those of an interrupted try. Removed articles are not in it.
        """
        with self._locked():
            return self._make(self._settings, progress)

    def switch(self, *, back: bool = False, progress: Progress | None = None) -> Switched:
        """Exchange both indexes, at once for every reader; with `back` again. What was changed since is brought over first.

        Raises:
            NothingBeside: there is no index to switch to, or to switch back to.
            CopyUnusable: it is damaged.
            IndexBusy: another process changes the index all the time.
        """
        with self._locked():
            self._require(back=back)
            for _ in range(_TRIES):
                if (switched := self._exchanged(back=back)) is not None:
                    return switched
                was_switched = (self.folder / SWITCHED_FILE).exists()
                with open_store(self.folder) as store:
                    kept = kept_settings(store.facts())
                self._make(self._settings.model_copy(update=kept), progress, is_of_before=was_switched)
        raise IndexBusy(self._index, f"{self._index} was changed while the index beside it was brought up to it. Try again.")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        require_store(self._index)
        with beside_lock(self._index, timeout_seconds=self._settings.lock_timeout_seconds), folder_errors(self._index):
            with self._generations.replacing():
                self._settle()
            yield

    def _settle(self) -> None:
        """Finish an exchange that was interrupted after the index was replaced, and forget one before that."""
        for folder in (self.folder, self._previous):  # made again without deleted articles, and not put in place
            finish_purging(folder.with_name(folder.name + PURGED_SUFFIX), folder)
        if not self._previous.exists():
            return
        with open_store(self._index) as store:
            switched = store.fact(_SWITCHED)
        try:
            is_done = not self.folder.exists() or read_saved(self.folder).edition == switched
        except CopyUnusable:
            is_done = False
        if is_done:
            self._take_previous()
        else:
            shutil.rmtree(self._previous)

    def _take_previous(self) -> None:
        """The index of before takes the place beside."""
        shutil.rmtree(self._making, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(self._making)
        self._previous.rename(self.folder)
        shutil.rmtree(self._making, ignore_errors=True)

    def _require(self, *, back: bool) -> None:
        if not (self.folder / STORE_FILE).exists():
            raise NothingBeside(
                f"There is no index beside {self._index}. `qa rebuild --encoder NAME --beside` makes one with another encoder."
            )
        if back != (self.folder / SWITCHED_FILE).exists():
            said = (
                "was not switched: there is nothing to switch back to" if back else "was switched: `qa switch --back` undoes it"
            )
            raise NothingBeside(f"{self._index} {said}.")

    def _make(self, settings: Settings, progress: Progress | None, *, is_of_before: bool = False) -> AddReport:
        fresh = self._index / (BESIDE_FOLDER + FRESH_SUFFIX)
        shutil.rmtree(fresh, ignore_errors=True)
        saved = save_index(self._index, fresh, with_edition=False)
        with contextlib.closing(StoreWriter.open(fresh)) as writer:
            with writer.writing():
                leave_milvus(writer)
            for known in (self.folder, self._making):
                if (known / STORE_FILE).exists():
                    writer.take_vectors(known)
        shutil.rmtree(self._making, ignore_errors=True)
        fresh.rename(self._making)
        engine = self._engine_of(settings_of_index(self._making, settings))
        indexer = Indexer(self._making, engine.encoder, engine.rule, lock_timeout_seconds=0, is_draft=True)
        report = indexer.rebuild(progress=progress)
        with open_store(self._making) as store:
            edition, passages = store.fact("edition") or "", store.counts().passages
        if is_of_before:
            (self._making / SWITCHED_FILE).touch()
        record_files(self._making, replace(saved, edition=edition, encoder=engine.encoder.identity.name, passages=passages))
        shutil.rmtree(self.folder, ignore_errors=True)
        self._making.rename(self.folder)
        return report

    def _exchanged(self, *, back: bool) -> Switched | None:
        """Exchange both; None where the index has changed since the one beside was made."""
        with self._generations.replacing():
            saved = check_saved(self.folder)
            with open_store(self._index) as store:
                if store.generation != saved.generation:
                    return None
            before = save_index(self._index, self._previous)
            if not back:
                (self._previous / SWITCHED_FILE).touch()
            self._forget_hidden()
            generation, _ = replace_index(self._index, self.folder, saved, facts={_SWITCHED: saved.edition})
            write_record(self._previous, replace(before, generation=generation))
            self._take_previous()
        return Switched(saved, before.encoder)

    def _forget_hidden(self) -> None:
        """Articles that are hidden now are deleted with the exchange, as by a rebuild: also from answers."""
        with open_store(self._index) as now, open_store(self.folder) as beside:
            gone = sorted(now.removed_times().keys() - beside.added_times().keys())
        state = StateFile(self._index)
        AnswerLog(state).purge(gone)
        DeletedArticles(state).remember(gone)
