"""What a format found in a file, before `make_article` has checked it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Parse = Callable[[str, bytes, str], Mapping[str, str | None]]  # `ParserProcess.call`


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of an article as they came; `notices` are those that could not be used, in words.

    Of a file with many records, `line` is where this one begins, or `record` is its number in the list
    (both from 1); of a file that is one article, both are None.
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
    notices: tuple[str, ...] = ()


def whole_draft(found: Mapping[str, str | None]) -> Draft:
    """That of a file which is one article, out of what a parser found under the draft's own names."""
    return Draft(
        found.get("text") or "",
        title=found.get("title"),
        url=found.get("url"),
        source=found.get("source"),
        author=found.get("author"),
        published_at=found.get("published_at"),
        language=found.get("language"),
    )
