from __future__ import annotations

from datetime import date

import pytest

from qa.api.filters import FilterAdviceShape
from qa.base.errors import QuestionError
from qa.base.types import NO_FILTERS, FilterName, Filters
from web.pages.filter_form import FilterForm, form_of, looser_forms

WHOLE = Filters(("cnn",), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), "en")


def advice(filter_: FilterName, *nearest: str, passing_without: int = 0) -> FilterAdviceShape:
    return FilterAdviceShape(
        filter=filter_, unmatched=["x"], nearest=list(nearest), passing_without=passing_without, text="No article has it."
    )


def test_the_fields_and_the_filters_say_the_same() -> None:
    assert form_of(WHOLE) == FilterForm("cnn", "2024-01-01", "2024-01-02", "en", "art_1")
    assert form_of(WHOLE).filters() == WHOLE
    assert form_of(NO_FILTERS) == FilterForm() and not FilterForm().is_filled
    assert FilterForm(" cnn ", "2024", "", " en", " ").filters() == Filters(("cnn",), (), date(2024, 1, 1), None, "en")


def test_the_field_of_articles_holds_one_given_id_or_several_generated_ones() -> None:
    ids = tuple(f"art_{number:016x}" for number in range(5))
    assert FilterForm(article=" ".join(ids)).filters().article_ids == ids
    assert form_of(Filters(article_ids=ids)) == FilterForm(article=" ".join(ids))
    assert FilterForm(article="the pier of 2024").filters().article_ids == ("the pier of 2024",)
    assert str(Filters(article_ids=ids)) == "one of 5 articles"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            FilterForm(published_from="2024-06", published_to="2024-05"),
            "The first day, 1 June 2024, is after the last, 31 May 2024. Change one of them.",
        ),
        (FilterForm(published_to="2024-02-31"), "'2024-02-31' is no date"),
        (FilterForm(published_to="soon"), "'soon' is no day, month or year"),
    ],
)
def test_days_that_are_none_and_days_in_the_wrong_order_are_refused(form: FilterForm, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        form.filters()


def test_without_filters_there_is_nothing_to_loosen() -> None:
    assert looser_forms(NO_FILTERS) == []


def test_one_filter_is_lifted_whole() -> None:
    assert looser_forms(Filters(sources=("cnn",))) == [("Search all sources", FilterForm())]
    assert looser_forms(Filters(published_to=date(2024, 3, 1))) == [("Search all dates", FilterForm())]
    assert looser_forms(Filters(language="en")) == [("Search all languages", FilterForm())]
    assert looser_forms(Filters(article_ids=("art_1",))) == [("Search other articles too", FilterForm())]


def test_of_two_filters_each_can_be_lifted_alone_or_both() -> None:
    assert looser_forms(Filters(sources=("cnn",), published_from=date(2024, 3, 1))) == [
        ("Search all sources", FilterForm(published_from="2024-03-01")),
        ("Search all dates", FilterForm(source="cnn")),
        ("Search all articles", FilterForm()),
    ]


def test_where_none_passes_only_what_helps_is_offered_and_the_sources_that_are_spelt_alike() -> None:
    given = [
        advice(FilterName.SOURCES, "CNN News", "CBN", passing_without=3),
        advice(FilterName.LANGUAGE, "en"),
    ]
    assert looser_forms(Filters(("cn",), language="fr"), given, none_passes=True) == [
        ("Search “CNN News”", FilterForm("CNN News", language="fr")),
        ("Search “CBN”", FilterForm("CBN", language="fr")),
        ("Search all sources", FilterForm(language="fr")),
        ("Search all articles", FilterForm()),
    ]
    given = [advice(FilterName.SOURCES, "CNN News")]
    assert looser_forms(Filters(("cn",), language="fr"), given, none_passes=True) == [("Search all articles", FilterForm())]
