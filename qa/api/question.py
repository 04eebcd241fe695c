"""Words of a stand-alone question, the date ranges and the inherited words among them ⇄ their JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.api.shape import Shape
from qa.api.span import span_of
from qa.base.types import DateRange, Span


class PeriodShape(Shape):
    """The date range that the words at these code points of the stand-alone question mean. Both days are included.

    0001-01-01 and 9999-12-31 are the ends of a range that has none, such as "before 2024".
    """

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


def date_range_shapes(question: str, ranges: Sequence[DateRange]) -> list[PeriodShape]:
    return [
        PeriodShape(
            text=one.span.of(question),
            start_char_index=one.span.start,
            end_char_index=one.span.end,
            first_day=one.first,
            last_day=one.last,
        )
        for one in ranges
    ]


def date_range_of(shape: PeriodShape) -> DateRange:
    return DateRange(span_of(shape), shape.first_day, shape.last_day)


def inherited_shapes(question: str, inherited: Sequence[Span]) -> list[CarriedShape]:
    return [CarriedShape(text=span.of(question), start_char_index=span.start, end_char_index=span.end) for span in inherited]
