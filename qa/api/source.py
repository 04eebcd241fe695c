"""The source of an article ⇄ its JSON."""

from __future__ import annotations

from qa.api.shape import Linkable, Shape
from qa.base.types import Source


class SourceShape(Shape):
    name: str | None
    url: Linkable
    author: str | None
    published_at: str | None
    language: str | None
    guessed_language: str | None = None  # answers kept by an earlier version of qa have none


def source_shape(source: Source) -> SourceShape:
    return SourceShape(
        name=source.name,
        url=source.url,
        author=source.author,
        published_at=source.published_at,
        language=source.language,
        guessed_language=source.guessed_language,
    )


def source_of(shape: SourceShape) -> Source:
    return Source(
        name=shape.name,
        url=shape.url,
        author=shape.author,
        published_at=shape.published_at,
        language=shape.language,
        guessed_language=shape.guessed_language,
    )
