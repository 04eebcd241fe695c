"""The fields of the filters → the words on their chips; static/filters.js has the same for what is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qa.base.in_words import day_in_words
from web.pages.filter_form import FilterForm
from web.pages.language_names import language_name


def filter_words(form: FilterForm, titles: Mapping[str, str]) -> Mapping[str, str]:
    """By chip; empty where nothing is set. `titles` name articles by their ids."""
    return {
        "source": form.source.strip() and f"Source: {form.source.strip()}",
        "date": _dates(_day(form.published_from), _day(form.published_to)),
        "language": form.language and f"Language: {language_name(form.language)}",
        "article": _articles(form.article_ids, titles),
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


def _articles(ids: Sequence[str], titles: Mapping[str, str]) -> str:
    if len(ids) > 1:
        return f"{len(ids):,} articles"
    return f"Article: {titles.get(ids[0], ids[0])}" if ids else ""
