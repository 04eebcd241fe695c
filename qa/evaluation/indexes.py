"""A set → the index it is asked over: which folder, which of the set's articles it has, and whether they are to be added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.base.errors import DatasetError, IndexNotFound
from qa.base.types import Article, Refusal
from qa.evaluation.judgements import Dataset
from qa.index.layout import STORE_FILE
from qa.index.store import Store

_DIGITS = 8  # of the set's digest in its folder's name


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """How a set is asked over the index in `folder`.

    `given` holds the set's texts that differ in the index, by the set's ids. `to_add` is whether the set's articles are
    added first.
    """

    folder: Path
    given: dict[str, str]
    to_add: bool
    notes: tuple[str, ...]


def index_folder(dataset: Dataset, chosen: Path | None, default: Path) -> Path:
    """The chosen folder; else one of the set's own beside the default; the default for a set without articles."""
    if chosen is not None:
        return chosen
    if dataset.articles is None:
        return default
    return default.parent / f"evaluation-{dataset.name}-{dataset.digest[:_DIGITS]}"


def plan_index(dataset: Dataset, folder: Path, *, own: bool) -> IndexPlan:
    """What to do before the set can be asked over this folder. `own` is whether the folder is the set's alone.

    An existing index that somebody chose is asked as it is, and notes name the articles it lacks. A missing index is made of
    the set's articles, and the set's own index is completed.

    Raises:
        IndexNotFound: there is no index, and the set has no articles to make one of.
    """
    there = (folder / STORE_FILE).exists()
    if dataset.articles is None:
        if not there:
            raise IndexNotFound(folder, f"No index at {folder}, and {dataset.path} brings no articles. Name one with --index.")
        return IndexPlan(folder, {}, to_add=False, notes=())
    if not there:
        return IndexPlan(folder, {}, to_add=True, notes=())
    stored = _digests(folder)
    count = lacking = 0
    given: dict[str, str] = {}
    for article in set_articles(dataset):
        count += 1
        if article.id not in stored:
            lacking += 1
        elif stored[article.id] != article.digest:
            given[article.given_id] = article.text
    if own:
        return IndexPlan(folder, {}, to_add=bool(lacking or given), notes=())
    if lacking == count:
        raise DatasetError(
            f"The index {folder} holds none of the {count:,} articles of {dataset.path}, so nothing of it could be found there. "
            "Leave --index out to have one made, or name a new folder."
        )
    return IndexPlan(folder, given, to_add=False, notes=tuple(_notes(count, lacking, len(given), len(stored))))


def _notes(count: int, lacking: int, other: int, stored: int) -> Iterator[str]:
    if lacking:
        yield f"{lacking:,} of the set's {count:,} articles are not in the index; what is judged in them counts as missed"
    if other:
        yield f"{other:,} of the set's {count:,} articles have another text in the index; judged places are located there"
    if stored > count - lacking:
        yield f"{stored - count + lacking:,} articles of the index are not in the set; what they answer is not judged"


def _digests(folder: Path) -> dict[str, str]:
    store = Store.open(folder)
    try:
        with store.reading():
            return store.digests()
    finally:
        store.close()


def set_articles(dataset: Dataset) -> Iterator[Article]:
    """The set's articles, without those that were refused."""
    items: Iterable[Article | Refusal] = dataset.articles() if dataset.articles else ()
    return (item for item in items if isinstance(item, Article))
