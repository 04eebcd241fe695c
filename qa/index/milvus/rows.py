"""A stored article → its rows in the collection: one for each passage, and its copy in parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qa.base.types import passage_id
from qa.index.milvus.collection import Row, copy_row, in_parts
from qa.index.milvus.expressions import article_fields
from qa.index.milvus.words import words_of
from qa.index.postings import field_of, indexed_text, terms_of_field
from qa.index.store import ArticleRow, Store

_MOST_KEYS = 4_096  # of sentences in a passage; none of a sane size has as many


def sentence_key(words_key: int) -> int:
    """The key of a sentence's words without its sign, which not every expression of Milvus may have."""
    return words_key & (2**63 - 1)


def copy_key(article_row: int) -> str:
    return f"copy:{article_row}"


def copy_rows(store: Store, stored: ArticleRow, dimension: int) -> list[Row]:
    """The rows of an article's copy."""
    return in_parts(copy_key(stored.row), store.copies.of(stored.row), dimension, _facts(store, stored))


def passage_rows(store: Store, stored: ArticleRow) -> Iterator[dict[str, Any]]:
    """A row for each passage of an article."""
    facts = _facts(store, stored)
    field = field_of(facts["language"])
    keys = store.words_keys(stored.row)
    for candidate, (row, vector) in zip(store.article_passages(stored), store.article_vectors(stored.row), strict=True):
        sentences = [keys[sentence.index] for sentence in candidate.passage.sentences]
        yield copy_row(passage_id(stored.article, candidate.passage.span), 0) | facts | {
            "row": row,
            "vector": vector.tolist(),
            "words": words_of(field, terms_of_field(indexed_text(stored.article.title, candidate.text), field)),
            "sentences": [sentence_key(key) for key in sentences if key is not None][:_MOST_KEYS],
        }  # fmt: skip


def _facts(store: Store, stored: ArticleRow) -> dict[str, Any]:
    article = stored.article
    cluster = store.near_duplicates.clusters([article.id]).get(article.id, stored.row)
    language = store.languages([article.id])[article.id]
    return {"article": stored.row, "cluster": cluster, **article_fields(article, language)}
