"""Filters ⇄ their JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.api.shape import Shape
from qa.base.types import FilterAdvice, FilterName, Filters


class FiltersShape(Shape):
    """Which articles may answer. An empty or null field accepts all of them. Each day is included.

    Articles from after the day `as_of` do not answer; those without a date do.
    """

    sources: list[str]
    article_ids: list[str]
    published_from: date | None
    published_to: date | None
    language: str | None
    as_of: date | None = None  # answers kept by an earlier version of qa have none


class FilterAdviceShape(Shape):
    """Why one filter lets nothing pass, and what to ask for instead.

    `unmatched` are its values that no article has, `nearest` values that some have. `passing_without` is how many articles pass
    when this filter is lifted; 0 also where the filters let some pass. `text` says all of it in sentences.
    """

    filter: FilterName
    unmatched: list[str]
    nearest: list[str]
    passing_without: int
    text: str


def filter_advice_shapes(advice: Sequence[FilterAdvice]) -> list[FilterAdviceShape]:
    return [
        FilterAdviceShape(
            filter=one.filter,
            unmatched=list(one.unmatched),
            nearest=list(one.nearest),
            passing_without=one.passing_without,
            text=one.text,
        )
        for one in advice
    ]


def filter_advice_of(shape: FilterAdviceShape) -> FilterAdvice:
    return FilterAdvice(shape.filter, tuple(shape.unmatched), tuple(shape.nearest), shape.passing_without, shape.text)


def filters_shape(filters: Filters) -> FiltersShape:
    return FiltersShape(
        sources=list(filters.sources),
        article_ids=list(filters.article_ids),
        published_from=filters.published_from,
        published_to=filters.published_to,
        language=filters.language,
        as_of=filters.as_of,
    )


def filters_of(shape: FiltersShape) -> Filters:
    return Filters(
        sources=tuple(shape.sources),
        article_ids=tuple(shape.article_ids),
        published_from=shape.published_from,
        published_to=shape.published_to,
        language=shape.language,
        as_of=shape.as_of,
    )
