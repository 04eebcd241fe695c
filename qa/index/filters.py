"""Filters → the condition of an SQL statement that selects the matching articles."""

from __future__ import annotations

from collections.abc import Iterable

from qa.base.types import Filters


def article_condition(filters: Filters, *, sources: Iterable[str], languages: Iterable[str]) -> tuple[str, list[str]]:
    """(` AND …` over the columns of `articles`, its values). `sources` and `languages` are all that the table has."""
    parts: list[str] = []
    values: list[str] = []

    def keep(condition: str, given: Iterable[str]) -> None:
        parts.append(f" AND {condition}")
        values.extend(given)

    if filters.sources:
        named = [source for source in sources if any(names_source(name, source) for name in filters.sources)]
        keep(f"source IN ({_marks(named)})", named)
    if filters.language is not None:
        spoken = [language for language in languages if is_language(filters.language, language)]
        keep(f"language IN ({_marks(spoken)})", spoken)
    if filters.published_from is not None:
        keep("substr(published_at, 1, 10) >= ?", [filters.published_from.isoformat()])
    if filters.published_to is not None:
        keep("substr(published_at, 1, 10) <= ?", [filters.published_to.isoformat()])
    if filters.article_ids:
        marks = _marks(filters.article_ids)
        keep(f"(articles.id IN ({marks}) OR given_id IN ({marks}))", (*filters.article_ids, *filters.article_ids))
    return "".join(parts), values


def names_source(name: str, source: str) -> bool:
    """Whether `name` is the source's whole name or its part before a dot, ignoring case."""
    name, source = name.strip().casefold(), source.casefold().removeprefix("www.")
    return bool(name) and (source == name.removeprefix("www.") or source.startswith(f"{name}."))


def is_language(wanted: str, language: str) -> bool:
    """Whether a language tag (BCP 47) is this one or a regional form of it."""
    wanted, language = wanted.strip().casefold(), language.casefold()
    return language == wanted or language.startswith(f"{wanted}-")


def _marks(values: Iterable[str]) -> str:
    return ", ".join("?" for _ in values)
