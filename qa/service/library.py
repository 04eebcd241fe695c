"""An index folder → the articles in it, read from its store alone: no model is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.base.errors import ArticleNotFound, IndexDamaged, VersionNotFound
from qa.base.times import REMOVED_KEPT, rfc3339
from qa.base.types import NO_FILTERS, Article, ArticleOrder, FilterAdvice, Filters, Sentence
from qa.corpus.decode import clean
from qa.index.layout import STORE_FILE
from qa.index.store import ArticleRow, Counts, Store, open_store
from qa.service.boilerplate import LearnedLine, learned_lines, masked_sentences
from qa.service.filter_advice import filter_advice
from qa.service.named_articles import named_id

_MOST_NEAR_DUPLICATES = 100  # of an article


@dataclass(frozen=True, slots=True)
class IndexSize:
    """What one generation of an index holds."""

    generation: int
    counts: Counts


class Library:
    """The articles of one index folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._size: IndexSize | None = None

    def opened(self) -> AbstractContextManager[Store]:
        """The store of the articles, unchanging until the block ends."""
        return open_store(self.folder)

    def exists(self) -> bool:
        """Whether there is an index in the folder, even a damaged one."""
        return (self.folder / STORE_FILE).exists()

    def check(self) -> None:
        """Read the whole store once and look for damage: a second a gigabyte, and more from a disk.

        The files of the edition are compared with their digests whenever they are opened: together, every byte is checked.

        Raises:
            IndexNotFound, IndexMismatch, IndexDamaged: as their names say.
        """
        with self.opened() as store:
            problems = store.integrity_problems()
        if problems:
            raise IndexDamaged(self.folder, f"{self.folder / STORE_FILE} is damaged: {problems[0]}. `qa verify` looks closer.")

    def articles(self, filters: Filters = NO_FILTERS) -> Iterator[ArticleRow]:
        """Every article that passes, in the order it was added, even a damaged one."""
        with self.opened() as store:
            yield from store.articles(filters, even_damaged=True)

    def damaged_articles(self) -> list[ArticleRow]:
        """The articles of which nothing is quoted, since they are not as they were added. All texts are read for that."""
        with self.opened() as store:
            return store.damaged_articles()

    def page(
        self,
        words: str = "",
        filters: Filters = NO_FILTERS,
        *,
        limit: int,
        before: int | None = None,
        order: ArticleOrder = ArticleOrder.ADDED,
        in_text: bool = False,
    ) -> list[ArticleRow]:
        """Articles of which title, source, author, id or URL, or with `in_text` the text, hold all the words; `Store.page` says
        more."""
        with self.opened() as store:
            return store.page(clean(words).split(), filters, limit=limit, before=before, order=order, in_text=in_text)

    def count(self, words: str = "", filters: Filters = NO_FILTERS, *, in_text: bool = False) -> int:
        """How many articles `page` goes through."""
        with self.opened() as store:
            return store.count(clean(words).split(), filters, in_text=in_text)

    def filter_advice(self, filters: Filters) -> tuple[FilterAdvice, ...]:
        """Advice on filters that let no article pass, or name what none has; empty in an index without articles."""
        with self.opened() as store:
            if not filters or not store.is_whole or not store.has_articles():
                return ()
            return filter_advice(store, filters, none_passes=not store.count((), filters))

    def sources(self) -> list[str]:
        """The names of the articles' sources, in order."""
        with self.opened() as store:
            return store.filter_values.sources()

    def languages(self) -> list[str]:
        """The languages of the articles (ISO 639-1), declared or guessed, in order."""
        with self.opened() as store:
            return store.filter_values.language_codes()

    def article(
        self, id_or_given_id: str, *, version: str | None = None, even_damaged: bool = False
    ) -> tuple[ArticleRow, list[Sentence]]:
        """An article with its sentences, as it is now or, by the digest of its text, as it was.

        Raises:
            ArticleNotFound, VersionNotFound: there is none of this id, or no such text of it is kept.
            ArticleDamaged: it is not as it was added, and `even_damaged` is not set.
        """
        with self.opened() as store:
            stored = _stored(store, id_or_given_id, even_damaged=even_damaged)
            sentences = store.all_sentences(stored)
            if version is not None and version != stored.article.digest:
                earlier = store.version(stored.article.id, version)
                if earlier is None:
                    raise VersionNotFound(stored.article.id, version)
                stored, sentences = earlier
            return stored, masked_sentences(stored.article, sentences, store.near_duplicates)

    def named_ids(self, names: Iterable[str], *, removed: bool = False) -> list[str]:
        """The ids of the articles that these ids, titles and files' names mean; `named_id` says more."""
        with self.opened() as store:
            return [named_id(store, name, removed=removed) for name in names]

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The titles of those of these articles that are there, by the ids as they were given."""
        with self.opened() as store:
            found = {id_: store.article(clean(id_)) for id_ in ids}
            return {id_: stored.article.title for id_, stored in found.items() if stored}

    def near_duplicates(self, id_or_given_id: str) -> list[ArticleRow]:
        """The near-duplicates of an article, the first 100 in the order they were added. Raises as `article` does."""
        with self.opened() as store:
            stored = _stored(store, id_or_given_id, even_damaged=True)
            rows = store.near_duplicates.similar_to(stored.row)[:_MOST_NEAR_DUPLICATES]
            return [similar for row in rows if (similar := store.article_in(row)) is not None]

    def boilerplate(self) -> list[LearnedLine]:
        """The lines that recur in the stories of a source and are never cited, and those that a user overruled."""
        with self.opened() as store:
            return learned_lines(store.near_duplicates)

    def removed_article(self, id_or_given_id: str) -> Article | None:
        """An article that is hidden and not purged yet."""
        with self.opened() as store:
            stored = store.article(clean(id_or_given_id), removed=True, even_damaged=True)
            return stored.article if stored else None

    def removed_ids(self) -> list[str]:
        """Articles that are hidden and not purged yet."""
        with self.opened() as store:
            return store.removed_ids(before=datetime.max.isoformat())

    def removed_lately(self, *, limit: int) -> list[tuple[str, str]]:
        """Ids and titles of the articles that were removed in the last ten minutes, the last first."""
        with self.opened() as store:
            return store.removed_since(rfc3339(datetime.now(UTC) - REMOVED_KEPT), limit=limit)

    def counts(self) -> Counts:
        """How many articles, sentences and passages can answer."""
        with self.opened() as store:
            return store.counts()

    def size(self) -> IndexSize:
        """What the index holds now, counted again only when it has changed; waits for no question."""
        with self.opened() as store:
            if self._size is None or self._size.generation != store.generation:
                self._size = IndexSize(store.generation, store.counts())
            return self._size


def _stored(store: Store, id_or_given_id: str, *, even_damaged: bool) -> ArticleRow:
    stored = store.article(clean(id_or_given_id), even_damaged=even_damaged)
    if stored is None:
        raise ArticleNotFound(id_or_given_id)
    return stored
