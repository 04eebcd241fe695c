"""What is said of filters that let nothing pass: the nearest values that there are, and which filter to loosen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date

import pytest

from qa.base.terms import ArticleTerms
from qa.base.types import ANY_TIME, NO_FILTERS, Article, FilterName, Filters
from qa.index.store import Store, StoreWriter
from qa.service.filter_advice import filter_advice, looser_filters, similar_names

# (given id, source, day, declared language, language); one article each
ARTICLES = (
    ("ferry", "The Harbour Post", "2024-03-01", "en", "en"),
    ("fair", "The Harbour Post", "2024-03-20", None, "en"),
    ("storm", "Radio Skerry", "2024-05-02T06:00:00Z", "en-GB", "en"),
    ("hafen", "Die Zeitung", None, "de", "de"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("advice")
    with contextlib.closing(StoreWriter.open(folder, create=True)) as writer, writer.writing():
        for given_id, source, day, declared, language in ARTICLES:
            writer.add_article(
                Article(f"art_{given_id}", given_id, "A title", "Text.", source=source, published_at=day, language=declared),
                language=language,
                is_guessed=declared is None,
                embedded_title="",
                sentences=[],
                passages=[],
                terms=ArticleTerms.of((), ()),
                added_at="2024-06-01T00:00:00Z",
            )
    with contextlib.closing(Store.open(folder)) as opened, opened.reading():
        yield opened


def _said(store: Store, filters: Filters) -> list[str]:
    return [one.text for one in filter_advice(store, filters, none_passes=not store.count((), filters))]


def _one(store: Store, filters: Filters) -> tuple[FilterName, tuple[str, ...], tuple[str, ...], int, str]:
    (one,) = filter_advice(store, filters, none_passes=not store.count((), filters))
    return one.filter, one.unmatched, one.nearest, one.passing_without, one.text


def test_of_filters_that_let_something_pass_there_is_nothing_to_say(store: Store) -> None:
    assert _said(store, NO_FILTERS) == []
    assert _said(store, Filters(("harbour post",), ("ferry",), date(2024, 1, 1), date(2024, 12, 31), "en")) == []


def test_a_source_that_nobody_has_leads_to_names_that_are_spelt_like_it(store: Store) -> None:
    assert _one(store, Filters(sources=("Harbor Post",))) == (
        FilterName.SOURCES,
        ("Harbor Post",),
        ("The Harbour Post",),
        4,
        "No article has the source “Harbor Post”. The nearest: “The Harbour Post”. "
        "Without the source filter there are 4 articles.",
    )
    assert "The nearest: “Radio Skerry”." in _said(store, Filters(sources=("radio",)))[0]


def test_where_no_name_is_like_it_some_sources_are_named(store: Store) -> None:
    (said,) = _said(store, Filters(sources=("xyzzy",)))
    assert "The sources are “Die Zeitung”, “Radio Skerry” and “The Harbour Post”." in said


def test_one_of_several_sources_that_nobody_has_is_named_though_others_pass(store: Store) -> None:
    assert _one(store, Filters(sources=("harbour post", "Radio Sherry")))[1:4] == (("Radio Sherry",), ("Radio Skerry",), 0)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((date(2024, 6, 1), None), "No article was published from 1 June 2024. The nearest day is 2 May 2024."),
        ((None, date(2024, 2, 1)), "No article was published until 1 February 2024. The nearest day is 1 March 2024."),
        (
            (date(2024, 4, 1), date(2024, 4, 30)),
            "No article was published from 1 April 2024 until 30 April 2024. The nearest days are 20 March 2024 and 2 May 2024.",
        ),
        ((date.min, date.min), "No article was published from 1 January 1 until 1 January 1. The nearest day is 1 March 2024."),
        (
            (date.max, date.max),
            "No article was published from 31 December 9999 until 31 December 9999. The nearest day is 2 May 2024.",
        ),
    ],
)
def test_days_without_articles_lead_to_the_nearest_and_to_those_that_the_index_spans(
    store: Store, days: tuple[date | None, date | None], said: str
) -> None:
    (text,) = _said(store, Filters(published_from=days[0], published_to=days[1]))
    there = "All articles are from 1 March 2024 to 2 May 2024, 1 without a date."
    assert text == f"{said} {there} Without the date filter there are 4 articles."


def test_a_language_without_articles_leads_to_those_that_there_are(store: Store) -> None:
    assert _one(store, Filters(language="fr")) == (
        FilterName.LANGUAGE,
        ("fr",),
        ("en", "de"),
        4,
        "No article is in “fr”. There are articles in en (3, 1 guessed) and de (1). "
        "Without the language filter there are 4 articles.",
    )
    assert _said(store, Filters(language="German!"))[0].startswith("“German!” is no language code, such as en. No article is in")


def test_an_unknown_article_leads_to_ids_that_begin_like_it(store: Store) -> None:
    assert _one(store, Filters(article_ids=("art_f",)))[1:3] == (("art_f",), ("art_fair", "art_ferry"))
    (said,) = _said(store, Filters(article_ids=("nothing", "ferry")))
    assert said == "There is no article “nothing”, or it was removed. `qa list` and the library name the articles."


def test_filters_that_pass_alone_and_not_together_are_told_by_what_each_keeps_out(store: Store) -> None:
    assert _said(store, Filters(sources=("radio skerry",), published_to=date(2024, 3, 31))) == [
        "Without the source filter there are 2 articles.",
        "The articles that pass the other filters are of 2 May 2024. Without the date filter there is 1 article.",
    ]
    assert _said(store, Filters(sources=("zeitung",), language="en")) == [
        "Without the source filter there are 3 articles.",
        "The articles that pass the other filters are in de (1). Without the language filter there is 1 article.",
    ]


def test_where_no_single_filter_is_to_blame_it_says_so(store: Store) -> None:
    first, last = _said(store, Filters(sources=("nobody",), language="fr"))
    assert first.startswith("No article has the source “nobody”.")
    assert last.endswith("Removing one filter alone is not enough.")


def test_a_day_as_of_which_nothing_was_published_is_told(store: Store) -> None:
    as_of = Filters(sources=("harbour post",), as_of=date(2023, 1, 1))
    assert _said(store, as_of) == [
        "The articles that pass the other filters are from 1 March 2024 to 20 March 2024. "
        "Without the as-of day there are 2 articles.",
        "Without the source filter there is 1 article.",  # that has no date
    ]


def test_each_filter_that_is_set_can_be_lifted() -> None:
    whole = Filters(("cnn",), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), "en", date(2024, 1, 3))
    assert dict(looser_filters(whole)) == {
        FilterName.SOURCES: Filters((), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), "en", date(2024, 1, 3)),
        FilterName.ARTICLE_IDS: Filters(("cnn",), (), date(2024, 1, 1), date(2024, 1, 2), "en", date(2024, 1, 3)),
        FilterName.PUBLISHED: Filters(("cnn",), ("art_1",), None, None, "en", date(2024, 1, 3)),
        FilterName.LANGUAGE: Filters(("cnn",), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), None, date(2024, 1, 3)),
        FilterName.AS_OF: Filters(("cnn",), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), "en", ANY_TIME),
    }
    assert looser_filters(NO_FILTERS) == []


def test_a_very_long_name_is_answered_at_once(store: Store) -> None:
    assert len(_said(store, Filters(sources=("x" * 1_000_000,)))) == 1


def test_of_very_many_or_very_long_names_the_nearest_is_found_all_the_same() -> None:
    known = [f"Radio {number}" for number in range(1_500)] + ["Paper Mill", "P" * 20_000]
    assert similar_names("Papr Mill", known) == ["Paper Mill"]
    assert similar_names("P" * 30_000, known) == ["P" * 20_000]
