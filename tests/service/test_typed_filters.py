"""Filters as they are typed, in whatever door."""

from __future__ import annotations

from datetime import date

import pytest

from qa.base.types import ANY_TIME, NO_FILTERS, Filters
from qa.service.typed_filters import typed_filters


def test_words_become_filters_and_empty_ones_none() -> None:
    assert typed_filters() == NO_FILTERS
    assert typed_filters(published_from=" ", published_to="", language="  ", as_of="") == NO_FILTERS
    assert typed_filters(
        sources=[" The\u00a0Post "],
        article_ids=["art_1 "],
        published_from="2024",
        published_to="2024-02 ",
        language=" en",
        as_of="2024-03",
    ) == Filters(("The\u00a0Post",), ("art_1",), date(2024, 1, 1), date(2024, 2, 29), "en", date(2024, 3, 31))
    assert typed_filters(as_of="any") == Filters(as_of=ANY_TIME)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sources": ["cnn", " "]}, "the source ' ' is blank; expected a name such as cnn, or no filter by source"),
        ({"article_ids": [""]}, "the article '' is blank; expected an id, or no filter by article"),
        ({"published_from": "31 February"}, "'31 February' is no day, month or year; expected it as in 2024-03-08"),
        ({"published_to": "2024-02-31"}, "'2024-02-31' is no date: "),
        ({"published_from": "2025", "published_to": "2024"}, "published_from 2025-01-01 is after published_to 2024-12-31"),
    ],
)
def test_what_cannot_be_a_filter_is_named_with_its_value(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        typed_filters(**given)  # type: ignore[arg-type]
