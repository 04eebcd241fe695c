"""Filters → the condition of an SQL statement that selects the matching articles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.base.types import ANY_TIME, Filters
from qa.index.source_names import asked_keys
from qa.index.statements import marks

_CODE = re.compile("[a-z]{2}")  # ISO 639-1: what the store has for every article, declared or guessed


def article_condition(filters: Filters) -> tuple[str, list[str]]:
    """(` AND …` over the columns of `articles`, its values)."""
    parts: list[str] = []
    values: list[str] = []

    def keep(condition: str, given: Iterable[str]) -> None:
        parts.append(f" AND {condition}")
        values.extend(given)

    if filters.sources:
        keys = sorted({key for name in filters.sources for key in asked_keys(name)})
        keep(f"source IN (SELECT source FROM source_names WHERE name IN ({marks(keys)}))", keys)
    if filters.language is not None:
        keep(*_language_condition(filters.language))
    if filters.published_from is not None:
        keep("substr(published_at, 1, 10) >= ?", [filters.published_from.isoformat()])
    if filters.published_to is not None:
        keep("substr(published_at, 1, 10) <= ?", [filters.published_to.isoformat()])
    if filters.as_of is not None and filters.as_of != ANY_TIME:
        keep("(published_at IS NULL OR substr(published_at, 1, 10) <= ?)", [filters.as_of.isoformat()])
    if filters.article_ids:
        named = marks(filters.article_ids)
        keep(f"(articles.id IN ({named}) OR given_id IN ({named}))", (*filters.article_ids, *filters.article_ids))
    return "".join(parts), values


def language_tag(written: str) -> str:
    """A language tag (BCP 47) in lower case, with hyphens."""
    return written.strip().casefold().replace("_", "-")


def _language_condition(language: str) -> tuple[str, list[str]]:
    """A code counts the articles in this language, also where that was guessed; another tag those that declare it."""
    tag = language_tag(language)
    if _CODE.fullmatch(tag):
        return "articles.row IN (SELECT article FROM languages WHERE languages.language = ?)", [tag]
    declared = "replace(lower(trim(articles.language)), '_', '-')"
    return f"({declared} = ? OR instr({declared}, ?) = 1)", [tag, f"{tag}-"]
