"""Words of a stand-alone question, the date ranges and the inherited words among them ⇄ their JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.api.shape import Shape
from qa.api.span import span_of
from qa.base.types import DateRange, Span


class PeriodShape(Shape):
    """The date range that the words at these code points of the stand-alone question mean. Both days are included."""

    text: str
    start_char_index: int
    end_char_index: int
    first_day: date
    last_day: date


class CarriedShape(Shape):
    """Words that the stand-alone question inherited from an earlier turn, at these code points of it."""

    text: str
    start_char_index: int
    end_char_index: int


def period_shapes(question: str, periods: Sequence[DateRange]) -> list[PeriodShape]:
    return [
        PeriodShape(
            text=period.span.of(question),
            start_char_index=period.span.start,
            end_char_index=period.span.end,
            first_day=period.first,
            last_day=period.last,
        )
        for period in periods
    ]


def date_range_of(shape: PeriodShape) -> DateRange:
    return DateRange(span_of(shape), shape.first_day, shape.last_day)


def carried_shapes(question: str, carried: Sequence[Span]) -> list[CarriedShape]:
    return [CarriedShape(text=span.of(question), start_char_index=span.start, end_char_index=span.end) for span in carried]
