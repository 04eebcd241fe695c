"""What a format found in a file, before `make_article` has checked it."""

from __future__ import annotations

from dataclasses import dataclass


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
