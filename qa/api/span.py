"""A span of an article's text ⇄ its JSON."""

from __future__ import annotations

from typing import Protocol

from qa.api.shape import Shape
from qa.base.types import Span


class SpanShape(Shape):
    """Code points of an article's text, half-open."""

    start_char_index: int
    end_char_index: int


class Placed(Protocol):
    """Any shape with a place in a text: `SpanShape`, a citation, a date range …"""

    @property
    def start_char_index(self) -> int: ...
    @property
    def end_char_index(self) -> int: ...


def span_shape(span: Span) -> SpanShape:
    return SpanShape(start_char_index=span.start, end_char_index=span.end)


def span_of(shape: Placed) -> Span:
    return Span(shape.start_char_index, shape.end_char_index)
