"""Sentences and articles that say the same, as the store knows them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from qa.base.errors import ArticleDamaged
from qa.base.terms import ArticleTerms
from qa.base.types import Article, Sentence, SentenceKind, Source, Span
from qa.index.near_duplicates import Sharing
from qa.index.store import NewSentence, StoreWriter


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[StoreWriter]:
    with contextlib.closing(StoreWriter.open(tmp_path, create=True)) as opened, opened.writing():
        yield opened


def _add(writer: StoreWriter, id_: str, *keys: int | None, source: str | None = None) -> int:
    """An article of as many sentences of one letter as there are keys; its row."""
    article = Article(id=id_, given_id=f"given {id_}", title=f"Title {id_}", text="abcdef"[: len(keys)] or "-", source=source)
    sentences = [NewSentence(Sentence(place, Span(place, place + 1), SentenceKind.PROSE), key) for place, key in enumerate(keys)]
    row, _ = writer.add_article(
        article,
        language="en",
        embedded_title="",
        sentences=sentences,
        passages=[],
        terms=ArticleTerms.of((), ()),
        added_at="2024-04-01T00:00:00Z",
    )
    return row


def _joined(writer: StoreWriter, id_: str, bands: Sequence[int] = (), clusters: Sequence[int] = ()) -> int:
    row = _add(writer, id_)
    writer.near_duplicates.join(row, bands, clusters)
    return row


def test_places_are_those_of_the_key_in_the_order_articles_were_added(writer: StoreWriter) -> None:
    _add(writer, "a", 7, None, 7, source="Post")
    _add(writer, "b", 8, 7)
    places = writer.places(7, most=9)
    assert [(place.article_id, place.sentence_index, place.span, place.quote) for place in places] == [
        ("a", 0, Span(0, 1), "a"),
        ("a", 2, Span(2, 3), "c"),
        ("b", 1, Span(1, 2), "b"),
    ]
    assert (places[0].article_title, places[0].source) == ("Title a", Source("Post", None, None, None, None))
    assert places[:2] == writer.places(7, most=2)
    assert writer.places(9, most=9) == []


def test_a_removed_article_is_no_place(writer: StoreWriter) -> None:
    _add(writer, "a", 7)
    writer.mark_removed("a", "2024-04-02T00:00:00Z")
    assert writer.places(7, most=9) == []


def test_a_damaged_article_is_no_place_but_an_error(writer: StoreWriter) -> None:
    _add(writer, "a", 7)
    writer._connection.execute("UPDATE row_digests SET digest = digest + 1 WHERE owner = 'articles'")
    with pytest.raises(ArticleDamaged):
        writer.places(7, most=9)


def test_those_that_share_most_bands_come_first(writer: StoreWriter) -> None:
    one, two, three = (_joined(writer, "a", [1, 2, 3]), _joined(writer, "b", [2, 3, 4]), _joined(writer, "c", [9]))
    assert writer.near_duplicates.sharing([2, 3, 4]) == [Sharing(two, two, 3), Sharing(one, one, 2)]
    assert writer.near_duplicates.sharing([9, 8]) == [Sharing(three, three, 1)]
    assert writer.near_duplicates.sharing([]) == []


def test_an_article_that_is_like_two_clusters_makes_one_of_them(writer: StoreWriter) -> None:
    one, two, other = _joined(writer, "a"), _joined(writer, "b"), _joined(writer, "c")
    assert writer.near_duplicates.similar_to(one) == []
    joining = _joined(writer, "d", [], [two, one])
    assert writer.near_duplicates.clusters("abcd") == {"a": one, "b": one, "c": other, "d": one}
    assert writer.near_duplicates.similar_to(two) == [one, joining]


def test_a_cluster_outlives_its_first_article(writer: StoreWriter) -> None:
    one = _joined(writer, "a", [1])
    two, three = _joined(writer, "b", [1], [one]), _joined(writer, "c", [1], [one])
    writer.mark_removed("b", "2024-04-02T00:00:00Z")
    assert writer.near_duplicates.similar_to(three) == [one]
    writer.mark_removed("b", None)
    writer.delete_article("a")
    assert writer.near_duplicates.similar_to(three) == [two]
    assert [found.row for found in writer.near_duplicates.sharing([1])] == [two, three]


def test_counting_the_stories_of_a_sentence_takes_no_longer_in_a_source_of_many_articles(writer: StoreWriter) -> None:
    for number in range(300):
        row = _add(writer, f"art-{number}", 7 if number < 12 else None, source="Post")
        writer.near_duplicates.join(row, (), ())
    near = writer.near_duplicates
    assert _steps(writer, lambda: near.stories_with(7, "Post", most=10)) == (10, 0)
    assert _steps(writer, lambda: near.stories_of("Post", most=18)) == (18, 0)
    counted, thousands = _steps(writer, lambda: near.stories_of("Post"))
    assert counted == 300 and thousands > 2


def _steps(writer: StoreWriter, work: Callable[[], int]) -> tuple[int, int]:
    """(what the work gives, how many thousand steps SQLite took for it, without the last that is not whole)."""
    taken: list[int] = []
    writer._connection.set_progress_handler(lambda: taken.append(1) and None, 1_000)
    try:
        return work(), len(taken)
    finally:
        writer._connection.set_progress_handler(None, 0)
