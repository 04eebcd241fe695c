"""The columns of a stored article that its digest covers, and a row of them → the article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qa.base.terms import SearchedPassage
from qa.base.types import Article, Place, Sentence, Span, source_of
from qa.base.web_addresses import linkable
from qa.index.row_digests import DigestedTable

RECORD = "id, digest, given_id, title, url, source, author, published_at, language, added_at, is_markdown"
# Neither texts, which have a digest of their own, nor the times of removing and replacing, which an index holds twice.
ARTICLES = DigestedTable("articles", ("row", "embedded_title", *RECORD.split(", ")))
VERSIONS = DigestedTable("versions", (*RECORD.split(", "), "sentences"), key_columns=2)
FACTS = DigestedTable("facts", ("name", "value"))
DIGESTED = (
    ARTICLES,
    VERSIONS,
    FACTS,
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
    """(the article, when it was added) of the columns of a record.

    What is no text in damaged ones is left out, and so is a URL that may not be linked: the index may be a foreign one.
    """
    *texts, is_markdown = record
    id_, _, given_id, title, url, source, author, published_at, language, added_at = (
        value if isinstance(value, str) else None for value in texts
    )
    details = (linkable(url), source, author, published_at, language, guessed_language)
    known = (id_ or "", given_id or "", title or "", text if isinstance(text, str) else "")
    return Article(*known, *details, is_markdown=bool(is_markdown)), added_at or ""


def check_sentences(article: Article, sentences: Sequence[Sentence]) -> None:
    """ValueError unless the sentences follow each other in the article's text."""
    ends = [0, *(sentence.span.end for sentence in sentences)]
    if any(sentence.span.start < end for sentence, end in zip(sentences, ends, strict=False)) or ends[-1] > len(article.text):
        raise ValueError(f"the sentences of {article.id} do not follow each other in its text")


def check_cut(article: Article, span: Span, sentences: Sequence[Sentence], count: int) -> None:
    """ValueError unless a passage at `span` begins in the first and ends in the last of so many sentences."""
    check_sentences(article, sentences)
    if len(sentences) != max(1, count) or not (
        sentences[0].span.contains(Span(span.start, span.start + 1)) and sentences[-1].span.contains(Span(span.end - 1, span.end))
    ):
        raise ValueError(f"the passage {span.start}-{span.end} of {article.id} is not where its sentences are")


def searched_passage(row: int, id_: str, article_row: int, first: int, last: int, day: str | None) -> SearchedPassage:
    """A passage as the ranker sees it; ValueError for sentences that cannot be."""
    if not 0 <= first <= last:
        raise ValueError(f"the passage {id_} has the sentences {first} to {last}")
    return SearchedPassage(row, id_, article_row, first, last, date.fromisoformat(day) if day else None)


def place_of(article: Article, position: int, span: Span) -> Place:
    """A sentence of an article as a place."""
    quote = span.of(article.text)
    return Place(article.id, article.title, article.digest, position, span, quote, source_of(article))
