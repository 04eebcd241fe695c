"""Articles, sentences, passages and vectors in one SQLite file, from which all else is derived.

A row is a passage's integer key. Rows are never reused, so rows above a known one were added later. A vector is stored once
under a key of everything it was computed from, in half precision (cosine with the full one above 0.99999). Only the holder
of the writer's lock opens a StoreWriter, so only one process checkpoints (SQLite before 3.51.3 can lose a WAL reset
otherwise).
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import Any

import numpy as np

from qa.base.errors import ArticleDamaged, IndexBusy, IndexDamaged, IndexMismatch, IndexNotFound, StorageError, StoreError
from qa.base.protocols import Candidate, Rows, Vectors
from qa.base.terms import ArticleTerms, SearchedArticle, SearchedPassage
from qa.base.types import (
    NO_FILTERS,
    Article,
    ArticleOrder,
    Filters,
    Passage,
    Place,
    Sentence,
    SentenceKind,
    Span,
    passage_id,
)
from qa.index.article_search import ORDERS, functions, words_condition
from qa.index.copies import ArticleCopies
from qa.index.filter_values import FilterValues
from qa.index.filters import article_condition
from qa.index.layout import BEFORE_THE_STORE, PRIVATE_FOLDER, STORE_FILE, STORE_LOG_FILE, make_private
from qa.index.near_duplicates import NearDuplicates
from qa.index.pending import Pending
from qa.index.records import (
    ARTICLES,
    CUT,
    CUT_INTO,
    DIGESTED,
    FACTS,
    RECORD,
    VERSIONS,
    article_of,
    check_cut,
    check_sentences,
    place_of,
    searched_passage,
)
from qa.index.row_digests import CREATE, RowDigests, row_digest
from qa.index.statements import marks, rows_naming, stored_rows

log = logging.getLogger(__name__)

APPLICATION_ID = 0x71612D31  # "qa-1" in the file's header
_PASSAGE_ID = re.compile(r"(.+)@[0-9a-f]{8}:(\d+)-(\d+)")
_LAST = 2**62  # above any position
_READABLE = methodcaller("decode", "utf-8", "replace")  # a text with a damaged byte can be read, and differs from its digest

# Each entry raises the store's version by one. Entries are only appended, never changed.
MIGRATIONS = (
    """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE articles (
        row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, given_id TEXT NOT NULL,
        title TEXT NOT NULL, embedded_title TEXT NOT NULL, text TEXT NOT NULL, digest TEXT NOT NULL,
        url TEXT, source TEXT, author TEXT, published_at TEXT, language TEXT,
        added_at TEXT NOT NULL, removed_at TEXT);
    CREATE INDEX articles_given_id ON articles (given_id);
    CREATE INDEX articles_removed ON articles (removed_at) WHERE removed_at IS NOT NULL;
    CREATE TABLE sentences (
        article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
        position INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, kind TEXT NOT NULL,
        PRIMARY KEY (article, position)) WITHOUT ROWID;
    CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL);
    CREATE TABLE passages (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
        start INTEGER NOT NULL, end INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        vector BLOB NOT NULL REFERENCES vectors (key));
    CREATE INDEX passages_article ON passages (article);
    CREATE INDEX passages_vector ON passages (vector);
    CREATE TABLE gone (row INTEGER PRIMARY KEY);
    """,
    # What filters and the ranker ask of an article, without reading past its text, which lies before these columns.
    "CREATE INDEX articles_facts ON articles (id, given_id, removed_at, published_at, source, language)",
    # Texts that articles had before. `sentences` is JSON, [start, end, kind] of each.
    """
    CREATE TABLE versions (
        id TEXT NOT NULL, given_id TEXT NOT NULL, title TEXT NOT NULL, digest TEXT NOT NULL, url TEXT, source TEXT, author TEXT,
        published_at TEXT, language TEXT, added_at TEXT NOT NULL, replaced_at TEXT NOT NULL, sentences TEXT NOT NULL,
        text TEXT NOT NULL, PRIMARY KEY (id, digest));
    CREATE INDEX versions_replaced ON versions (replaced_at);
    """,
    # Near-duplicates. `words` is a key that is equal where a sentence's words are. A cluster holds articles that are similar to
    # one another; its name is the row of the first. `bands` are searched for those similar to a new article.
    # For older articles `qa rebuild` fills these: an index of that time has another format.
    """
    ALTER TABLE sentences ADD COLUMN words INTEGER;
    CREATE INDEX sentences_words ON sentences (words) WHERE words IS NOT NULL;
    CREATE TABLE clusters (
        article INTEGER PRIMARY KEY REFERENCES articles (row) ON DELETE CASCADE, cluster INTEGER NOT NULL);
    CREATE INDEX clusters_cluster ON clusters (cluster);
    CREATE TABLE bands (
        band INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
        PRIMARY KEY (band, article)) WITHOUT ROWID;
    CREATE INDEX bands_article ON bands (article);
    """,
    # Sentences of which a user said whether they are boilerplate, by the key of their words.
    "CREATE TABLE overruled (words INTEGER PRIMARY KEY, sentence TEXT NOT NULL, boilerplate INTEGER NOT NULL)",
    # The language by which an article was split and indexed, ISO 639-1: said or guessed.
    """
    CREATE TABLE languages (
        article INTEGER PRIMARY KEY REFERENCES articles (row) ON DELETE CASCADE, language TEXT NOT NULL)
    """,
    # The terms of an article in order, as in base/terms.py, little-endian. `qa rebuild` fills these for older articles.
    """
    CREATE TABLE terms (
        article INTEGER PRIMARY KEY REFERENCES articles (row) ON DELETE CASCADE, counts BLOB NOT NULL, keys BLOB NOT NULL)
    """,
    # What passages are named by, without reading past the text of their articles.
    "CREATE INDEX articles_names ON articles (row, id, digest, published_at)",
    # What filters look for: the keys of each source (`source_names.py`), filled by the writer that migrates, and whether an
    # article's language was guessed, which it was where the article declares no ISO 639-1 code.
    """
    ALTER TABLE languages ADD COLUMN guessed INTEGER NOT NULL DEFAULT 0;
    UPDATE languages SET guessed = 1 WHERE article IN (SELECT row FROM articles WHERE language IS NULL
        OR NOT (trim(language) GLOB '[A-Za-z][A-Za-z]' OR trim(language) GLOB '[A-Za-z][A-Za-z][-_]*'));
    CREATE INDEX languages_language ON languages (language);
    CREATE INDEX articles_source ON articles (source, removed_at, published_at);
    CREATE TABLE source_names (name TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (name, source)) WITHOUT ROWID;
    CREATE INDEX source_names_source ON source_names (source);
    """,
    # Whether a text is the source of a Markdown file. Of older articles their paths say so.
    """
    ALTER TABLE articles ADD COLUMN is_markdown INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE versions ADD COLUMN is_markdown INTEGER NOT NULL DEFAULT 0;
    UPDATE articles SET is_markdown = 1 WHERE given_id LIKE '/%.md' OR given_id LIKE '/%.markdown';
    UPDATE versions SET is_markdown = 1 WHERE given_id LIKE '/%.md' OR given_id LIKE '/%.markdown';
    """,
    # What qa wrote, to tell it from what something else changed; the writer that migrates fills these.
    CREATE,
)

_PASSAGES = "(SELECT count(*) FROM passages WHERE article = articles.row)"
_GUESSED = "(SELECT languages.language FROM languages WHERE article = articles.row AND guessed)"


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A stored article: its key, the title its passages were embedded with, and when it was added (RFC 3339, UTC).

    An earlier version has row 0 and no passages; `replaced_at` is when a new text replaced it. One that is not `is_intact` was
    changed by something else than qa: its text, title, URL, dates or source are not what was added.
    """

    row: int
    article: Article
    embedded_title: str
    added_at: str
    passages: int
    replaced_at: str | None = None
    is_intact: bool = True


@dataclass(frozen=True, slots=True)
class Counts:
    articles: int
    sentences: int
    passages: int


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to store, with its vector's key."""

    passage: Passage
    vector_key: bytes


@dataclass(frozen=True, slots=True)
class NewSentence:
    """A sentence to store, with the key of its words; None if it is not citable."""

    sentence: Sentence
    words_key: int | None


@contextlib.contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Translate sqlite3's errors into StoreErrors by SQLite's error codes."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where a message quotes damaged bytes
        raise _store_error(folder, error) from error


def _store_error(folder: Path, error: sqlite3.Error | UnicodeDecodeError) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    file = folder / STORE_FILE
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StorageError(
            folder, f"{file}: {error}. Free some disk space and run the same command again; the index is unchanged."
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageError(folder, f"{file} cannot be opened or written: {error}. Check the folder's permissions.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexBusy(folder, f"{file} is locked by a program other than qa: {error}. Close it and try again.")
    return IndexDamaged(
        folder, f"{file} is damaged or no qa store: {error}. Restore the folder from a copy, or add the articles to a new index."
    )


class Store:
    """A reading connection. Several processes may have some open while one writes."""

    is_whole = True  # whether it has all articles of its index

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection
        connection.text_factory = _READABLE
        self._digests = RowDigests(connection, DIGESTED)
        self._frozen_at: int | None = None  # nanoseconds: when the file that is not followed had last changed

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open for reading. The folder may be read-only, and the disk full.

        Raises:
            IndexNotFound, IndexDamaged, IndexMismatch, StorageError: as their names say.
        """
        file = require_store(folder)
        has_log = _size(folder / STORE_LOG_FILE) > 0
        # SQLite cannot create the files that WAL reading needs in a read-only folder or on a full disk; but nobody writes either.
        if not os.access(folder, os.W_OK) and not has_log:
            return cls._opened(folder, file, is_frozen=True)
        try:
            return cls._opened(folder, file)
        except StorageError:
            if has_log:
                raise
            return cls._opened(folder, file, is_frozen=True)

    @classmethod
    def _opened(cls, folder: Path, file: Path, *, is_frozen: bool = False) -> Store:
        mode = "mode=ro&immutable=1" if is_frozen else "mode=ro"
        with translated(folder), contextlib.ExitStack() as on_failure:
            connection = sqlite3.connect(
                f"{file.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
            )
            on_failure.callback(connection.close)
            store = cls(folder, connection)
            store._frozen_at = file.stat().st_mtime_ns if is_frozen else None
            store._check_application()
            store._check_version()
            on_failure.pop_all()
        return store

    def is_outdated(self) -> bool:
        """Whether the store was opened where nobody could write, and somebody has written since: this one does not notice."""
        return self._frozen_at is not None and (
            _size(self.folder / STORE_LOG_FILE) > 0 or (self.folder / STORE_FILE).stat().st_mtime_ns != self._frozen_at
        )

    def _check_application(self) -> None:
        if self._one("PRAGMA application_id") != APPLICATION_ID:
            raise IndexDamaged(self.folder, f"{self.folder / STORE_FILE} is no qa store. Choose another --index folder.")

    def _check_version(self) -> None:
        version = self._one("PRAGMA user_version")
        if version != len(MIGRATIONS):
            raise IndexMismatch(
                self.folder,
                f"{self.folder} has store version {version}, this qa reads {len(MIGRATIONS)}. "
                + (
                    "It was made by a newer qa: install that."
                    if version > len(MIGRATIONS)
                    else "`qa rebuild` brings it up to date."
                ),
            )

    def close(self) -> None:
        self._connection.close()

    @property
    def near_duplicates(self) -> NearDuplicates:
        """The near-duplicates among the store's articles."""
        return NearDuplicates(self._connection)

    @property
    def pending(self) -> Pending:
        """The articles that a remote engine may have otherwise."""
        return Pending(self._connection)

    @property
    def copies(self) -> ArticleCopies:
        """The articles with all their rows."""
        return ArticleCopies(self._connection)

    @property
    def filter_values(self) -> FilterValues:
        """What the store's articles have for filters to name."""
        return FilterValues(self._connection)

    def _one(self, statement: str, *values: object) -> int:
        return int(self._connection.execute(statement, values).fetchone()[0])

    def _naming(self, statement: str, values: Iterable[object]) -> Iterator[tuple[Any, ...]]:
        return rows_naming(self._connection, statement, values)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """One unchanging state of the store for all reads in the block."""
        with translated(self.folder):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def copy_to(self, folder: Path) -> None:
        """Write this state into a store of another folder: one file, on the disk when this returns. Nobody waits for it."""
        make_private(folder / STORE_FILE)
        with translated(folder), contextlib.closing(sqlite3.connect(folder / STORE_FILE, isolation_level=None)) as copy:
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # no log stands beside it

    def data_version(self) -> int:
        """A number that changes whenever another connection has committed."""
        with translated(self.folder):
            return self._one("PRAGMA data_version")

    def fact(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def is_fact_intact(self, name: str) -> bool:
        """Whether the fact is as qa wrote it."""
        return (FACTS.name, name) not in [*self._digests.changed(FACTS), *self._digests.missing(FACTS)]

    def facts(self) -> dict[str, str]:
        """All facts by name."""
        return dict(self._connection.execute("SELECT name, value FROM facts"))

    @property
    @stored_rows()
    def generation(self) -> int:
        """How often the index has changed."""
        return int(self.fact("generation") or 0)

    def counts(self) -> Counts:
        """The numbers of articles, sentences and passages, without those of removed articles."""
        removed = "SELECT row FROM articles WHERE removed_at IS NOT NULL"  # few, where the rows of the others are many
        articles, sentences, passages = (
            self._one(f"SELECT (SELECT count(*) FROM {table}) - (SELECT count(*) FROM {table} WHERE {column} IN ({removed}))")
            for table, column in (("articles", "row"), ("sentences", "article"), ("passages", "article"))
        )
        return Counts(articles, sentences, passages)

    def last_row(self) -> int:
        """The highest row of a passage, 0 without passages."""
        return self._one("SELECT coalesce(max(row), 0) FROM passages")

    def passages(self) -> int:
        """How many passages there are, also of removed articles."""
        return self._one("SELECT count(*) FROM passages")

    def passages_above(self, row: int) -> int:
        """How many passages have a higher row."""
        return self._one("SELECT count(*) FROM passages WHERE row > ?", row)

    def last_added_at(self) -> str | None:
        """When the newest live article was added (RFC 3339, UTC)."""
        newest = self.page(limit=1)
        return newest[0].added_at if newest else None

    def has_articles(self) -> bool:
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM articles WHERE removed_at IS NULL)"))

    def article(self, id_or_given_id: str, *, removed: bool = False, even_damaged: bool = False) -> ArticleRow | None:
        """The article by either id; with `removed`, a removed one that is not purged yet.

        Raises:
            ArticleDamaged: it is not as it was added, and `even_damaged` is not set.
        """
        stored = next(
            self._articles(
                f"WHERE (articles.id = ? OR given_id = ?) AND removed_at IS {'NOT ' if removed else ''}NULL",
                id_or_given_id,
                id_or_given_id,
            ),
            None,
        )
        return stored if stored is None or even_damaged else self._intact(stored)

    def _intact(self, stored: ArticleRow) -> ArticleRow:
        if not stored.is_intact:
            raise ArticleDamaged(self.folder, stored.article.id)
        return stored

    def article_in(self, article_row: int) -> ArticleRow | None:
        """The article of this row, also if it is removed or damaged."""
        return next(self._articles("WHERE articles.row = ?", article_row), None)

    @stored_rows()
    def places(self, words_key: int, *, most: int) -> list[Place]:
        """The first `most` sentences of which the words have this key in live articles, in the order the articles were added.

        Raises:
            ArticleDamaged: one of the articles is not as it was added.
        """
        positions = self.near_duplicates.positions(words_key, most=most)
        rows = list({article_row for article_row, _, _ in positions})
        articles = {
            stored.row: self._intact(stored).article for stored in self._articles(f"WHERE articles.row IN ({marks(rows)})", *rows)
        }
        return [place_of(articles[article_row], position, span) for article_row, position, span in positions]

    def text(self, article_row: int) -> str:
        """The text of a stored article, also if removed."""
        return str(self._connection.execute("SELECT text FROM articles WHERE row = ?", (article_row,)).fetchone()[0])

    @stored_rows()
    def version(self, article_id: str, digest: str) -> tuple[ArticleRow, list[Sentence]] | None:
        """An earlier text of a live article with its sentences; None if it is not kept."""
        statement = (
            f"SELECT {VERSIONS.known}, replaced_at, text, sentences, {RECORD} FROM versions WHERE id = ? AND digest = ? "
            "AND EXISTS (SELECT 1 FROM articles WHERE articles.id = versions.id AND removed_at IS NULL)"
        )
        row = self._connection.execute(statement, (article_id, digest)).fetchone()
        if row is None:
            return None
        known, replaced_at, text, sentences_json, *record = row
        article, added_at = article_of(record, text)
        is_intact = article.digest == digest and row_digest(*record, sentences_json) == known
        stored = self._intact(ArticleRow(0, article, "", added_at, 0, replaced_at, is_intact))
        sentences = [
            Sentence(position, Span(start, end), SentenceKind(kind))
            for position, (start, end, kind) in enumerate(json.loads(sentences_json))
        ]
        return stored, sentences

    def articles(self, filters: Filters = NO_FILTERS, *, even_damaged: bool = False) -> Iterator[ArticleRow]:
        """All live articles that match, in the order they were added; raises as `article` does."""
        passing, values = article_condition(filters)
        stored = self._articles(f"WHERE removed_at IS NULL{passing}", *values)
        return stored if even_damaged else map(self._intact, stored)

    def damaged_articles(self) -> list[ArticleRow]:
        """The articles, also removed ones, that are not as they were added."""
        return [stored for stored in self.all_articles() if not stored.is_intact]

    def all_articles(self) -> Iterator[ArticleRow]:
        """All articles, also removed and damaged ones, in the order they were added."""
        return self._articles("")

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
        """Live articles in an order; with `before`, those behind the article of this row, which is the next page.

        They match the filters, and each of the words is in the title, source, author, id or URL, with `in_text` also in the
        text, ignoring case.
        """
        condition, values = self._matching(words, filters, in_text)
        behind, last = ("", ()) if before is None else (f" AND {ORDERS[order].behind}", (before,))
        rows = self._connection.execute(
            f"SELECT row FROM articles WHERE removed_at IS NULL{condition}{behind} {ORDERS[order].clause} LIMIT ?",
            (*values, *last, limit),
        ).fetchall()
        return [stored for (row,) in rows for stored in self._articles("WHERE articles.row = ?", row)]

    def count(self, words: Sequence[str] = (), filters: Filters = NO_FILTERS, *, in_text: bool = False) -> int:
        """How many articles all pages have together."""
        condition, values = self._matching(words, filters, in_text)
        return self._one(f"SELECT count(*) FROM articles WHERE removed_at IS NULL{condition}", *values)

    def _matching(self, words: Sequence[str], filters: Filters, in_text: bool) -> tuple[str, list[str]]:
        """(the condition, its values) for live articles with the words that match the filters."""
        for name, function in functions(words).items():
            self._connection.create_function(name, -1, function, deterministic=True)
        passing, values = article_condition(filters)
        return words_condition(words, in_text=in_text) + passing, values

    def selected_rows(self, filters: Filters) -> Rows:
        """(n,) rows of the passages of matching live articles, ascending."""
        articles = self.selected_articles(filters).tolist()
        rows = [row for (row,) in self._naming("SELECT row FROM passages WHERE article IN ({marks})", articles)]
        return np.sort(np.array(rows, np.int64))

    def selected_articles(self, filters: Filters) -> Rows:
        """(n,) rows of the matching live articles."""
        passing, values = article_condition(filters)
        found = self._connection.execute(f"SELECT row FROM articles WHERE removed_at IS NULL{passing}", values).fetchall()
        return np.array(found, np.int64).reshape(-1)

    def articles_of_passages(self) -> tuple[Rows, Rows]:
        """(n,) rows of all passages, ascending, and (n,) those of their articles; removed ones too."""
        found = self._connection.execute("SELECT row, article FROM passages ORDER BY row").fetchall()
        rows, articles = np.array(found, np.int64).reshape(-1, 2).T
        return rows, articles

    @stored_rows()
    def published_days(self, article_ids: Iterable[str]) -> dict[str, date | None]:
        """Article id → the day it was published, None if unknown."""
        statement = "SELECT id, substr(published_at, 1, 10) FROM articles WHERE id IN ({marks})"
        return {id_: date.fromisoformat(day) if day else None for id_, day in self._naming(statement, article_ids)}

    def removed_ids(self, *, before: str) -> list[str]:
        """Ids of the articles that were removed at or before this time (RFC 3339, UTC)."""
        return [str(id_) for (id_,) in self._connection.execute("SELECT id FROM articles WHERE removed_at <= ?", (before,))]

    def removed_since(self, moment: str, *, limit: int) -> list[tuple[str, str]]:
        """Ids and titles of the articles that were removed at or after this time (RFC 3339, UTC), the last first."""
        statement = "SELECT id, title FROM articles WHERE removed_at >= ? ORDER BY removed_at DESC, row DESC LIMIT ?"
        return [(str(id_), str(title)) for id_, title in self._connection.execute(statement, (moment, limit))]

    def _articles(self, condition: str, *values: object) -> Iterator[ArticleRow]:
        """Those that the condition names, even damaged ones."""
        statement = (
            f"SELECT articles.row, embedded_title, {ARTICLES.known}, {_PASSAGES}, {_GUESSED}, text, {RECORD} FROM articles "
            f"{condition} ORDER BY articles.row"
        )
        for row, embedded_title, known, passages, guessed, text, *record in self._connection.execute(statement, values):
            article, added_at = article_of(record, text, guessed)
            is_intact = article.digest == record[1] and row_digest(row, embedded_title, *record) == known
            yield ArticleRow(row, article, embedded_title, added_at, passages, is_intact=is_intact)

    def all_sentences(self, stored: ArticleRow) -> list[Sentence]:
        """The sentences of an article as it is now."""
        with translated(self.folder), stored_rows():
            sentences = self.sentences(stored.row)
            check_sentences(stored.article, sentences)
        return sentences

    @stored_rows()
    def sentences(self, article_row: int, first: int = 0, last: int | None = None) -> list[Sentence]:
        """The article's sentences from `first` to `last`, both included."""
        return [
            Sentence(position, Span(start, end), SentenceKind(kind))
            for position, start, end, kind in self._connection.execute(
                "SELECT position, start, end, kind FROM sentences "
                "WHERE article = ? AND position BETWEEN ? AND ? ORDER BY position",
                (article_row, first, _LAST if last is None else last),
            )
        ]

    def passage_ids(self, rows: Iterable[int]) -> dict[int, str]:
        """Row → passage id, for the rows that exist."""
        return {passage.row: passage.id for passage in self.searched_passages(rows)}

    @stored_rows()
    def candidates(self, passage_ids: Sequence[str]) -> list[Candidate]:
        """The passages of these ids with their articles, in this order.

        Raises:
            KeyError: this state of the store has no such passage.
            ArticleDamaged: an article is not as it was added.
        """
        articles: dict[int, tuple[Article, str]] = {}
        candidates = []
        for given in passage_ids:
            named = _PASSAGE_ID.fullmatch(given)
            if named is None:
                raise ValueError(f"{given} names no passage")
            article_id, start, end = named.groups()
            located = self._connection.execute(
                "SELECT article, start, end, first, last FROM passages JOIN articles ON articles.row = article "
                "WHERE id = ? AND start = ? AND end = ?",
                (article_id, int(start), int(end)),
            ).fetchone()
            if located is None:
                raise KeyError(given)
            candidates.append(self._candidate(located, articles))
        return candidates

    def digests(self) -> dict[str, str]:
        """Article id → the stored digest of its text, also of hidden articles."""
        return dict(self._connection.execute("SELECT id, digest FROM articles"))

    def has_any(self, article_ids: Iterable[str]) -> bool:
        """Whether one of these articles is there, hidden or not, or an earlier text of one."""
        ids = [*article_ids]
        statement = "SELECT 1 FROM articles WHERE id IN ({marks}) UNION ALL SELECT 1 FROM versions WHERE id IN ({marks})"
        return any(self._connection.execute(statement.replace("{marks}", marks(ids)), (*ids, *ids)))

    def words_held(self, article_id: str) -> list[str]:
        """All texts that are held of an article, and what else was written about it."""
        columns = "text, title, source, author, url, given_id"
        statement = f"SELECT {columns} FROM articles WHERE id = ? UNION ALL SELECT {columns} FROM versions WHERE id = ?"
        rows = self._connection.execute(statement, (article_id, article_id)).fetchall()
        return [str(value) for row in rows for value in row if value is not None]

    def added_times(self) -> dict[str, str]:
        """Article id → when its text was added (RFC 3339, UTC), also of hidden articles."""
        return dict(self._connection.execute("SELECT id, added_at FROM articles"))

    def removed_times(self) -> dict[str, str]:
        """Article id → when it was removed (RFC 3339, UTC), of articles that are not purged yet."""
        return dict(self._connection.execute("SELECT id, removed_at FROM articles WHERE removed_at IS NOT NULL"))

    def live_digests(self, article_ids: Iterable[str]) -> dict[str, str]:
        """Article id → the digest of its text, of those of these articles that are not removed."""
        return dict(self._naming("SELECT id, digest FROM articles WHERE removed_at IS NULL AND id IN ({marks})", article_ids))

    def languages(self, article_ids: Iterable[str]) -> dict[str, str]:
        """Article id → the language used for splitting and indexing it, ISO 639-1."""
        statement = "SELECT id, languages.language FROM languages JOIN articles ON row = article WHERE id IN ({marks})"
        return dict(self._naming(statement, article_ids))

    @stored_rows()
    def searched_passages(self, rows: Iterable[int]) -> list[SearchedPassage]:
        """What the ranker asks of these passages, those that exist, in no order."""
        statement = (
            "SELECT passages.row, article, id, substr(digest, 1, 8), start, end, first, last, substr(published_at, 1, 10) "
            "FROM passages JOIN articles INDEXED BY articles_names ON articles.row = article WHERE passages.row IN ({marks})"
        )
        return [
            searched_passage(row, f"{id_}@{digest}:{start}-{end}", article, first, last, day)
            for row, article, id_, digest, start, end, first, last, day in self._naming(statement, rows)
        ]

    @stored_rows()
    def searched_articles(self, article_rows: Iterable[int]) -> dict[int, SearchedArticle]:
        """An article's row → what the ranker asks of the article."""
        statement = "SELECT article, language, counts, keys FROM terms JOIN languages USING (article) WHERE article IN ({marks})"
        return {
            row: SearchedArticle(language, ArticleTerms(np.frombuffer(keys, "<u4"), np.frombuffer(counts, "<u4")))
            for row, language, counts, keys in self._naming(statement, article_rows)
        }

    def passage_languages(self) -> dict[int, str]:
        """Row → language of the passages whose articles are not English."""
        statement = "SELECT row, language FROM passages JOIN languages USING (article) WHERE language != 'en'"
        return dict(self._connection.execute(statement))

    def passage_texts(self) -> Iterator[tuple[int, str, str]]:
        """(row, title, text) of every passage, also of hidden articles, by row within an article."""
        for stored in self._articles(""):
            for row, start, end in self._connection.execute(
                "SELECT row, start, end FROM passages WHERE article = ? ORDER BY row", (stored.row,)
            ):
                with stored_rows():
                    text = Span(start, end).of(stored.article.text)
                yield row, stored.article.title, text

    @stored_rows()
    def article_passages(self, stored: ArticleRow, sentences: Sequence[Sentence] | None = None) -> list[Candidate]:
        """The passages of one article, in order; `sentences` are all of its own, where they were read already."""
        known = self.sentences(stored.row) if sentences is None else sentences
        article, title = stored.article, stored.embedded_title
        return [
            _cut_candidate(article, title, Span(start, end), _from_to(known, first, last), last - first)
            for start, end, first, last in self._connection.execute(
                "SELECT start, end, first, last FROM passages WHERE article = ? ORDER BY row", (stored.row,)
            )
        ]

    @stored_rows()
    def _candidate(self, located: tuple[int, int, int, int, int], articles: dict[int, tuple[Article, str]]) -> Candidate:
        """From (article row, start, end, first sentence, last sentence); `articles` caches those already read."""
        article_row, start, end, first, last = located
        if article_row not in articles:
            stored = self._intact(next(self._articles("WHERE articles.row = ?", article_row)))
            articles[article_row] = (stored.article, stored.embedded_title)
        article, embedded_title = articles[article_row]
        sentences = self.sentences(article_row, first, last)
        return _cut_candidate(article, embedded_title, Span(start, end), sentences, last - first)

    def hidden_rows(self) -> set[int]:
        """Rows of removed, changed or purged articles, which an edition may still contain but a search must not return."""
        statement = (
            "SELECT row FROM gone UNION ALL "
            "SELECT passages.row FROM passages JOIN articles ON articles.row = article WHERE removed_at IS NOT NULL"
        )
        return {row for (row,) in self._connection.execute(statement)}

    def gone_count(self) -> int:
        """How many rows of deleted passages the edition's postings may contain."""
        return self._one("SELECT count(*) FROM gone")

    def gone_rows(self, *, up_to: int) -> Rows:
        """(n,) the rows of deleted passages up to this one that the edition may contain, ascending."""
        rows = self._connection.execute("SELECT row FROM gone WHERE row <= ? ORDER BY row", (up_to,))
        return np.array([row for (row,) in rows], np.int64)

    @stored_rows()
    def vectors_above(self, row: int, dimension: int) -> tuple[Rows, Vectors]:
        """(n,) rows of the live passages above this row, ascending, and their (n, d) vectors."""
        count = self.passages_above(row)
        rows = np.zeros(count, np.int64)
        vectors = np.zeros((count, dimension), np.float32)
        statement = (
            "SELECT passages.row, vectors.vector FROM passages JOIN vectors ON key = passages.vector "
            "WHERE passages.row > ? ORDER BY passages.row"
        )
        for position, (passage_row, vector) in enumerate(self._connection.execute(statement, (row,))):
            rows[position] = passage_row
            vectors[position] = np.frombuffer(vector, np.float16)
        return rows, vectors

    def passages_by_language(self) -> dict[str, int]:
        """How many passages of live articles are in each language (ISO 639-1)."""
        statement = (
            "SELECT languages.language, count(*) FROM passages JOIN languages USING (article) "
            "JOIN articles ON articles.row = article WHERE removed_at IS NULL GROUP BY languages.language"
        )
        return dict(self._connection.execute(statement))

    @stored_rows()
    def cut_terms(self) -> Iterator[tuple[ArticleTerms, list[tuple[int, int]]]]:
        """Of each live article its terms, and the first and last sentence of each of its passages."""
        statement = "SELECT article, counts, keys FROM terms JOIN articles ON row = article WHERE removed_at IS NULL"
        for article, counts, keys in self._connection.execute(statement):
            cut = self._connection.execute("SELECT first, last FROM passages WHERE article = ?", (article,)).fetchall()
            yield ArticleTerms(np.frombuffer(keys, "<u4"), np.frombuffer(counts, "<u4")), cut

    def is_live(self, article_row: int) -> bool:
        """Whether there is an article of this row that is not removed."""
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM articles WHERE row = ? AND removed_at IS NULL)", article_row))

    @stored_rows()
    def article_vectors(self, article_row: int) -> list[tuple[int, Vectors]]:
        """(row, (d,) vector) of each passage of an article, in order."""
        statement = (
            "SELECT passages.row, vectors.vector FROM passages JOIN vectors ON key = passages.vector "
            "WHERE article = ? ORDER BY passages.row"
        )
        rows = self._connection.execute(statement, (article_row,))
        return [(row, np.frombuffer(vector, np.float16).astype(np.float32)) for row, vector in rows]

    def words_keys(self, article_row: int) -> list[int | None]:
        """The key of the words of each sentence of an article, in order."""
        statement = "SELECT words FROM sentences WHERE article = ? ORDER BY position"
        return [key for (key,) in self._connection.execute(statement, (article_row,))]

    def live_rows(self) -> list[int]:
        """The rows of the articles that are not removed, in the order they were added."""
        return [row for (row,) in self._connection.execute("SELECT row FROM articles WHERE removed_at IS NULL ORDER BY row")]

    def sentence_counts(self) -> dict[int, int]:
        """Article row → how many sentences it has, of those that have any."""
        return dict(self._connection.execute("SELECT article, count(*) FROM sentences GROUP BY article"))

    def passage_keys(self) -> dict[int, tuple[int, str]]:
        """Row → (article row, passage id) of each passage of a live article."""
        statement = (
            "SELECT passages.row, article, id || '@' || substr(digest, 1, 8) || ':' || start || '-' || end "
            "FROM passages JOIN articles ON articles.row = article WHERE removed_at IS NULL"
        )
        return {row: (article, key) for row, article, key in self._connection.execute(statement)}

    def known_vectors(self, keys: Iterable[bytes]) -> set[bytes]:
        """The keys that have a vector."""
        return {key for (key,) in self._naming("SELECT key FROM vectors WHERE key IN ({marks})", keys)}

    def integrity_problems(self, *, indexes: bool = False) -> list[str]:
        """The problems that SQLite reports for the file; empty if it is intact. `indexes`: compare them with their tables too."""
        with translated(self.folder):
            check = "integrity_check" if indexes else "quick_check"
            self._connection.execute("PRAGMA cache_size = -65536")  # 64 MiB: rows are looked up in the order of each index
            lines = [str(line) for (line,) in self._connection.execute(f"PRAGMA {check}")]
            return [] if lines == ["ok"] else lines

    def changed_rows(self) -> list[tuple[str, object]]:
        """(table, key) of each row that is not as qa wrote it, or that is there no more; articles are `damaged_articles`."""
        with translated(self.folder):
            others = [table for table in DIGESTED if table is not ARTICLES]
            return [*self._digests.changed(*others), *self._digests.missing()]

    def cut_otherwise(self) -> list[str]:
        """The ids of the articles of which the sentences, passages or terms are not as qa stored them."""
        statement = (
            "SELECT row, id, (SELECT row_digests.digest FROM row_digests WHERE owner = ? AND key = articles.row) FROM articles"
        )
        with translated(self.folder):
            rows = self._connection.execute(statement, (CUT,)).fetchall()
            return [id_ for row, id_, known in rows if self._cut_digest(row) != known]

    def _cut_digest(self, article_row: int) -> int:
        """The digest of what an article was cut into."""
        values: list[object] = []
        for columns, table in CUT_INTO:
            for row in self._connection.execute(f"SELECT {columns} FROM {table} WHERE article = ? ORDER BY 1", (article_row,)):
                values.extend(row)
        return row_digest(*values)

    def rows_hidden_by_mistake(self) -> int:
        """How many passages are called deleted, or may be once rows are used a second time."""
        return self._one(
            "SELECT (SELECT count(*) FROM passages WHERE row IN (SELECT row FROM gone)) + (SELECT count(*) FROM sqlite_sequence "
            "WHERE name = 'passages' AND seq < (SELECT max(row) FROM (SELECT row FROM passages UNION ALL SELECT row FROM gone)))"
        )


class StoreWriter(Store):
    """A writing connection; open it only while holding the writer's lock."""

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> StoreWriter:
        """Open for writing and migrate the store to the newest version; `create` creates a missing one.

        Raises:
            IndexNotFound, IndexDamaged, StorageError: as their names say.
        """
        if not create:
            require_store(folder)
        with translated(folder), contextlib.ExitStack() as on_failure:
            if create:
                make_private(folder / STORE_FILE)
            connection = sqlite3.connect(folder / STORE_FILE, isolation_level=None, check_same_thread=False)
            on_failure.callback(connection.close)
            writer = cls(folder, connection)
            if not writer._one("SELECT count(*) FROM sqlite_master") and not writer._one("PRAGMA application_id"):
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            writer._check_application()
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
            writer._migrate()
            writer._check_version()
            writer._digests.follow()
            writer.pending.follow()
            on_failure.pop_all()
        return writer

    @classmethod
    def in_memory(cls, name: Path) -> StoreWriter:
        """An empty store that ends with the process; `name` stands for its folder in messages."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        store = cls(name, connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        store._migrate()
        store._digests.follow()
        return store

    def _migrate(self) -> None:
        version = self._one("PRAGMA user_version")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            with self.writing():
                for statement in script.split(";"):
                    self._connection.execute(statement)
                if number == len(MIGRATIONS):
                    self.filter_values.renew_sources()  # their keys may be made otherwise now
                    self._fill_digests()
                self._connection.execute(f"PRAGMA user_version = {number}")

    def _fill_digests(self) -> None:
        """Give digests to what was stored before there were any."""
        self._digests.fill()
        without = "SELECT row FROM articles WHERE row NOT IN (SELECT key FROM row_digests WHERE owner = ?)"
        for (row,) in self._connection.execute(without, (CUT,)).fetchall():
            self._keep_cut_digest(row)

    def _keep_cut_digest(self, article_row: int) -> None:
        self._connection.execute("INSERT INTO row_digests VALUES (?, ?, ?)", (CUT, article_row, self._cut_digest(article_row)))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        with translated(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite may have rolled back already (disk full)
                    self._connection.execute("ROLLBACK")
                raise

    def set_fact(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def forget_fact(self, name: str) -> None:
        self._connection.execute("DELETE FROM facts WHERE name = ?", (name,))

    def add_vectors(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
            ((key, vector.tobytes()) for key, vector in zip(keys, vectors.astype(np.float16), strict=True)),
        )

    def add_article(
        self,
        article: Article,
        *,
        language: str,
        is_guessed: bool = False,
        embedded_title: str,
        sentences: Sequence[NewSentence],
        passages: Sequence[NewPassage],
        terms: ArticleTerms,
        added_at: str,
    ) -> tuple[int, list[int]]:
        """Store an article with a new id and stored vectors; (its row, the rows of its passages)."""
        record = [added_at if name == "added_at" else getattr(article, name) for name in RECORD.split(", ")]
        values = (*record, article.text, embedded_title)
        inserted = self._connection.execute(
            f"INSERT INTO articles ({RECORD}, text, embedded_title) VALUES ({marks(values)})", values
        )
        row = inserted.lastrowid or 0
        self._connection.execute("INSERT INTO languages VALUES (?, ?, ?)", (row, language, is_guessed))
        self.filter_values.add_source(article.source)
        blobs = (numbers.astype("<u4").tobytes() for numbers in (terms.counts, terms.keys))
        self._connection.execute("INSERT INTO terms VALUES (?, ?, ?)", (row, *blobs))
        self._connection.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)",
            (
                (row, one.index, one.span.start, one.span.end, one.kind.value, new.words_key)
                for new in sentences
                for one in [new.sentence]
            ),
        )
        rows = [
            int(
                self._connection.execute(
                    "INSERT INTO passages (article, start, end, first, last, vector) VALUES (?, ?, ?, ?, ?, ?)",
                    (row, new.passage.span.start, new.passage.span.end, new.passage.sentences[0].index,
                     new.passage.sentences[-1].index, new.vector_key),
                ).lastrowid or 0
            )
            for new in passages
        ]  # fmt: skip
        self._keep_cut_digest(row)
        return row, rows

    def delete_article(self, article_id: str) -> list[int]:
        """Delete an article, its sentences and passages; the deleted rows. `delete_unused_vectors` deletes their vectors."""
        rows = self._connection.execute(
            "SELECT passages.row FROM passages JOIN articles ON articles.row = article WHERE id = ?", (article_id,)
        ).fetchall()
        source = self._connection.execute("SELECT source FROM articles WHERE id = ?", (article_id,)).fetchone()
        self._connection.execute(
            "DELETE FROM row_digests WHERE owner = ? AND key = (SELECT row FROM articles WHERE id = ?)", (CUT, article_id)
        )
        self._connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        if source is not None:
            self.filter_values.forget_unused_source(source[0])
        self._connection.executemany("INSERT OR IGNORE INTO gone VALUES (?)", rows)
        return [int(row) for (row,) in rows]

    def delete_articles(self, article_ids: Collection[str]) -> None:
        """Delete all that is held of these articles."""
        for article_id in article_ids:
            self.delete_article(article_id)
            self.delete_versions(article_id)
        if article_ids:
            self.delete_unused_vectors()

    def forget_overruled(self, article_id: str) -> None:
        """Delete the decisions on sentences that stand in this article alone."""
        self._connection.execute(
            "DELETE FROM overruled WHERE words IN (SELECT words FROM sentences JOIN articles ON row = article WHERE id = ?)"
            " AND words NOT IN (SELECT words FROM sentences JOIN articles ON row = article WHERE id != ? AND words IS NOT NULL)",
            (article_id, article_id),
        )

    def keep_version(self, article_id: str, replaced_at: str) -> None:
        """Keep the current text of an article as an earlier version, before a new text replaces it; none that is damaged."""
        stored = self.article(article_id, even_damaged=True)
        if stored is None or not stored.is_intact:
            return
        sentences = json.dumps([(one.span.start, one.span.end, one.kind) for one in self.sentences(stored.row)])
        self._connection.execute(
            f"INSERT OR REPLACE INTO versions ({RECORD}, text, replaced_at, sentences) "
            f"SELECT {RECORD}, text, ?, ? FROM articles WHERE row = ?",
            (replaced_at, sentences, stored.row),
        )

    def versions_replaced(self, *, before: str) -> list[tuple[str, str]]:
        """(article id, digest) of the earlier texts that were replaced at or before this time (RFC 3339, UTC)."""
        return self._connection.execute("SELECT id, digest FROM versions WHERE replaced_at <= ?", (before,)).fetchall()

    def delete_version(self, article_id: str, digest: str) -> None:
        self._connection.execute("DELETE FROM versions WHERE id = ? AND digest = ?", (article_id, digest))

    def delete_versions(self, article_id: str) -> None:
        """Delete every earlier text of an article."""
        self._connection.execute("DELETE FROM versions WHERE id = ?", (article_id,))

    def vector_keys(self, article_id: str) -> set[bytes]:
        """The keys of the vectors that an article's passages use."""
        statement = "SELECT vector FROM passages JOIN articles ON articles.row = article WHERE id = ?"
        return {key for (key,) in self._connection.execute(statement, (article_id,))}

    def delete_unused_vectors(self, keys: Iterable[bytes] | None = None) -> None:
        """Delete the vectors that no passage uses: those of these keys, or all, for which the whole store is read."""
        unused = "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE passages.vector = vectors.key)"
        if keys is None:
            self._connection.execute(unused)
        else:
            self._connection.executemany(f"{unused} AND key = ?", ((key,) for key in keys))

    def take_vectors(self, other: Path) -> None:
        """Have the vectors of another folder's store too, so that the same texts are not embedded again."""
        with translated(self.folder):
            self._connection.execute("ATTACH ? AS other", (str(other / STORE_FILE),))
            self._connection.execute("INSERT OR IGNORE INTO vectors SELECT key, vector FROM other.vectors")
            self._connection.execute("DETACH other")

    def mark_removed(self, article_id: str, removed_at: str | None) -> None:
        """Hide an article from this time on (RFC 3339, UTC); None shows it again."""
        self._connection.execute("UPDATE articles SET removed_at = ? WHERE id = ?", (removed_at, article_id))

    def become(self, other: Store) -> None:
        """Hold what another store holds, and nothing else: in one transaction, which readers see whole or not at all."""
        with translated(self.folder):
            other._connection.backup(self._connection)

    def use_no_row_of(self, other: Store) -> None:
        """Let later articles and passages have rows that the other store has not used either."""
        used = other._connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        for name, last in used:
            renewed = self._connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name))
            if not renewed.rowcount:
                self._connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, last))

    def forget_gone_rows(self) -> None:
        """Forget deleted rows, after an edition was rebuilt without them."""
        self._connection.execute("DELETE FROM gone")

    def truncate_log(self) -> None:
        """Move everything into the main file and empty the write-ahead log, so that no purged text remains."""
        with translated(self.folder):
            busy = self._one("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            log.warning("A reader kept %s in use: deleted text stays in it until the next change.", self.folder / STORE_LOG_FILE)

    def leave_log(self) -> None:
        """Keep everything in the main file, with no log beside it: for a store that is only read from now on."""
        with translated(self.folder):
            self._connection.execute("PRAGMA journal_mode = DELETE")


def _from_to(sentences: Sequence[Sentence], first: int, last: int) -> Sequence[Sentence]:
    """Of an article's sentences those from `first` to `last`, both included."""
    number = attrgetter("index")
    return sentences[bisect_left(sentences, first, key=number) : bisect_right(sentences, last, key=number)]


def _cut_candidate(article: Article, embedded_title: str, span: Span, sentences: Sequence[Sentence], more: int) -> Candidate:
    """The passage at `span`, of a sentence and so many more; ValueError where it cannot be."""
    check_cut(article, span, sentences, more + 1)
    return Candidate(Passage(passage_id(article, span), article.id, span, tuple(sentences)), article, embedded_title)


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store of an index folder, in one unchanging state until the block ends; raises as `Store.open` does."""
    with contextlib.closing(Store.open(folder)) as store, store.reading():
        yield store


def _size(file: Path) -> int:
    """The bytes of a file; 0 without one."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def check_foreign_store(folder: Path) -> None:
    """Check a store that comes from elsewhere, before it is opened for writing.

    Raises:
        IndexDamaged: its pages are damaged, or it brings triggers or views: statements that would run here. qa makes none.
    """
    address = f"{(folder / STORE_FILE).absolute().as_uri()}?mode=ro&immutable=1"
    with translated(folder), contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        others = connection.execute("SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchone()[0]
        lines = [str(line) for (line,) in connection.execute("PRAGMA quick_check")]
        if others or lines != ["ok"] or connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise IndexDamaged(folder, f"{folder / STORE_FILE} is not a store that qa wrote.")


def make_index_folder(folder: Path) -> None:
    """Make the folder of a new index, if there is none.

    Raises:
        IndexDamaged: it holds something else than an index.
        StorageError: it cannot be made.
    """
    if folder.is_dir() and not (folder / STORE_FILE).exists():
        foreign = [file.name for file in folder.iterdir() if file.name not in BEFORE_THE_STORE]
        if foreign:
            raise IndexDamaged(
                folder,
                f"{folder.absolute()} is no index: it holds {foreign[0]!r} but no {STORE_FILE}. "
                "Choose an empty or new --index folder.",
            )
    try:
        folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(folder, f"The index folder {folder.absolute()} cannot be created: {error.strerror}.") from error


@contextlib.contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Say of an index folder in which something cannot be written what to do: StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            folder,
            f"{folder.absolute()} cannot be written: {error}. Free some space and run it again; the index is unchanged.",
        ) from error


def require_store(folder: Path) -> Path:
    """The folder's store file; IndexNotFound without one."""
    file = folder / STORE_FILE
    if not file.is_file():
        raise IndexNotFound(folder, f"No articles yet: there is no index at {folder.absolute()}. `qa add PATH…` makes it.")
    return file
