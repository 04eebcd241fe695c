"""The store by itself: what goes in comes out, in one state at a time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.base.errors import IndexNotFound
from qa.base.terms import ArticleTerms, SearchedPassage, term_keys
from qa.base.types import Article, ArticleOrder, Filters, Passage, Sentence, SentenceKind, Span, passage_id, text_digest
from qa.index.layout import STORE_FILE
from qa.index.store import APPLICATION_ID, MIGRATIONS, ArticleRow, Counts, NewPassage, NewSentence, Store, StoreWriter

TEXT = "One ship left. Two came. Three stayed."
SENTENCES = [
    Sentence(0, Span(0, 14), SentenceKind.PROSE),
    Sentence(1, Span(15, 24), SentenceKind.LIST_ITEM),
    Sentence(2, Span(25, 38), SentenceKind.HEADING),
]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[StoreWriter]:
    with contextlib.closing(StoreWriter.open(tmp_path, create=True)) as opened:
        yield opened


@pytest.fixture
def store(writer: StoreWriter) -> Iterator[Store]:
    with contextlib.closing(Store.open(writer.folder)) as opened:
        yield opened


def _article(id_: str, **facts: str) -> Article:
    return Article(**{"id": id_, "given_id": f"given {id_}", "title": f"Title of {id_}", "text": TEXT, **facts})


def _passages(article: Article) -> list[Passage]:
    """Two: the first two sentences, and the last two."""
    return [
        Passage(passage_id(article, span), article.id, span, tuple(held))
        for span, held in ((Span(0, 24), SENTENCES[:2]), (Span(15, 38), SENTENCES[1:]))
    ]


def _store(writer: StoreWriter, id_: str, *, keys: tuple[bytes, bytes] = (b"one", b"two"), **facts: str) -> list[int]:
    article = _article(id_, **facts)
    with writer.writing():
        writer.add_vectors(list(keys), np.eye(2, 4, dtype=np.float32))
        _, rows = writer.add_article(
            article,
            language="en",
            embedded_title="Title",
            sentences=[NewSentence(sentence, None) for sentence in SENTENCES],
            passages=[NewPassage(passage, key) for passage, key in zip(_passages(article), keys, strict=True)],
            terms=ArticleTerms.of(("title", id_), (("one", "ship"), ("two",), ("three", "stay"))),
            added_at="2024-03-08T12:00:00Z",
        )
        return rows


def test_the_ranker_finds_passages_and_articles_with_their_terms(writer: StoreWriter, store: Store) -> None:
    rows = [*_store(writer, "a", published_at="2024-02-12T08:00:00Z"), *_store(writer, "b")]
    (first, _), (_, second) = (_passages(_article(id_)) for id_ in "ab")
    found = {passage.row: passage for passage in store.searched_passages([rows[3], rows[0], 99])}
    in_a, in_b = found[rows[0]].article, found[rows[3]].article
    assert found == {
        rows[0]: SearchedPassage(rows[0], first.id, in_a, 0, 1, date(2024, 2, 12)),
        rows[3]: SearchedPassage(rows[3], second.id, in_b, 1, 2, None),
    }
    articles = store.searched_articles([in_b, in_a, 99])
    assert {row: article.language for row, article in articles.items()} == {in_a: "en", in_b: "en"}
    assert articles[in_a].terms.counts.tolist() == [2, 2, 1, 2]
    assert articles[in_a].terms.keys.tolist() == term_keys(["title", "a", "one", "ship", "two", "three", "stay"]).tolist()


def test_an_article_comes_back_field_for_field(writer: StoreWriter, store: Store) -> None:
    _store(writer, "a", url="https://a.example/1", source="Post", author="N. Callum", published_at="2024-02-12", language="en")
    for id_ in ("a", "given a"):
        stored = store.article(id_)
        assert stored is not None
        assert stored.article == _article(
            "a", url="https://a.example/1", source="Post", author="N. Callum", published_at="2024-02-12", language="en"
        )
        assert (stored.embedded_title, stored.added_at, stored.passages) == ("Title", "2024-03-08T12:00:00Z", 2)
    assert store.article("b") is None


def test_a_foreign_index_brings_no_address_that_runs_when_it_is_clicked(writer: StoreWriter, store: Store) -> None:
    _store(writer, "a", url="javascript:alert(1)")
    stored = store.article("a")
    assert stored is not None and stored.is_intact
    assert stored.article.url is None
    assert [row.article.url for row in store.page(limit=9)] == [None]


def test_sentences_come_back_in_order_and_by_range(writer: StoreWriter, store: Store) -> None:
    _store(writer, "a")
    stored = store.article("a")
    assert stored is not None
    assert store.sentences(stored.row) == SENTENCES
    assert store.sentences(stored.row, 1) == SENTENCES[1:]
    assert store.sentences(stored.row, 1, 1) == [SENTENCES[1]]
    assert store.sentences(stored.row, 3) == []


def test_passages_come_back_by_row_and_by_id(writer: StoreWriter, store: Store) -> None:
    rows = _store(writer, "a")
    article = _article("a")
    first, second = _passages(article)
    assert store.passage_ids(rows) == {rows[0]: first.id, rows[1]: second.id}
    assert store.passage_ids([rows[1], 99]) == {rows[1]: second.id}
    candidates = store.candidates([second.id, first.id])
    assert [candidate.passage for candidate in candidates] == [second, first]
    assert [candidate.text for candidate in candidates] == ["Two came. Three stayed.", "One ship left. Two came."]
    assert {candidate.embedded_title for candidate in candidates} == {"Title"}


def test_a_passage_that_is_not_there_is_a_key_error(writer: StoreWriter, store: Store) -> None:
    _store(writer, "a")
    with pytest.raises(KeyError):
        store.candidates(["a@00000000:3-4"])


def test_more_rows_than_one_statement_names_are_all_found(writer: StoreWriter, store: Store) -> None:
    rows = [row for number in range(600) for row in _store(writer, f"a{number}")]
    assert list(store.passage_ids(rows)) == sorted(rows)
    assert len(store.passage_ids(rows)) == 1_200
    assert writer.known_vectors([b"one", *(f"{number}".encode() for number in range(1_200)), b"two"]) == {b"one", b"two"}


def test_vectors_come_back_by_row_in_half_precision(writer: StoreWriter, store: Store) -> None:
    with writer.writing():
        writer.add_vectors([b"x"], np.array([[0.6, -0.8, 0.0001, 0.0]], np.float32))
    rows = _store(writer, "a", keys=(b"x", b"two"))
    found, vectors = store.vectors_above(0, 4)
    assert found.tolist() == rows
    assert vectors[0] == pytest.approx([0.6, -0.8, 0.0001, 0.0], abs=3e-4)
    assert vectors[1].tolist() == [0.0, 1.0, 0.0, 0.0]
    assert store.vectors_above(rows[0], 4)[0].tolist() == [rows[1]]
    assert store.vectors_above(rows[1], 4)[1].shape == (0, 4)


def test_a_row_is_never_used_twice(writer: StoreWriter) -> None:
    first = _store(writer, "a")
    with writer.writing():
        assert writer.delete_article("a") == first
    assert min(_store(writer, "a")) > max(first)


def test_deleting_an_article_deletes_all_of_it_but_vectors_others_use(writer: StoreWriter, store: Store) -> None:
    rows = _store(writer, "a")
    _store(writer, "b", keys=(b"one", b"three"))
    with writer.writing():
        writer.delete_article("a")
        writer.delete_unused_vectors()
    assert store.counts() == Counts(articles=1, sentences=3, passages=2)
    assert store.known_vectors([b"one", b"two", b"three"]) == {b"one", b"three"}
    assert (store.hidden_rows(), store.gone_count()) == (set(rows), 2)
    with writer.writing():
        writer.forget_gone_rows()
    assert store.hidden_rows() == set()


def test_a_removed_article_is_hidden_everywhere_until_it_is_shown_again(writer: StoreWriter, store: Store) -> None:
    rows = _store(writer, "a")
    with writer.writing():
        writer.mark_removed("a", "2024-03-08T12:00:00Z")
    assert (store.article("a"), list(store.articles()), store.has_articles()) == (None, [], False)
    assert (store.counts(), store.hidden_rows(), store.gone_count()) == (Counts(0, 0, 0), set(rows), 0)
    assert store.article("given a", removed=True) is not None
    assert store.removed_ids(before="2024-03-08T12:00:00Z") == ["a"]
    assert store.removed_ids(before="2024-03-08T11:59:59Z") == []
    with writer.writing():
        writer.mark_removed("a", None)
    assert (store.counts(), store.hidden_rows()) == (Counts(1, 3, 2), set())


def test_a_transaction_that_fails_leaves_nothing(writer: StoreWriter, store: Store) -> None:
    with pytest.raises(RuntimeError), writer.writing():
        writer.set_fact("generation", "7")
        raise RuntimeError
    assert (store.generation, store.fact("generation")) == (0, None)


def test_a_fact_is_set_anew(writer: StoreWriter, store: Store) -> None:
    for value in ("1", "2"):
        with writer.writing():
            writer.set_fact("generation", value)
    assert store.generation == 2


def test_a_reading_state_does_not_change_while_it_is_read(writer: StoreWriter, store: Store) -> None:
    with store.reading():
        assert store.generation == 0
        with writer.writing():
            writer.set_fact("generation", "5")
        assert store.generation == 0
    assert store.generation == 5


def test_the_data_version_tells_of_other_connections(writer: StoreWriter, store: Store) -> None:
    before = store.data_version()
    assert store.data_version() == before
    with writer.writing():
        writer.set_fact("generation", "5")
    assert store.data_version() != before


def test_a_reading_connection_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._connection.execute("DELETE FROM facts")


def test_an_article_is_looked_up_by_index_under_either_id(store: Store) -> None:
    plan = store._connection.execute(
        "EXPLAIN QUERY PLAN SELECT row FROM articles WHERE (articles.id = ? OR given_id = ?) AND removed_at IS NULL", ("a", "a")
    ).fetchall()
    assert not any("SCAN" in step for *_, step in plan), plan  # a scan for each article would make adding quadratic


def test_a_store_says_what_it_is(writer: StoreWriter) -> None:
    with contextlib.closing(sqlite3.connect(writer.folder / STORE_FILE)) as connection:
        values = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version", "journal_mode")
        ]
    assert values == [APPLICATION_ID, len(MIGRATIONS), "wal"]


def test_a_new_store_is_sound(store: Store) -> None:
    assert store.integrity_problems() == []


@pytest.mark.parametrize("open_", [Store.open, StoreWriter.open])
def test_a_folder_without_a_store_is_not_found_and_stays_empty(tmp_path: Path, open_: Callable[[Path], Store]) -> None:
    with pytest.raises(IndexNotFound, match="qa add"):
        open_(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_marks_that_mean_something_in_addresses_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "100 % of #1? ü&mode=rw"
    folder.mkdir()
    with contextlib.closing(StoreWriter.open(folder, create=True)) as writer:
        _store(writer, "a")
        with contextlib.closing(Store.open(folder)) as store:
            assert store.counts().articles == 1


def test_pages_show_the_newest_articles_first_and_go_on_where_the_last_one_ended(writer: StoreWriter, store: Store) -> None:
    for id_ in "abcd":
        _store(writer, id_)
    with writer.writing():
        writer.mark_removed("c", "2024-03-08T12:00:00Z")
    first = store.page(limit=2)
    assert [row.article.id for row in first] == ["d", "b"]
    _store(writer, "e")
    assert [row.article.id for row in store.page(limit=2, before=first[-1].row)] == ["a"]
    assert store.last_added_at() == "2024-03-08T12:00:00Z"


def test_a_page_holds_the_articles_that_have_every_word_somewhere_whatever_its_case(writer: StoreWriter, store: Store) -> None:
    _store(writer, "a", source="Straßenblatt", author="Ä. Öztürk")
    _store(writer, "b", url="https://example.org/100%_sure")
    found = {words: [row.article.id for row in store.page(words, limit=9)] for words in [("ÖZTÜRK", "title"), ("%_",), ("x%",)]}
    assert found == {("ÖZTÜRK", "title"): ["a"], ("%_",): ["b"], ("x%",): []}
    assert [row.article.id for row in store.page(["STRASSEN"], limit=9)] == ["a"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ArticleOrder.ADDED, "dcba"),
        (ArticleOrder.NEWEST, "bcad"),
        (ArticleOrder.OLDEST, "acbd"),  # what has no date comes last in both
        (ArticleOrder.TITLE, "dbca"),
    ],
)
def test_pages_go_on_in_each_order_where_the_last_one_ended(
    writer: StoreWriter, store: Store, order: ArticleOrder, expected: str
) -> None:
    _store(writer, "a", title="Zoo", published_at="2024-01-01")
    _store(writer, "b", title="“Mill, again”", published_at="2024-03-01")
    _store(writer, "c", title="mill, once more", published_at="2024-02-01")
    _store(writer, "d", title="Ark")
    shown: list[ArticleRow] = []
    while rows := store.page(limit=1, before=shown[-1].row if shown else None, order=order):
        shown += rows
    assert "".join(stored.article.id for stored in shown) == expected


def test_words_are_found_in_the_text_too_where_that_is_asked(writer: StoreWriter, store: Store) -> None:
    _store(writer, "a", text="The STRASSE is closed.", title="Roads")
    _store(writer, "b", text="The bridge is closed.", title="Roads")
    assert store.count(["straße"]) == 0
    assert [row.article.id for row in store.page(["straße", "roads"], limit=9, in_text=True)] == ["a"]
    assert store.count(["closed"], in_text=True) == 2


def test_the_articles_of_all_pages_are_counted(writer: StoreWriter, store: Store) -> None:
    for id_, source in (("a", "Post"), ("b", "Post"), ("c", "Radio"), ("d", "Post")):
        _store(writer, id_, source=source, url=f"https://example.org/{id_}")
    with writer.writing():
        writer.mark_removed("d", "2024-03-08T12:00:00Z")
    assert store.count() == 3
    assert store.count((), Filters(sources=("post",))) == 2
    assert store.count(["org/b"], Filters(sources=("post",))) == 1


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_store_of_a_version_before_is_brought_up_to_date_by_a_writer(tmp_path: Path, version: int) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / STORE_FILE)) as older:
        for script in MIGRATIONS[:version]:
            older.executescript(script)
        older.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        older.execute(f"PRAGMA user_version = {version}")
    with contextlib.closing(StoreWriter.open(tmp_path)) as writer:
        _store(writer, "a")
    with contextlib.closing(Store.open(tmp_path)) as store:
        assert [stored.article.id for stored in store.articles()] == ["a"]


def test_bringing_a_store_up_to_date_tells_guessed_languages_and_names_its_sources(tmp_path: Path) -> None:
    before = next(number for number, script in enumerate(MIGRATIONS) if "CREATE TABLE source_names" in script)
    declared = {"a": None, "b": "en-GB", "c": "Klingon", "d": " PT_br "}
    with contextlib.closing(sqlite3.connect(tmp_path / STORE_FILE)) as older:
        for script in MIGRATIONS[:before]:
            older.executescript(script)
        for row, (id_, language) in enumerate(declared.items(), start=1):
            older.execute(
                "INSERT INTO articles (row, id, given_id, title, embedded_title, text, digest, source, language, added_at) "
                "VALUES (?, ?, ?, '', '', '', ?, 'The Harbour Post', ?, '')",
                (row, id_, id_, text_digest(""), language),
            )
            older.execute("INSERT INTO languages VALUES (?, 'en')", (row,))
        older.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        older.execute(f"PRAGMA user_version = {before}")
        older.commit()
    with contextlib.closing(StoreWriter.open(tmp_path)) as writer:
        assert {row.article.id: row.article.guessed_language for row in writer.articles()} == {
            **{"a": "en", "b": None},
            **{"c": "en", "d": None},
        }
        assert writer.count((), Filters(sources=("harbour post",))) == 4


def test_bringing_a_store_up_to_date_knows_markdown_by_the_paths_of_files(tmp_path: Path) -> None:
    before = next(number for number, script in enumerate(MIGRATIONS) if "is_markdown" in script)
    given = ("/news/a.md", "/news/b.markdown", "/news/c.txt", "https://post.example/d.md")
    with contextlib.closing(sqlite3.connect(tmp_path / STORE_FILE)) as older:
        for script in MIGRATIONS[:before]:
            older.executescript(script)
        for row, given_id in enumerate(given, start=1):
            older.execute(
                "INSERT INTO articles (row, id, given_id, title, embedded_title, text, digest, added_at) "
                "VALUES (?, ?, ?, '', '', '', ?, '')",
                (row, str(row), given_id, text_digest("")),
            )
        older.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        older.execute(f"PRAGMA user_version = {before}")
        older.commit()
    with contextlib.closing(StoreWriter.open(tmp_path)) as writer:
        assert [row.article.given_id for row in writer.articles() if row.article.is_markdown] == list(given[:2])
