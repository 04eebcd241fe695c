"""A page of articles in an order → groups with a heading each, where the order has any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from qa.base.types import ArticleOrder
from qa.index.store import ArticleRow
from web.pages.days import day_here


def groups(rows: Sequence[ArticleRow], order: ArticleOrder) -> list[tuple[str, list[ArticleRow]]]:
    """By the day they were added on, or the month they were published in; all under "" where they are ordered by title."""
    named: dict[ArticleOrder, Callable[[ArticleRow], str]] = {
        ArticleOrder.ADDED: lambda stored: day_here(stored.added_at),
        ArticleOrder.NEWEST: lambda stored: _month(stored.article.published_at),
        ArticleOrder.OLDEST: lambda stored: _month(stored.article.published_at),
        ArticleOrder.TITLE: lambda _: "",
    }
    return [(name, list(group)) for name, group in groupby(rows, named[order])]


def _month(published_at: str | None) -> str:
    return f"{date.fromisoformat(published_at[:10]):%B %Y}" if published_at else "Without a date"
