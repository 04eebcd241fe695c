"""Filters over a store: which articles pass, against a loop over all of them."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from qa.base.terms import ArticleTerms
from qa.base.types import Article, Filters, Passage, Sentence, SentenceKind, Span, passage_id
from qa.index.filters import is_language, names_source
from qa.index.store import NewPassage, NewSentence, Store, StoreWriter

SOURCES = ("cnn.com", "CNN", "edition.cnn.com", "The Harbour Post", None)
DAYS = ("2023-12-31", "2024-01-01", "2024-03-08T05:00:00Z", "2024-03-31", None)
LANGUAGES = ("en", "en-GB", "de", None)


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
                language="en",
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
    source = (article.source or "").lower()
    return (
        (not filters.sources or any(source == name.lower() or source.startswith(f"{name.lower()}.") for name in filters.sources))
        and (not filters.article_ids or bool({article.id, article.given_id} & set(filters.article_ids)))
        and (filters.published_from is None or (day is not None and day >= filters.published_from))
        and (filters.published_to is None or (day is not None and day <= filters.published_to))
        and (filters.language is None or (article.language or "").split("-")[0] == filters.language)
    )


FILTERS = [
    Filters(),
    Filters(sources=("cnn",)),
    Filters(sources=("cnn.com",)),
    Filters(sources=("the harbour post", "CNN")),
    Filters(sources=("nobody",)),
    Filters(published_from=date(2024, 1, 1)),
    Filters(published_to=date(2024, 3, 8)),
    Filters(published_from=date(2024, 1, 1), published_to=date(2024, 1, 1)),
    Filters(published_from=date(2030, 1, 1)),
    Filters(language="en"),
    Filters(language="fr"),
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


def test_the_language_filter_takes_the_tag_in_any_case(store: Store) -> None:
    assert store.selected_rows(Filters(language="EN-gb")).tolist() == store.selected_rows(Filters(language="en-GB")).tolist()
    assert is_language("en", "en-US") and not is_language("en", "enm") and not is_language("en-GB", "en")


@pytest.mark.parametrize(
    ("name", "source", "named"),
    [
        ("cnn", "cnn.com", True),
        ("cnn", "www.CNN.com", True),
        ("www.cnn.com", "cnn.com", True),
        ("theweek", "theweek.co.uk", True),
        ("usatoday", "college.usatoday.com", False),
        ("cn", "cnn.com", False),
        ("", ".hidden", False),
        ("The Harbour  Post", "The Harbour Post", False),
    ],
)
def test_a_source_is_named_whole_or_up_to_a_dot(name: str, source: str, named: bool) -> None:
    assert names_source(name, source) is named


def test_the_sources_are_named_once_each_in_order(store: Store) -> None:
    assert store.sources() == ["CNN", "The Harbour Post", "cnn.com", "edition.cnn.com"]


def test_days_of_publication_are_given_for_the_articles_that_are_there(store: Store) -> None:
    dated, timed, undated = (
        next(article.id for article in _articles() if article.published_at == day) for day in (DAYS[1], DAYS[2], None)
    )
    assert store.published_days([dated, timed, undated, "nothing"]) == {
        dated: date(2024, 1, 1),
        timed: date(2024, 3, 8),
        undated: None,
    }


def test_filters_say_what_is_set() -> None:
    assert str(Filters()) == "none"
    assert not Filters()
    whole = Filters(("cnn", "BBC"), ("art_1",), date(2024, 1, 1), date(2024, 1, 2), "en")
    assert whole
    assert str(whole) == (
        "source “cnn”, source “BBC”, article art_1, published from 2024-01-01, published until 2024-01-02, language en"
    )


def test_days_in_the_wrong_order_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="published_from 2024-02-01 is after published_to 2024-01-01"):
        Filters(published_from=date(2024, 2, 1), published_to=date(2024, 1, 1))
