"""The near-duplicates in the store: repeated sentences and similar articles.

Sentences with the same words have the same key. A cluster is a set of articles, each similar to at least one other. It is
named by the row of its first article, and most articles are alone in theirs. A band is a number that similar texts share.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qa.base.types import Span
from qa.index.statements import marks, rows_naming, stored_rows


@dataclass(frozen=True, slots=True)
class Recurring:
    """A sentence in `stories` of a source's `stories_of_source`. Near-duplicate articles count as one story."""

    words_key: int
    sentence: str
    source: str | None
    stories: int
    stories_of_source: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """An article, by its row, that shares `bands` bands with another one."""

    row: int
    cluster: int
    bands: int


class NearDuplicates:
    """Near-duplicates of one store, through its connection. Writing needs the writer's lock and a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @stored_rows()
    def positions(self, words_key: int, *, most: int) -> list[tuple[int, int, Span]]:
        """(article row, position, span) of the first `most` sentences with this key in live articles, in the articles' order."""
        statement = (
            "SELECT article, position, start, end FROM sentences JOIN articles ON articles.row = article "
            "WHERE words = ? AND removed_at IS NULL ORDER BY article, position LIMIT ?"
        )
        rows = self._connection.execute(statement, (words_key, most))
        return [(article, position, Span(start, end)) for article, position, start, end in rows]

    def clusters(self, article_ids: Iterable[str]) -> dict[str, int]:
        """Article id → its cluster."""
        statement = "SELECT id, cluster FROM clusters JOIN articles ON articles.row = article WHERE id IN ({marks})"
        return dict(rows_naming(self._connection, statement, article_ids))

    def similar_to(self, article_row: int) -> list[int]:
        """Rows of the other live articles in the article's cluster, in the order they were added."""
        statement = (
            "SELECT article FROM clusters JOIN articles ON articles.row = article WHERE removed_at IS NULL AND article != ? "
            "AND cluster = (SELECT cluster FROM clusters WHERE article = ?) ORDER BY article"
        )
        return [row for (row,) in self._connection.execute(statement, (article_row, article_row))]

    def count(self) -> int:
        """How many live articles have a live near-duplicate."""
        statement = (
            "SELECT coalesce(sum(size), 0) FROM (SELECT count(*) AS size FROM clusters JOIN articles ON articles.row = article "
            "WHERE removed_at IS NULL GROUP BY cluster HAVING size > 1)"
        )
        return int(self._connection.execute(statement).fetchone()[0])

    def sharing(self, bands: Sequence[int]) -> list[Sharing]:
        """The articles, including removed ones, that share a band with these; most shared bands first, then by row."""
        statement = (
            "SELECT bands.article, cluster, count(*) AS shared FROM bands JOIN clusters USING (article) "
            f"WHERE band IN ({marks(bands)}) GROUP BY bands.article ORDER BY shared DESC, bands.article"
        )
        return [Sharing(*row) for row in self._connection.execute(statement, tuple(bands))]

    def join(self, article_row: int, bands: Sequence[int], clusters: Collection[int]) -> None:
        """Merge these clusters and put the article into the result; without clusters, into a new one."""
        cluster = min(clusters, default=article_row)
        self._connection.executemany("INSERT INTO bands VALUES (?, ?)", ((band, article_row) for band in bands))
        self._connection.execute("INSERT INTO clusters VALUES (?, ?)", (article_row, cluster))
        self._connection.executemany(
            "UPDATE clusters SET cluster = ? WHERE cluster = ?", ((cluster, other) for other in clusters if other != cluster)
        )

    def recurring(self, *, fewest: int) -> list[Recurring]:
        """The sentences in at least `fewest` stories of a source, the most frequent first."""
        statement = (
            "SELECT words, min(article), source, count(DISTINCT cluster) AS stories "
            "FROM sentences JOIN articles ON articles.row = article JOIN clusters USING (article) "
            "WHERE removed_at IS NULL AND words IN "
            "(SELECT words FROM sentences WHERE words IS NOT NULL GROUP BY words HAVING count(*) >= ?) "
            "GROUP BY source, words HAVING stories >= ? ORDER BY stories DESC, words"
        )
        rows = self._connection.execute(statement, (fewest, fewest)).fetchall()
        of_source = {name: self.stories_of(name) for name in dict.fromkeys(name for _, _, name, _ in rows)}
        return [
            Recurring(words_key, self._sentence(words_key, row), name, stories, of_source[name])
            for words_key, row, name, stories in rows
        ]

    def frequent(self, keys: Iterable[int], *, fewest: int) -> list[int]:
        """The keys that at least `fewest` sentences of any articles have. This is a fast first test; most keys fail it."""
        statement = "SELECT words FROM sentences WHERE words IN ({marks}) GROUP BY words HAVING count(*) >= ?"
        return [words_key for (words_key,) in rows_naming(self._connection, statement, keys, fewest)]

    def stories_with(self, words_key: int, source: str | None, *, most: int) -> int:
        """In how many stories of a source the sentence occurs, counted up to `most`."""
        statement = (  # CROSS: from the sentence on, or SQLite goes through all articles of the source
            "SELECT count(*) FROM (SELECT DISTINCT cluster FROM sentences CROSS JOIN articles ON articles.row = article "
            "CROSS JOIN clusters USING (article) WHERE words = ? AND source IS ? AND removed_at IS NULL LIMIT ?)"
        )
        return int(self._connection.execute(statement, (words_key, source, most)).fetchone()[0])

    def stories_of(self, source: str | None, *, most: int = -1) -> int:
        """How many stories a source has, counted up to `most`, which does not take longer the more it has."""
        statement = (
            "SELECT count(*) FROM (SELECT DISTINCT cluster FROM articles JOIN clusters ON article = articles.row "
            "WHERE removed_at IS NULL AND source IS ? LIMIT ?)"
        )
        return int(self._connection.execute(statement, (source, most)).fetchone()[0])

    @stored_rows()
    def _sentence(self, words_key: int, article_row: int) -> str:
        first = "SELECT text, start, end FROM sentences JOIN articles ON articles.row = article WHERE words = ? AND article = ?"
        text, start, end = self._connection.execute(first, (words_key, article_row)).fetchone()
        return Span(start, end).of(text)

    def has_sentence(self, words_key: int) -> bool:
        """Whether an article, also a removed one, has a sentence of these words that could be cited."""
        statement = "SELECT EXISTS (SELECT 1 FROM sentences WHERE words = ?)"
        return bool(self._connection.execute(statement, (words_key,)).fetchone()[0])

    def overruled(self) -> dict[int, tuple[str, bool]]:
        """Key of a sentence's words → (the sentence, whether a user marked it as boilerplate)."""
        statement = "SELECT words, sentence, boilerplate FROM overruled ORDER BY sentence"
        return {key: (sentence, bool(boilerplate)) for key, sentence, boilerplate in self._connection.execute(statement)}

    def overrule(self, words_key: int, sentence: str, boilerplate: bool | None) -> None:
        """Store a user's decision whether a sentence is boilerplate; None deletes it."""
        self._connection.execute("DELETE FROM overruled WHERE words = ?", (words_key,))
        if boilerplate is not None:
            self._connection.execute("INSERT INTO overruled VALUES (?, ?, ?)", (words_key, sentence, boilerplate))
