"""What the live articles have for filters to name: their sources, languages and days.

Each source is stored with its keys (`source_names`), so that a filter finds it without reading the articles.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from qa.base.types import NO_FILTERS, Filters
from qa.index.filters import article_condition
from qa.index.source_names import asked_keys, held_keys
from qa.index.statements import marks, stored_rows

_IS_LIVE = "EXISTS (SELECT 1 FROM articles WHERE articles.source = source_names.source AND removed_at IS NULL)"


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How many articles are in a language (ISO 639-1), and of how many of these it was guessed."""

    language: str
    articles: int
    guessed: int


@dataclass(frozen=True, slots=True)
class DaysCount:
    """The first and the last day of publication, and how many articles have none."""

    first: date | None
    last: date | None
    undated: int


@dataclass(frozen=True, slots=True)
class ArticleName:
    """What tells one article from others, for people."""

    id: str
    given_id: str
    title: str
    published_at: str | None


class FilterValues:
    """The values of one store, through its connection. Writing needs the writer's lock and a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sources(self) -> list[str]:
        """The names of the sources, in order."""
        return self._column(f"SELECT DISTINCT source FROM source_names WHERE {_IS_LIVE} ORDER BY source")

    def sources_named(self, name: str) -> list[str]:
        """The sources that this name stands for, in order."""
        keys = sorted(asked_keys(name))
        return self._column(
            f"SELECT DISTINCT source FROM source_names WHERE name IN ({marks(keys)}) AND {_IS_LIVE} ORDER BY source", *keys
        )

    def languages(self, filters: Filters = NO_FILTERS) -> list[LanguageCount]:
        """The languages of the articles that pass, the most frequent first."""
        condition, values = article_condition(filters)
        statement = (
            "SELECT languages.language, count(*), sum(guessed) FROM articles JOIN languages ON article = articles.row "
            f"WHERE removed_at IS NULL{condition} GROUP BY languages.language ORDER BY count(*) DESC, languages.language"
        )
        return [LanguageCount(*row) for row in self._connection.execute(statement, values)]

    def language_codes(self) -> list[str]:
        """The languages of the articles, declared or guessed, in order; without reading past the first article of each."""
        return self._column(
            "WITH RECURSIVE codes (code) AS (SELECT min(language) FROM languages UNION ALL "
            "SELECT (SELECT min(language) FROM languages WHERE language > code) FROM codes WHERE code IS NOT NULL) "
            "SELECT code FROM codes WHERE EXISTS (SELECT 1 FROM languages JOIN articles ON articles.row = article "
            "WHERE languages.language = code AND removed_at IS NULL)"
        )

    @stored_rows()
    def days(self, filters: Filters = NO_FILTERS) -> DaysCount:
        """The days of the articles that pass."""
        condition, values = article_condition(filters)
        first, last, undated = self._connection.execute(
            "SELECT min(substr(published_at, 1, 10)), max(substr(published_at, 1, 10)), count(*) - count(published_at) "
            f"FROM articles WHERE removed_at IS NULL{condition}",
            values,
        ).fetchone()
        return DaysCount(_day(first), _day(last), undated)

    def has_id(self, id_or_given_id: str) -> bool:
        """Whether an article has this id or given id."""
        statement = "SELECT EXISTS (SELECT 1 FROM articles WHERE (id = ? OR given_id = ?) AND removed_at IS NULL)"
        return bool(self._connection.execute(statement, (id_or_given_id, id_or_given_id)).fetchone()[0])

    def article_names(self, *, removed: bool = False) -> list[ArticleName]:
        """Those of all articles, or of all removed ones, in the order the articles were added."""
        statement = f"SELECT id, given_id, title, published_at FROM articles WHERE removed_at IS {'NOT ' if removed else ''}NULL"
        return [ArticleName(*row) for row in self._connection.execute(f"{statement} ORDER BY row")]

    def ids_beginning(self, with_: str, *, most: int) -> list[str]:
        """The first given ids and ids that begin with these characters."""
        found = [
            name
            for column in ("given_id", "id")
            for name in self._column(
                f"SELECT {column} FROM articles WHERE {column} >= ? AND {column} < ? AND removed_at IS NULL "
                f"ORDER BY {column} LIMIT ?",
                *(with_, f"{with_}\U0010ffff", most),
            )
        ]
        return found[:most]

    def add_source(self, source: str | None) -> None:
        """Store the keys of an article's source."""
        if source is not None:
            self._connection.executemany(
                "INSERT OR IGNORE INTO source_names VALUES (?, ?)", ((key, source) for key in held_keys(source))
            )

    def forget_unused_source(self, source: str | None) -> None:
        """Delete the keys of a source that no article has any more, live or removed."""
        self._connection.execute(
            "DELETE FROM source_names WHERE source = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.source = ?)",
            (source, source),
        )

    def renew_sources(self) -> None:
        """Store the keys of every source anew."""
        self._connection.execute("DELETE FROM source_names")
        for source in self._column("SELECT DISTINCT source FROM articles WHERE source IS NOT NULL"):
            self.add_source(source)

    def _column(self, statement: str, *values: object) -> list[str]:
        return [str(value) for (value,) in self._connection.execute(statement, values)]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
