"""Filters over a store: which articles pass, against a loop over all of them."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.base.terms import ArticleTerms
from qa.base.types import ANY_TIME, Article, Filters, Passage, Sentence, SentenceKind, Span, passage_id
from qa.index.filter_values import DaysCount, LanguageCount
from qa.index.filters import article_condition
from qa.index.store import NewPassage, NewSentence, Store, StoreWriter

SOURCES = ("cnn.com", "CNN", "edition.cnn.com", "The Harbour Post", None)
DAYS = ("2023-12-31", "2024-01-01", "2024-03-08T05:00:00Z", "2024-03-31", None)
LANGUAGES = ("en", "en-GB", "de", "Klingon", None)
GUESSES = {"Klingon": "de", None: "en"}  # of those that declare no code


def _articles() -> list[Article]:
    """One for each combination of the facts."""
    return [
        Article(
            f"art_{number:03}",
            f"given/{number}",
            "A title",
            f"Text number {number}.",
            source=source,
            published_at=day,
            language=language,
        )
        for number, (source, day, language) in enumerate(itertools.product(SOURCES, DAYS, LANGUAGES))
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("filters")
    with contextlib.closing(StoreWriter.open(folder, create=True)) as writer, writer.writing():
        writer.add_vectors([b"key"], np.eye(1, 4, dtype=np.float32))
        for article in _articles():
            span = Span(0, len(article.text))
            sentence = Sentence(0, span, SentenceKind.PROSE)
            passage = Passage(passage_id(article, span), article.id, span, (sentence,))
            writer.add_article(
                article,
                language=GUESSES.get(article.language) or article.language[:2],
                is_guessed=article.language in GUESSES,
                embedded_title="",
                sentences=[NewSentence(sentence, None)],
                passages=[NewPassage(passage, b"key")] * 2,
                terms=ArticleTerms.of((), ()),
                added_at="2024-04-01T00:00:00Z",
            )
        writer.mark_removed("art_001", "2024-04-02T00:00:00Z")
    with contextlib.closing(Store.open(folder)) as opened, opened.reading():
        yield opened


def _passes(article: Article, filters: Filters) -> bool:
    day = date.fromisoformat(article.published_at[:10]) if article.published_at else None
    return (
        (not filters.sources or any(article.source in SOURCES_NAMED[name] for name in filters.sources))
        and (not filters.article_ids or bool({article.id, article.given_id} & set(filters.article_ids)))
        and (filters.published_from is None or (day is not None and day >= filters.published_from))
        and (filters.published_to is None or (day is not None and day <= filters.published_to))
        and (filters.as_of is None or day is None or day <= filters.as_of)
        and (filters.language is None or article.language in LANGUAGES_NAMED[filters.language])
    )


SOURCES_NAMED = {
    "cnn": ("cnn.com", "CNN"),
    "CNN": ("cnn.com", "CNN"),
    "cnn.com": ("cnn.com",),
    "the harbour post": ("The Harbour Post",),
    "Harbour-Post": ("The Harbour Post",),
    "Le harbour post": (),
    "nobody": (),
    " ": (),
}
LANGUAGES_NAMED = {
    "en": ("en", "en-GB", None),
    "EN ": ("en", "en-GB", None),
    "en_gb": ("en-GB",),
    "de": ("de", "Klingon"),
    "klingon": ("Klingon",),
    "fr": (),
    "": (),
}


FILTERS = [
    Filters(),
    Filters(sources=("cnn",)),
    Filters(sources=("cnn.com",)),
    Filters(sources=("the harbour post", "CNN")),
    *(Filters(sources=(name,)) for name in SOURCES_NAMED if name not in ("cnn", "cnn.com")),
    Filters(published_from=date(2024, 1, 1)),
    Filters(published_to=date(2024, 3, 8)),
    Filters(published_from=date(2024, 1, 1), published_to=date(2024, 1, 1)),
    Filters(published_from=date(2030, 1, 1)),
    *(Filters(language=language) for language in LANGUAGES_NAMED),
    Filters(as_of=date(2023, 12, 30)),
    Filters(as_of=date(2024, 3, 8)),
    Filters(as_of=ANY_TIME),
    Filters(published_from=date(2024, 1, 1), as_of=date(2024, 3, 8)),
    Filters(article_ids=("art_003", "given/4", "nothing")),
    Filters(sources=("cnn",), published_from=date(2024, 3, 1), language="en"),
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_those_pass_that_a_loop_lets_pass(store: Store, filters: Filters) -> None:
    expected = [article.id for article in _articles() if article.id != "art_001" and _passes(article, filters)]
    assert [row.article.id for row in store.articles(filters)] == expected
    assert [row.article.id for row in store.page((), filters, limit=200)] == expected[::-1]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_the_rows_are_those_of_their_passages_ascending(store: Store, filters: Filters) -> None:
    rows = store.selected_rows(filters)
    assert rows.dtype == np.int64
    expected = [row.article.id for row in store.articles(filters) for _ in range(2)]
    held = store.passage_ids(rows.tolist())
    assert [held[row].partition("@")[0] for row in rows.tolist()] == expected
    every, articles = store.articles_of_passages()
    assert np.array_equal(every[np.isin(articles, store.selected_articles(filters))], rows)


def test_an_article_that_declares_no_language_says_which_one_was_guessed(store: Store) -> None:
    guessed = {(row.article.language, row.article.guessed_language) for row in store.articles()}
    assert guessed == {("en", None), ("en-GB", None), ("de", None), ("Klingon", "de"), (None, "en")}


def test_a_source_is_found_without_reading_the_articles(store: Store) -> None:
    condition, values = article_condition(Filters(sources=("cnn",)))
    plan = store._connection.execute(f"EXPLAIN QUERY PLAN SELECT row FROM articles WHERE removed_at IS NULL{condition}", values)
    assert not [step for *_, step in plan if "SCAN" in step]


def test_the_sources_are_named_once_each_in_order(store: Store) -> None:
    assert store.filter_values.sources() == ["CNN", "The Harbour Post", "cnn.com", "edition.cnn.com"]
    assert store.filter_values.sources_named("cnn") == ["CNN", "cnn.com"]
    assert store.filter_values.sources_named("nobody") == []


def test_languages_are_counted_with_those_that_were_guessed(store: Store) -> None:
    # 25 articles of each declared language, less the removed one, art_001, which declares en-GB
    assert store.filter_values.languages() == [LanguageCount("en", 74, 25), LanguageCount("de", 50, 25)]
    assert store.filter_values.languages(Filters(language="klingon")) == [LanguageCount("de", 25, 25)]
    assert store.filter_values.language_codes() == ["de", "en"]


def test_the_days_that_articles_span_are_told_with_how_many_have_none(store: Store) -> None:
    assert store.filter_values.days() == DaysCount(date(2023, 12, 31), date(2024, 3, 31), 25)
    assert store.filter_values.days(Filters(published_from=date(2024, 1, 2))) == DaysCount(date(2024, 3, 8), date(2024, 3, 31), 0)
    assert store.filter_values.days(Filters(language="fr")) == DaysCount(None, None, 0)


def test_ids_are_found_by_how_they_begin(store: Store) -> None:
    assert store.filter_values.ids_beginning("given/12", most=9) == [
        "given/12",
        "given/120",
        "given/121",
        "given/122",
        "given/123",
        "given/124",
    ]
    assert store.filter_values.ids_beginning("art_00", most=2) == ["art_000", "art_002"]  # art_001 is removed
    assert store.filter_values.ids_beginning("x", most=9) == []


def test_a_source_goes_with_its_last_article(tmp_path: Path) -> None:
    def keys(writer: StoreWriter) -> list[str]:
        return [key for (key,) in writer._connection.execute("SELECT name FROM source_names ORDER BY name")]

    with contextlib.closing(StoreWriter.open(tmp_path, create=True)) as writer, writer.writing():
        for id_ in ("a", "b"):
            article = Article(id_, id_, "A title", "Text.", source="The Post")
            writer.add_article(
                article, language="en", embedded_title="", sentences=[], passages=[], terms=ArticleTerms.of([], []), added_at=""
            )
        writer.delete_article("a")
        assert keys(writer) == ["* post", "thepost"]
        writer.mark_removed("b", "2024-04-02T00:00:00Z")
        assert writer.filter_values.sources() == []
        writer.mark_removed("b", None)
        assert writer.filter_values.sources() == ["The Post"]
        writer.delete_article("b")
        assert keys(writer) == []


def test_days_of_publication_are_given_for_the_articles_that_are_there(store: Store) -> None:
    dated, timed, undated = (
        next(article.id for article in _articles() if article.published_at == day) for day in (DAYS[1], DAYS[2], None)
    )
    assert store.published_days([dated, timed, undated, "nothing"]) == {
        dated: date(2024, 1, 1),
        timed: date(2024, 3, 8),
        undated: None,
    }


@pytest.mark.parametrize(
    ("filters", "day"),
    [
        (Filters(), date(2024, 3, 31)),
        (Filters(as_of=date(2024, 3, 9)), date(2024, 3, 8)),
        (Filters(published_to=date(2023, 12, 31)), date(2023, 12, 31)),
        (Filters(published_to=date(2020, 1, 1)), None),
    ],
    ids=str,
)
def test_the_newest_day_is_that_of_the_articles_that_pass(store: Store, filters: Filters, day: date | None) -> None:
    assert store.filter_values.days(filters).last == day


def test_a_day_of_any_time_leaves_nothing_out() -> None:
    assert not Filters(as_of=ANY_TIME)
    assert str(Filters(as_of=ANY_TIME)) == "none"
    assert str(Filters(as_of=date(2024, 3, 8))) == "as of 8 March 2024"


def test_filters_say_what_is_set() -> None:
    assert str(Filters()) == "none"
    assert not Filters()
    whole = Filters(("cnn", "BBC"), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), "en")
    assert whole
    assert str(whole) == (
        "source “cnn”, source “BBC”, article art_1, published from 1 January 2024, published until 2 January 2024, language en"
    )


def test_days_in_the_wrong_order_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="published_from 2024-02-01 is after published_to 2024-01-01"):
        Filters(published_from=date(2024, 2, 1), published_to=date(2024, 1, 1))
