"""Copies of an index → the same copies without some articles: each replaced as a whole, with search files of its own."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from qa.base.errors import CopyUnusable
from qa.index.edition import sweep_editions
from qa.index.layout import BESIDE_FOLDER, FRESH_SUFFIX, NEW_SUFFIX, PREVIOUS_FOLDER, PURGED_SUFFIX, STORE_FILE
from qa.index.store import StoreWriter, open_store
from qa.service.publish import make_whole_edition, set_generation
from qa.service.saved_index import check_saved, record_files


def purge_copy(copy: Path, ids: Collection[str], *, purged: Path) -> bool:
    """Make a copy again in the folder `purged`, without these articles, and put it in the place of the first.

    Whether it had one of them. One that is damaged is deleted whole: nobody can say what it holds.
    """
    try:
        saved = check_saved(copy)
    except CopyUnusable:
        shutil.rmtree(copy)
        return True
    with open_store(copy) as store:
        if not store.has_any(ids):
            return False
    shutil.rmtree(purged, ignore_errors=True)
    shutil.copytree(copy, purged)
    with contextlib.closing(StoreWriter.open(purged)) as writer:
        with writer.writing():
            for id_ in ids:
                writer.forget_overruled(id_)
            writer.delete_articles(ids)
            generation = saved.generation
            set_generation(writer, generation)
            edition = make_whole_edition(purged, writer, generation).name
            writer.set_fact("edition", edition)
        counts = writer.counts()
        writer.leave_log()
    sweep_editions(purged, keep=(edition,))
    record_files(purged, replace(saved, edition=edition, articles=counts.articles, passages=counts.passages))
    _put_in_place(purged, copy)
    return True


def purge_beside(index: Path, ids: Collection[str]) -> None:
    """Purge the index beside that of a folder, and one that was not finished. The caller holds the lock of it."""
    for name in (BESIDE_FOLDER, PREVIOUS_FOLDER):
        if (index / name).exists():
            purge_copy(index / name, ids, purged=index / (name + PURGED_SUFFIX))
    for name in (BESIDE_FOLDER + NEW_SUFFIX, BESIDE_FOLDER + FRESH_SUFFIX):
        if (index / name / STORE_FILE).exists():
            with contextlib.closing(StoreWriter.open(index / name)) as writer:
                with writer.writing():
                    for id_ in ids:
                        writer.forget_overruled(id_)
                        writer.delete_article(id_)
                        writer.delete_versions(id_)
                writer.truncate_log()


def finish_purging(purged: Path, copy: Path) -> None:
    """After an interruption: put a copy that was made again in its place, where the first is gone already, or forget it."""
    if purged.exists() and not copy.exists():
        purged.rename(copy)
    shutil.rmtree(purged, ignore_errors=True)


def _put_in_place(made: Path, folder: Path) -> None:
    """Replace a folder by one that was made; where that is interrupted, `made` is whole and `folder` may be gone."""
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)
