"""A collection → a store of those of its articles that questions touch, in memory: an answering machine has no other state.

The articles come with all their rows and with the keys that they have in the store of the index folder, so that everything
which reads a store reads this one. What only the whole index can say comes from the statistics of the collection.
"""

# ruff: noqa: ARG002 - the methods have the signatures of a store's

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from qa.base.errors import EngineError
from qa.base.protocols import Candidate, Rows
from qa.base.terms import SearchedPassage
from qa.base.types import NO_FILTERS, ArticleOrder, Filters, Place, article_id_of
from qa.index.filter_values import DaysCount, FilterValues, LanguageCount
from qa.index.milvus.collection import COPIES, MOST_HITS, MilvusCollection, literal
from qa.index.milvus.copies import read_copies
from qa.index.milvus.expressions import both, filter_expression
from qa.index.milvus.rows import sentence_key
from qa.index.milvus.statistics import Statistics
from qa.index.near_duplicates import NearDuplicates
from qa.index.source_names import names_source
from qa.index.store import ArticleRow, Counts, StoreWriter

_COPIES_AT_ONCE = 200  # articles of one query; some MB
_A_COPY = "part == 0 and article > 0"  # what is true of one row for each article


class CollectionStore(StoreWriter):
    """The articles of one generation of a collection, each read when it is first asked for."""

    is_whole = False
    _collection: MilvusCollection
    statistics: Statistics
    _loaded: set[int]

    @classmethod
    def of(cls, collection: MilvusCollection, statistics: Statistics) -> CollectionStore:
        empty = StoreWriter.in_memory(Path(collection.place.collection))
        store = cls(empty.folder, empty._connection)
        store._collection = collection
        store.statistics = statistics
        store._loaded = set()
        return store

    @property
    def loaded(self) -> int:
        """How many articles are in memory."""
        return len(self._loaded)

    # What is read first

    def _load(self, article_rows: Iterable[int]) -> None:
        """Read the copies of articles; those that have none, or not a whole one, stay away."""
        wanted = sorted(set(article_rows) - self._loaded)
        for start in range(0, len(wanted), _COPIES_AT_ONCE):
            copies = read_copies(self._collection, wanted[start : start + _COPIES_AT_ONCE])
            with self.writing():
                for copy in copies.values():
                    self.copies.put(copy)
            self._loaded |= copies.keys()

    def _load_rows(self, rows: Sequence[int]) -> None:
        known = {row for (row,) in self._naming("SELECT row FROM passages WHERE row IN ({marks})", rows)}
        missing = [row for row in rows if row not in known]
        if missing:
            self._load(row["article"] for row in self._collection.query_naming("row", missing, ["article"]))

    def _load_ids(self, ids: Sequence[str]) -> None:
        """By either id."""
        known = {id_ for (id_,) in self._naming("SELECT id FROM articles WHERE id IN ({marks})", ids)}
        for id_ in ids:
            if id_ not in known:
                named = f"(article_id == {literal(id_)} or given_id == {literal(id_)}) and {_A_COPY}"
                self._load(row["article"] for row in self._collection.query(named, ["article"], partition=COPIES))

    def searched_passages(self, rows: Iterable[int]) -> list[SearchedPassage]:
        wanted = list(rows)
        self._load_rows(wanted)
        return super().searched_passages(wanted)

    def candidates(self, passage_ids: Sequence[str]) -> list[Candidate]:
        self._load_ids(list(dict.fromkeys(map(article_id_of, passage_ids))))
        return super().candidates(passage_ids)

    def article(self, id_or_given_id: str, *, removed: bool = False, even_damaged: bool = False) -> ArticleRow | None:
        self._load_ids([id_or_given_id])
        return super().article(id_or_given_id, removed=removed, even_damaged=even_damaged)

    def live_digests(self, article_ids: Iterable[str]) -> dict[str, str]:
        wanted = list(article_ids)
        self._load_ids(wanted)
        return super().live_digests(wanted)

    def places(self, words_key: int, *, most: int) -> list[Place]:
        holding = self._collection.query(f"array_contains(sentences, {sentence_key(words_key)})", ["article"])
        self._load(sorted({row["article"] for row in holding})[:most])
        return super().places(words_key, most=most)

    def selected_rows(self, filters: Filters) -> Rows:
        """At most 16,384 of them, as many as one query gives."""
        rows = self._collection.query(both("row > 0", filter_expression(filters)), ["row"], most=MOST_HITS)
        return np.sort(np.array([row["row"] for row in rows], np.int64))

    # What the statistics say

    @property
    def generation(self) -> int:
        return self.statistics.generation

    def fact(self, name: str) -> str | None:
        return self.statistics.facts.get(name)

    def facts(self) -> dict[str, str]:
        return dict(self.statistics.facts)

    def counts(self) -> Counts:
        known = self.statistics
        return Counts(known.articles, known.sentences, known.passages)

    def has_articles(self) -> bool:
        return self.statistics.articles > 0

    def last_added_at(self) -> str | None:
        return self.statistics.last_added_at

    def integrity_problems(self, *, indexes: bool = False) -> list[str]:
        return []

    @property
    def near_duplicates(self) -> NearDuplicates:
        return _NearDuplicates(self)

    @property
    def filter_values(self) -> FilterValues:
        return _FilterValues(self)

    # What only the folder knows

    def count(self, words: Sequence[str] = (), filters: Filters = NO_FILTERS, *, in_text: bool = False) -> int:
        if words:
            raise self._not_here("a search in the list of articles")
        return self._collection.count(both(_A_COPY, filter_expression(filters)), partition=COPIES)

    def articles(self, filters: Filters = NO_FILTERS, *, even_damaged: bool = False) -> Iterator[ArticleRow]:
        raise self._not_here("the list of articles")

    def page(
        self,
        words: Sequence[str] = (),
        filters: Filters = NO_FILTERS,
        *,
        limit: int,
        before: int | None = None,
        order: ArticleOrder = ArticleOrder.ADDED,
        in_text: bool = False,
    ) -> list[ArticleRow]:
        raise self._not_here("the list of articles")

    def _not_here(self, what: str) -> EngineError:
        return EngineError(
            f"This machine answers from the {self._collection} alone: {what} is on the machine with the index folder."
        )

    def similar_articles(self, article_row: int) -> None:
        """Read the near-duplicates of an article."""
        stored = self.article_in(article_row)
        cluster = NearDuplicates(self._connection).clusters([stored.article.id]) if stored is not None else {}
        for number in cluster.values():
            near = self._collection.query(f"cluster == {number} and {_A_COPY}", ["article"], partition=COPIES)
            self._load(row["article"] for row in near)


class _NearDuplicates(NearDuplicates):
    """What recurs in the whole index, by its statistics."""

    def __init__(self, store: CollectionStore) -> None:
        super().__init__(store._connection)
        self._store = store
        self._recurring = {(key, source): stories for key, source, stories in store.statistics.recurring}
        self._stories = dict(store.statistics.stories)

    def similar_to(self, article_row: int) -> list[int]:
        self._store.similar_articles(article_row)
        return super().similar_to(article_row)

    def frequent(self, keys: Iterable[int], *, fewest: int) -> list[int]:
        recurring = {key for (key, _), stories in self._recurring.items() if stories >= fewest}
        return [key for key in keys if key in recurring]

    def stories_with(self, words_key: int, source: str | None, *, most: int) -> int:
        return min(most, self._recurring.get((words_key, source), 0))

    def stories_of(self, source: str | None, *, most: int = -1) -> int:
        stories = self._stories.get(source, 0)
        return stories if most < 0 else min(most, stories)

    def overruled(self) -> dict[int, tuple[str, bool]]:
        return {key: (sentence, is_boilerplate) for key, sentence, is_boilerplate in self._store.statistics.overruled}


class _FilterValues(FilterValues):
    """What filters may name, by the statistics: those of the whole index, whatever passes."""

    def __init__(self, store: CollectionStore) -> None:
        super().__init__(store._connection)
        self._statistics = store.statistics

    def sources(self) -> list[str]:
        return list(self._statistics.sources)

    def sources_named(self, name: str) -> list[str]:
        return [source for source in self._statistics.sources if names_source(name, source)]

    def languages(self, filters: Filters = NO_FILTERS) -> list[LanguageCount]:
        return [LanguageCount(*one) for one in self._statistics.languages]

    def language_codes(self) -> list[str]:
        return sorted(code for code, _, _ in self._statistics.languages)

    def days(self, filters: Filters = NO_FILTERS) -> DaysCount:
        first, last, undated = self._statistics.days
        return DaysCount(_day(first), _day(last), undated)

    def ids_beginning(self, with_: str, *, most: int) -> list[str]:
        return []


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
