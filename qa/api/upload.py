"""The JSON of an uploaded file's result."""

from __future__ import annotations

from typing import Literal

from qa.api.shape import Shape

MOST_NAMED = 100  # articles, refusals and notices of one file


class RefusedShape(Shape):
    """An article of a file that was refused, or a field that was left out, with its line if that is known."""

    line: int | None
    reason: str


class UploadedShape(Shape):
    """The result so far for the file at this position (from 0). `articles`, `refusals` and `notices` list the first 100."""

    object: Literal["uploaded"] = "uploaded"
    position: int
    name: str
    added: int
    changed: int
    unchanged: int
    refused: int
    articles: list[str]
    refusals: list[RefusedShape]
    notices: list[RefusedShape]
