"""Filters → an expression of Milvus over what each row has of its article; and an article → these fields."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from qa.base.types import ANY_TIME, Article, Filters
from qa.index.filters import language_tag
from qa.index.milvus.collection import literal
from qa.index.source_names import asked_keys, held_keys

_CODE = re.compile("[a-z]{2}")
_WILD = re.compile(r"([%_\\])")
_UNDATED = 0
_MOST_KEYS = 256  # of one source; a host has at most 127 parts


def article_fields(article: Article, language: str) -> dict[str, Any]:
    """What filters ask of an article; `language` is that by which it was split."""
    return {
        "article_id": article.id,
        "given_id": article.given_id,
        "sources": sorted(held_keys(article.source))[:_MOST_KEYS] if article.source is not None else [],
        "language": language,
        "declared": language_tag(article.language or ""),
        "day": day_number(date.fromisoformat(article.published_at[:10])) if article.published_at else _UNDATED,
    }


def day_number(day: date) -> int:
    """As 20240308, so that days compare as numbers."""
    return day.year * 10_000 + day.month * 100 + day.day


def filter_expression(filters: Filters) -> str:
    """The expression that the rows of matching articles match, as `article_condition` does in SQL; empty if all match."""
    parts: list[str] = []
    if filters.sources:
        keys = sorted({key for name in filters.sources for key in asked_keys(name)})
        parts.append(f"array_contains_any(sources, [{', '.join(map(literal, keys))}])" if keys else "row < 0")
    if filters.language is not None:
        parts.append(_language(language_tag(filters.language)))
    if filters.published_from is not None:
        parts.append(f"day >= {day_number(filters.published_from)}")
    if filters.published_to is not None:
        parts.append(f"day > {_UNDATED} and day <= {day_number(filters.published_to)}")
    if filters.as_of is not None and filters.as_of != ANY_TIME:
        parts.append(f"day <= {day_number(filters.as_of)}")
    if filters.article_ids:
        named = ", ".join(map(literal, filters.article_ids))
        parts.append(f"(article_id in [{named}] or given_id in [{named}])")
    return " and ".join(parts)


def _language(tag: str) -> str:
    """A code of two letters is the language of the article, also where that was guessed; another tag is a declared one."""
    if _CODE.fullmatch(tag):
        return f"language == {literal(tag)}"
    beginning = literal(_WILD.sub(r"\\\1", tag) + "-%")
    return f"(declared == {literal(tag)} or declared like {beginning})"


def both(*expressions: str) -> str:
    """All of these that are not empty."""
    return " and ".join(expression for expression in expressions if expression)
