"""The fields of the filters → the words on their chips; static/filters.js has the same for what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qa.base.in_words import day_in_words
from qa.corpus.articles import is_safe_id
from web.pages.filter_form import FilterForm
from web.pages.language_names import language_name


def filter_words(form: FilterForm) -> Mapping[str, str]:
    """By chip; empty where nothing is set."""
    return {
        "source": form.source.strip() and f"Source: {form.source.strip()}",
        "date": _dates(_day(form.published_from), _day(form.published_to)),
        "language": form.language and f"Language: {language_name(form.language)}",
        "article": _articles(form.article.split()),
    }


def _dates(first: str, last: str) -> str:
    if first and last:
        return f"{first} to {last}"
    return f"From {first}" if first else last and f"Until {last}"


def _day(typed: str) -> str:
    """In words where it is a day; else as it was typed, which is refused."""
    try:
        return day_in_words(date.fromisoformat(typed.strip()))
    except ValueError:
        return typed.strip()


def _articles(words: list[str]) -> str:
    if len(words) > 1 and all(map(is_safe_id, words)):
        return f"{len(words):,} articles"
    return (words and f"Article: {' '.join(words)}") or ""
