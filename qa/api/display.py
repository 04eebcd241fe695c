"""A quote as people read it ⇄ its JSON, and what of a citation's JSON is shown to people."""

from __future__ import annotations

from qa.api.shape import Shape
from qa.api.span import SpanShape, span_of, span_shape
from qa.base.types import ShownQuote


class DisplayShape(Shape):
    """A quote as people read it: without the marks of Markdown, and a table's row with the heads of its columns.

    `short_answer` is where the part that answers stands in `text`; `lead_in` is the citation's as people read it.
    """

    text: str
    short_answer: SpanShape | None = None
    lead_in: str | None = None


def display_shape(shown: ShownQuote) -> DisplayShape:
    answer = span_shape(shown.answer) if shown.answer is not None else None
    return DisplayShape(text=shown.text, short_answer=answer, lead_in=shown.lead_in)


def shown_quote_of(shape: DisplayShape) -> ShownQuote:
    answer = span_of(shape.short_answer) if shape.short_answer is not None else None
    return ShownQuote(shape.text, answer, shape.lead_in)
