"""Words and an order → the parts of an SQL statement that goes through the articles.

Both use `functions`, which the connection must know: SQLite itself folds the case of ASCII alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from qa.base.types import ArticleOrder

_COLUMNS = ("title", "source", "author", "given_id", "url")
_DESCRIBED = " || ' ' || ".join(f"coalesce({name}, '')" for name in _COLUMNS)


class Ordered(NamedTuple):
    """`clause` orders the articles, and `behind` is the condition of what comes behind the article of a row."""

    clause: str
    behind: str


def _by(key: str, way: str) -> Ordered:
    """The article of the row may be removed, but not purged."""
    sign = "<" if way == "DESC" else ">"
    return Ordered(f"ORDER BY {key} {way}, row {way}", f"({key}, row) {sign} (SELECT {key}, row FROM articles WHERE row = ?)")


ORDERS = {
    ArticleOrder.ADDED: Ordered("ORDER BY row DESC", "row < ?"),
    ArticleOrder.NEWEST: _by("coalesce(published_at, '')", "DESC"),
    ArticleOrder.OLDEST: _by("coalesce(published_at, '~')", "ASC"),  # which is behind every date
    ArticleOrder.TITLE: _by("title_key(title)", "ASC"),
}


def words_condition(words: Sequence[str], *, in_text: bool) -> str:
    """` AND …`: each word that `functions` was given is in what an article is described by, or with `in_text` in its text."""
    return f" AND holds({_DESCRIBED}, {'text' if in_text else repr('')})" if words else ""


def functions(words: Sequence[str]) -> dict[str, Callable[..., str | bool]]:
    """The functions of the statements, by name, for these words."""
    return {"holds": _holding(words), "title_key": _title_key}


def _holding(words: Sequence[str]) -> Callable[[str, str], bool]:
    folded = [word.casefold() for word in words]

    def holds(described: str, text: str) -> bool:
        head = described.casefold()
        missing = [word for word in folded if word not in head]
        if not missing or not text:
            return not missing
        body = text.casefold()
        return all(word in body for word in missing)

    return holds


def _title_key(title: str) -> str:
    """Without the case, and without quotation marks and the like before the first letter."""
    folded = title.casefold()
    first = next((at for at, character in enumerate(folded) if character.isalnum()), 0)
    return folded[first:]
