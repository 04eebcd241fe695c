"""The columns of a stored article that its digest covers, and a row of them → the article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.base.types import Article, Place, Span, source_of
from qa.index.row_digests import DigestedTable

RECORD = "id, digest, given_id, title, url, source, author, published_at, language, added_at, is_markdown"
# Neither texts, which have a digest of their own, nor the times of removing and replacing, which an index holds twice.
ARTICLES = DigestedTable("articles", ("row", "embedded_title", *RECORD.split(", ")))
VERSIONS = DigestedTable("versions", (*RECORD.split(", "), "sentences"), key_columns=2)
DIGESTED = (
    ARTICLES,
    VERSIONS,
    DigestedTable("facts", ("name", "value")),
    DigestedTable("overruled", ("words", "sentence", "boilerplate")),
    DigestedTable("vectors", ("key", "vector")),
)
CUT = "cut"  # the owner of the digests of what articles were cut into:
CUT_INTO = (
    ("position, start, end, kind, words", "sentences"),
    ("row, start, end, first, last, vector", "passages"),
    ("language, guessed", "languages"),
    ("counts, keys", "terms"),
)


def article_of(record: Sequence[Any], text: object, guessed_language: str | None = None) -> tuple[Article, str]:
    """(the article, when it was added) of the columns of a record. What is no text in damaged ones is left out."""
    *texts, is_markdown = record
    id_, _, given_id, title, url, source, author, published_at, language, added_at = (
        value if isinstance(value, str) else None for value in texts
    )
    details = (url, source, author, published_at, language, guessed_language)
    known = (id_ or "", given_id or "", title or "", text if isinstance(text, str) else "")
    return Article(*known, *details, is_markdown=bool(is_markdown)), added_at or ""


def place_of(article: Article, position: int, span: Span) -> Place:
    """A sentence of an article as a place."""
    quote = span.of(article.text)
    return Place(article.id, article.title, article.digest, position, span, quote, source_of(article))
