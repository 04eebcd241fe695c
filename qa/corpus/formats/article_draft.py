"""The fields of an article as a format read them, before `make_article` checks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Parse = Callable[[str, bytes, str], Mapping[str, str | None]]  # `ParserProcess.call`


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """The unchecked fields of an article. `notices` say which fields could not be used, and why.

    In a file of many records, `line` is the line where this one begins, or `record` is its number; both count from 1.
    In a file of one article, both are None.
    """

    text: str
    title: str | None = None
    given_id: str | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    published_at: str | int | float | None = None
    language: str | None = None
    line: int | None = None
    record: int | None = None
    is_markdown: bool = False
    notices: tuple[str, ...] = ()


def whole_draft(fields: Mapping[str, str | None]) -> ArticleDraft:
    """The draft of a file that is one article, from a parser's fields under the draft's names."""
    return ArticleDraft(
        fields.get("text") or "",
        title=fields.get("title"),
        url=fields.get("url"),
        source=fields.get("source"),
        author=fields.get("author"),
        published_at=fields.get("published_at"),
        language=fields.get("language"),
    )
