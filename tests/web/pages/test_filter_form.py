from __future__ import annotations

from datetime import date

from qa.base.types import NO_FILTERS, Filters
from web.pages.filter_form import FilterForm, looser_forms


def test_without_filters_there_is_nothing_to_loosen() -> None:
    assert looser_forms(NO_FILTERS) == []


def test_one_filter_is_lifted_whole() -> None:
    assert looser_forms(Filters(sources=("cnn",))) == [("Search all sources", FilterForm())]
    assert looser_forms(Filters(published_to=date(2024, 3, 1))) == [("Search all dates", FilterForm())]


def test_of_two_filters_each_can_be_lifted_alone_or_both() -> None:
    assert looser_forms(Filters(sources=("cnn",), published_from=date(2024, 3, 1))) == [
        ("Search all sources", FilterForm(published_from="2024-03-01")),
        ("Search all dates", FilterForm(source="cnn")),
        ("Search all articles", FilterForm()),
    ]
