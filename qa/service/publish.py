"""Changed rows of a store → a published edition: both become current in one transaction.

Each change also deletes what was removed more than ten minutes ago.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from qa.base.errors import IndexDamaged, StateDamaged, StorageError
from qa.base.fail_points import FailPoint, pass_point
from qa.base.times import REMOVED_KEPT, rfc3339
from qa.index.edition import Edition, Fold, make_edition, open_edition, sweep_editions
from qa.index.identity import INDEX_FORMAT
from qa.index.postings import indexed_text
from qa.index.store import Store, StoreWriter, folder_errors
from qa.index.vectors import can_grow
from qa.service.state.answers import AnswerLog
from qa.service.state.deleted_articles import DeletedArticles
from qa.service.state.feedback import FeedbackLog
from qa.service.state.file import StateFile
from qa.service.state.forgetting import Words, forget_articles, words_of
from qa.service.uploading import Uploader, leave_milvus

REBUILDING = "rebuilding"  # a fact of a store that may have vectors of an interrupted rebuild, which no passage uses

log = logging.getLogger(__name__)

_SMALLEST_FOLD = 5_000  # vectors that brute force may search beside the FAISS file …
_FOLD_SHARE = 0.02  # … or this share of the vectors in it
_GONE_SHARE = 0.1  # of the postings' rows; more deleted ones cause a rebuild


@dataclass(slots=True)
class RowChanges:
    """The rows that a transaction changes; `previous` is the edition that was current before."""

    added: list[tuple[int, str]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    languages: dict[int, str] = field(default_factory=dict)  # of the rows added
    unused: set[bytes] = field(default_factory=set)  # keys of vectors that no passage may use any more
    purged: list[str] = field(default_factory=list)  # ids of deleted articles
    deleted: bool = False  # whether an article's text was deleted, even one without passages
    previous: str = ""
    words: dict[str, Words] = field(default_factory=dict)  # those of articles of which nothing may be left, by id

    def delete_at_once(self, writer: StoreWriter, article_id: str) -> None:
        """Delete an article, and its words from all search files and all that was kept of answers and requests."""
        self.words[article_id] = words_of(writer.words_held(article_id))
        writer.forget_overruled(article_id)
        self.delete(writer, article_id)

    def delete(self, writer: StoreWriter, article_id: str) -> None:
        """Delete an article with its earlier texts."""
        self.replace(writer, article_id)
        writer.delete_versions(article_id)
        self.purged.append(article_id)

    def replace(self, writer: StoreWriter, article_id: str) -> None:
        """Delete an article before its new text is stored."""
        self.unused.update(writer.vector_keys(article_id))
        self.removed.extend(writer.delete_article(article_id))
        self.deleted = True


class Publisher:
    """Commits changes of one index folder. The caller holds the writer's lock.

    With an uploader there is no edition: Milvus is sent what was committed.
    """

    def __init__(self, folder: Path, uploader: Uploader | None = None, *, is_draft: bool = False) -> None:
        """A draft is a copy of an index without its state: no earlier text is deleted from it as one that no answer shows."""
        self._folder = folder
        self._uploader = uploader
        self._is_draft = is_draft
        self._edition: Edition | None = None  # the last one written or checked here: its digests are known

    @contextlib.contextmanager
    def change(self, writer: StoreWriter, *, rebuild: bool = False) -> Iterator[RowChanges]:
        """A change of the store, committed together with its edition, or sent to Milvus behind the commit."""
        try:
            with self._changing(writer, rebuild=rebuild) as change:
                yield change
        except BaseException:
            if self._uploader is not None:
                self._uploader.end()
            raise

    @contextlib.contextmanager
    def _changing(self, writer: StoreWriter, *, rebuild: bool) -> Iterator[RowChanges]:
        change = RowChanges()
        if self._uploader is not None:
            self._uploader.begin(writer, rebuild=rebuild)
        with folder_errors(self._folder), writer.writing():
            yield change
            pass_point(FailPoint.ROWS_CHANGED)
            self._purge(writer, change)
            edition = self._publish(writer, change, rebuild=rebuild)
            pass_point(FailPoint.EDITION_NAMED)
        pass_point(FailPoint.CHANGE_COMMITTED)
        self._edition = edition
        if rebuild or change.deleted:
            writer.truncate_log()
            pass_point(FailPoint.LOG_EMPTIED)
        sweep_editions(self._folder, keep=_kept_editions(edition, change))
        if self._uploader is not None:
            self._uploader.send(writer)
            if rebuild:
                self._uploader.sweep(writer)

    def announce(self, writer: StoreWriter) -> None:
        """Let other machines know what the index is now, at the end of a command; nothing where there is no Milvus."""
        if self._uploader is not None:
            self._uploader.announce(writer)

    def _purge(self, writer: StoreWriter, change: RowChanges) -> None:
        """Delete articles that were removed long enough ago, and earlier texts that no kept answer shows, without a trace.

        Their quotes are deleted from answers first. After a crash before the commit, the next purge deletes the articles.
        """
        if self._is_draft:
            return
        long_ago = rfc3339(datetime.now(UTC) - REMOVED_KEPT)
        for article_id in writer.removed_ids(before=long_ago):
            change.delete(writer, article_id)
        state = StateFile(self._folder)
        answers = AnswerLog(state)
        replaced = writer.versions_replaced(before=long_ago)
        try:
            unseen = set(replaced) - answers.quoted(replaced) - FeedbackLog(state).cited(replaced)
        except StorageError as error:  # a damaged state: what it cites is not known, and stays
            log.warning("Earlier texts of articles stay: %s", error)
            unseen = set()
        for article_id, digest in unseen:
            writer.delete_version(article_id, digest)
        change.deleted = change.deleted or bool(unseen)
        try:
            answers.purge([article_id for article_id in change.purged if article_id not in change.words])
            DeletedArticles(state).remember(change.purged)
            if change.words:
                forget_articles(state, change.words)
        except StateDamaged as error:  # an article can be deleted all the same
            log.warning("Kept answers may still quote articles that were deleted, and a snapshot bring them back: %s", error)
        pass_point(FailPoint.STATE_PURGED)
        if change.deleted:
            writer.delete_unused_vectors(None if writer.fact(REBUILDING) else change.unused)

    def _publish(self, writer: StoreWriter, change: RowChanges, *, rebuild: bool) -> Edition | None:
        """Write the edition of the changed store and make it current, inside the transaction."""
        generation = writer.generation + 1
        if self._uploader is not None:
            set_generation(writer, generation)
            writer.forget_fact("edition")
            return None
        leave_milvus(writer)
        previous = None if rebuild or change.words else self._previous_edition(writer)
        change.previous = writer.fact("edition") or ""
        if previous is None or writer.gone_count() > _GONE_SHARE * max(1, writer.passages()):
            edition = make_whole_edition(self._folder, writer, generation)
        else:
            edition = make_edition(
                self._folder,
                generation,
                previous=previous,
                added=change.added,
                removed=change.removed,
                languages=change.languages,
                last_row=writer.last_row(),
                fold=_fold(writer, previous),
            )
        set_generation(writer, generation)
        writer.set_fact("edition", edition.name)
        return edition

    def _previous_edition(self, writer: StoreWriter) -> Edition | None:
        """The current edition; None if there is none, or if it is damaged or of another format and must be rebuilt."""
        name = writer.fact("edition")
        if name is None or writer.fact("format") != INDEX_FORMAT:
            return None
        known = self._edition
        if known is not None and known.name == name:
            return known
        try:
            return open_edition(self._folder, name, verified=known.manifest.digests if known else None)
        except IndexDamaged as error:
            log.warning("%s It is rebuilt now.", error)
            return None


def _fold(writer: Store, previous: Edition) -> Fold | None:
    """The vectors of a new FAISS file, if too many are outside the last one; else None."""
    last, kind, count = previous.manifest.last_vector_row, previous.manifest.vectors_kind, writer.passages()
    outside = writer.passages_above(last)
    if kind and outside <= max(_SMALLEST_FOLD, _FOLD_SHARE * (count - outside)):
        return None
    if not kind or not can_grow(kind, to=count):
        return _whole_fold(writer)
    return Fold(*writer.vectors_above(last, _dimension(writer)), is_all=False, without=writer.gone_rows(up_to=last))


def _whole_fold(writer: Store) -> Fold:
    return Fold(*writer.vectors_above(0, _dimension(writer)))


def _dimension(writer: Store) -> int:
    return int(writer.fact("dimension") or 0)


def _kept_editions(edition: Edition | None, change: RowChanges) -> tuple[str, ...]:
    """The new one, and the one before, which a reader may be about to open, unless it has words that may not be left."""
    if edition is None:
        return ()
    return (edition.name,) if change.words else (edition.name, change.previous)


def make_whole_edition(folder: Path, writer: StoreWriter, generation: int) -> Edition:
    """Write the edition of all that a store holds, inside its transaction; `folder` is the index that it will be current in."""
    edition = make_edition(
        folder,
        generation,
        previous=None,
        added=_all_texts(writer),
        removed=(),
        languages=writer.passage_languages(),
        last_row=writer.last_row(),
        fold=_whole_fold(writer),
    )
    writer.forget_gone_rows()
    return edition


def set_generation(writer: StoreWriter, generation: int) -> None:
    """Record that the index has changed, so that readers renew their snapshot."""
    writer.set_fact("generation", str(generation))
    writer.set_fact("changed_at", rfc3339(datetime.now(UTC)))


def _all_texts(writer: Store) -> list[tuple[int, str]]:
    return [(row, indexed_text(title, text)) for row, title, text in writer.passage_texts()]
