"""The life of an index: what adding, changing, removing, restoring and rebuilding do, seen by a reader."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import qa.service.build
import qa.service.publish
from qa.base.errors import ArticleNotFound
from qa.base.protocols import TitledText, Vectors
from qa.base.terms import SearchedArticle, term_keys
from qa.base.types import Article, Change, PassageRule, Refusal
from qa.corpus.near_duplicates import words_key
from qa.index.edition import open_edition
from qa.index.encoder import TransformerEncoder
from qa.index.layout import EDITIONS_FOLDER, STATE_FILE, STORE_FILE
from qa.index.snapshot import Snapshot, SnapshotReader
from qa.index.store import Counts, Store, open_store
from qa.index.vectors import FaissVectors
from qa.service.build import AddReport, Indexer
from qa.service.state.file import StateFile


class CountingEncoder(TransformerEncoder):
    """The real encoder, telling which passages it was given."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.embedded: list[str] = []

    def embed_passages(self, passages: Sequence[TitledText]) -> Vectors:
        self.embedded += [passage.text for passage in passages]
        return super().embed_passages(passages)


@pytest.fixture(scope="session")
def _counting() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def counting(_counting: CountingEncoder) -> CountingEncoder:
    _counting.embedded.clear()
    return _counting


def _town(article: Callable[..., Article], number: int, **changes: str) -> Article:
    """Two short passages' worth of a town; the word `town<number>` stands in it alone."""
    text = changes.pop("text", None) or f"The mayor of town{number} opened a bridge. The old ferry to town{number} stops in May."
    return article(f"art_{number}", text, title=changes.pop("title", f"Bridge {number}"), **changes)


@pytest.fixture
def town(article: Callable[..., Article]) -> Callable[..., Article]:
    return lambda number, **changes: _town(article, number, **changes)


@pytest.fixture
def found(searched: Callable[..., tuple]) -> Callable[[SnapshotReader, str], dict[str, set[str]]]:
    """Ids of the articles found, by each searcher; the lexical one only those that have a word of the question."""

    def found_(reader: SnapshotReader, question: str) -> dict[str, set[str]]:
        with reader.snapshot() as snapshot:
            return _found(snapshot, question, searched)

    return found_


def _found(snapshot: Snapshot, question: str, searched: Callable[..., tuple]) -> dict[str, set[str]]:
    dense, lexical, _ = searched(snapshot, question, k=200)
    return {ranking.scorer: {hit.passage_id.partition("@")[0] for hit in ranking.hits} for ranking in (dense, lexical)}


def _ids(*numbers: int) -> set[str]:
    return {f"art_{number}" for number in numbers}


def _generation(folder: Path) -> int:
    with contextlib.closing(Store.open(folder)) as store:
        return store.generation


def _counts(folder: Path) -> Counts:
    with contextlib.closing(Store.open(folder)) as store, store.reading():
        return store.counts()


def _edition_names(folder: Path) -> set[str]:
    return {edition.name for edition in (folder / EDITIONS_FOLDER).iterdir()}


def _change_store(folder: Path, statement: str, *values: object) -> None:
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection:
        connection.execute(statement, values)
        connection.commit()


def _age(folder: Path, *, minutes: float) -> None:
    """Set the times of removal, and of earlier texts' replacement, back."""
    then = (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    _change_store(folder, "UPDATE articles SET removed_at = ? WHERE removed_at IS NOT NULL", then)
    _change_store(folder, "UPDATE versions SET replaced_at = ?", then)


@pytest.fixture
def folder(make_indexer: Callable[..., Indexer], town: Callable[..., Article]) -> Path:
    """An index of towns 1 to 4."""
    indexer = make_indexer()
    indexer.add([town(number) for number in range(1, 5)])
    return indexer.folder


# Adding


def test_constructing_an_indexer_touches_nothing(make_indexer: Callable[..., Indexer], tmp_path: Path) -> None:
    make_indexer(tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


def test_adding_nothing_makes_no_folder(make_indexer: Callable[..., Indexer], tmp_path: Path) -> None:
    assert make_indexer(tmp_path / "index").add([]) == AddReport()
    assert list(tmp_path.iterdir()) == []


def test_what_is_added_is_found_by_both_searchers(
    folder: Path, open_reader: Callable[..., SnapshotReader], found: Callable[..., dict[str, set[str]]]
) -> None:
    assert found(open_reader(folder), "town3") == {"dense": _ids(1, 2, 3, 4), "lexical": _ids(3)}
    assert found(open_reader(folder), "Who opened the bridge?")["lexical"] == _ids(1, 2, 3, 4)


def test_an_answering_sentence_is_read_at_its_offsets(
    sample_index: Path, open_reader: Callable[..., SnapshotReader], read: Callable[..., list]
) -> None:
    with open_reader(sample_index).snapshot() as snapshot:
        best = read(snapshot, "When will work to deepen the outer channel of Varrowmouth harbour begin?")[0]
        stored = snapshot.store.article(best.article_id)
    assert stored is not None and stored.article.id == "dredging-outer-channel"
    assert best.quote.startswith("Work to deepen the outer channel of Varrowmouth harbour will begin on 18 March")
    assert stored.article.text[best.span.start : best.span.end] == best.quote
    assert best.article_digest == stored.article.digest


def test_adding_ten_articles_embeds_only_those(
    folder: Path, make_indexer: Callable[..., Indexer], town: Callable[..., Article], counting: CountingEncoder
) -> None:
    report = make_indexer(folder, encoder=counting).add([town(number) for number in range(1, 15)])
    assert (report.added, report.changed, report.unchanged, report.passages) == (10, 0, 4, 10)
    assert sorted(counting.embedded) == sorted(town(number).text for number in range(5, 15))
    assert _counts(folder) == Counts(articles=14, sentences=28, passages=14)


def test_adding_the_same_again_embeds_nothing_and_changes_nothing(
    folder: Path, make_indexer: Callable[..., Indexer], town: Callable[..., Article], counting: CountingEncoder
) -> None:
    before = _generation(folder), _edition_names(folder)
    report = make_indexer(folder, encoder=counting).add([town(number) for number in range(1, 5)])
    assert report == AddReport(unchanged=4)
    assert counting.embedded == []
    assert (_generation(folder), _edition_names(folder)) == before


def test_a_text_under_another_id_is_another_article_but_is_not_embedded_again(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    article: Callable[..., Article],
    town: Callable[..., Article],
    counting: CountingEncoder,
) -> None:
    report = make_indexer(folder, encoder=counting).add([article("copy", town(1).text, title="Bridge 1")])
    assert (report.added, counting.embedded) == (1, [])
    assert _counts(folder).articles == 5


def test_the_same_text_under_another_title_is_embedded_with_it(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    article: Callable[..., Article],
    town: Callable[..., Article],
    counting: CountingEncoder,
) -> None:
    make_indexer(folder, encoder=counting).add([article("copy", town(1).text, title="Another title")])
    assert counting.embedded == [town(1).text]


def test_a_changed_article_replaces_its_text_and_the_old_one_is_never_found(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]],
    town: Callable[..., Article],
    counting: CountingEncoder,
) -> None:
    reader = open_reader(folder)
    assert found(reader, "town2")["lexical"] == _ids(2)
    changed = town(2, text="A zeppelin landed on the market square.")
    report = make_indexer(folder, encoder=counting).add([town(1), changed])
    assert (report.changed, report.added, report.unchanged) == (1, 0, 1)
    assert counting.embedded == [changed.text]
    assert found(reader, "town2")["lexical"] == set()
    assert found(reader, "zeppelin")["lexical"] == _ids(2)
    with reader.snapshot() as snapshot:
        dense, *_ = snapshot.vectors.search(counting.embed_question("town2"), k=100, excluded=snapshot.hidden)
        candidates = snapshot.store.candidates(list(snapshot.store.passage_ids(dense.tolist()).values()))
    assert sorted(candidate.text for candidate in candidates) == sorted([town(1).text, changed.text, town(3).text, town(4).text])


def test_a_change_of_facts_alone_embeds_nothing_and_is_seen(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    town: Callable[..., Article],
    counting: CountingEncoder,
) -> None:
    report = make_indexer(folder, encoder=counting).add([town(2, source="The Harbour Post", published_at="2024-02-12")])
    assert (report.changed, report.unchanged, counting.embedded) == (1, 0, [])
    stored = open_reader(folder)._store.article("art_2")
    assert stored is not None
    assert (stored.article.source, stored.article.published_at, stored.article.text) == (
        "The Harbour Post",
        "2024-02-12",
        town(2).text,
    )


def test_the_same_id_twice_in_one_batch_keeps_the_later_text(
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]],
    town: Callable[..., Article],
) -> None:
    indexer = make_indexer()
    indexer.add([town(1), town(1, text="A zeppelin landed.")])
    reader = open_reader(indexer.folder)
    assert found(reader, "zeppelin town1")["lexical"] == _ids(1)
    assert _counts(indexer.folder) == Counts(1, 1, 1)


def test_an_article_without_citable_sentences_is_kept_and_reported(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    report = indexer.add([article("links", "Related News\n\nShip arrives in port\n\nCouncil votes on bridge")])
    assert (report.added, report.without_sentences) == (1, ["given links"])


def test_refusals_go_into_the_report_and_the_rest_goes_on(
    make_indexer: Callable[..., Indexer], town: Callable[..., Article]
) -> None:
    refusal = Refusal("broken.pdf", "not a PDF", 3)
    report = make_indexer().add([refusal, town(1)])
    assert (report.added, report.refused) == (1, [refusal])


def test_each_batch_is_one_generation_and_is_told(
    make_indexer: Callable[..., Indexer], town: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.service.build, "_BATCH_ARTICLES", 2)
    told: list[int] = []
    indexer = make_indexer()
    indexer.add([town(number) for number in range(1, 6)], progress=lambda report: told.append(report.added))
    assert told == [2, 4, 5]
    assert _generation(indexer.folder) == 3


def test_an_add_interrupted_between_batches_keeps_those_before(
    make_indexer: Callable[..., Indexer], town: Callable[..., Article], counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.service.build, "_BATCH_ARTICLES", 2)
    indexer = make_indexer(encoder=counting)

    def interrupt(report: AddReport) -> None:
        if report.added == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexer.add([town(number) for number in range(1, 8)], progress=interrupt)
    assert _counts(indexer.folder).articles == 4
    counting.embedded.clear()
    report = indexer.add([town(number) for number in range(1, 8)])
    assert (report.added, report.unchanged) == (3, 4)
    assert sorted(counting.embedded) == sorted(town(number).text for number in (5, 6, 7))


def test_long_articles_make_smaller_batches(
    make_indexer: Callable[..., Indexer], town: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.service.build, "_BATCH_CHARACTERS", len(town(1).text) + 1)
    indexer = make_indexer()
    indexer.add([town(1), town(2), town(3)])
    assert _generation(indexer.folder) == 2


# Removing


def test_removing_hides_an_article_at_once_also_from_a_reader_that_was_open(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]],
) -> None:
    reader = open_reader(folder)
    assert found(reader, "town2")["lexical"] == _ids(2)
    assert make_indexer(folder).remove(["art_2"]) == ["art_2"]
    for one in (reader, open_reader(folder)):
        assert found(one, "town2") == {"dense": _ids(1, 3, 4), "lexical": set()}
        assert one._store.article("art_2") is None
    assert _counts(folder) == Counts(3, 6, 3)


def test_removing_takes_either_id(folder: Path, make_indexer: Callable[..., Indexer]) -> None:
    assert make_indexer(folder).remove(["given art_2", "art_3", "art_2"]) == ["art_2", "art_3", "art_2"]
    assert _counts(folder).articles == 2


def test_when_one_id_is_unknown_none_is_removed(folder: Path, make_indexer: Callable[..., Indexer]) -> None:
    before = _generation(folder)
    with pytest.raises(ArticleNotFound) as raised:
        make_indexer(folder).remove(["art_1", "art_99"])
    assert raised.value.article_id == "art_99"
    assert (_generation(folder), _counts(folder).articles) == (before, 4)


def test_a_removed_article_comes_back_without_embedding(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]],
    counting: CountingEncoder,
) -> None:
    reader, indexer = open_reader(folder), make_indexer(folder, encoder=counting)
    indexer.remove(["art_2"])
    assert indexer.restore(["given art_2"]) == ["art_2"]
    assert found(reader, "town2") == {"dense": _ids(1, 2, 3, 4), "lexical": _ids(2)}
    assert counting.embedded == []


def test_only_a_removed_article_can_be_restored(folder: Path, make_indexer: Callable[..., Indexer]) -> None:
    for id_ in ("art_1", "art_99"):
        with pytest.raises(ArticleNotFound):
            make_indexer(folder).restore([id_])


def test_adding_a_removed_article_again_brings_it_back(
    folder: Path, make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]], town: Callable[..., Article], counting: CountingEncoder,
) -> None:  # fmt: skip
    indexer = make_indexer(folder, encoder=counting)
    indexer.remove(["art_2", "art_3"])
    report = indexer.add([town(1), town(2), town(3, text="A zeppelin landed.")])
    assert (report.added, report.changed, report.unchanged) == (1, 1, 1)
    assert counting.embedded == ["A zeppelin landed."]
    reader = open_reader(folder)
    assert found(reader, "town2 town3 zeppelin")["lexical"] == _ids(2, 3)
    assert found(reader, "town3")["lexical"] == set()


def test_a_removed_article_is_kept_for_ten_minutes_and_purged_by_the_next_change(
    folder: Path, make_indexer: Callable[..., Indexer], town: Callable[..., Article]
) -> None:
    indexer = make_indexer(folder)
    indexer.remove(["art_2"])
    _age(folder, minutes=9.8)
    indexer.add([town(5)])
    assert b"town2" in (folder / STORE_FILE).read_bytes()
    _age(folder, minutes=10.1)
    indexer.add([town(6)])
    assert _bytes_with(folder, b"town2") == []
    with pytest.raises(ArticleNotFound):
        indexer.restore(["art_2"])
    assert _counts(folder).articles == 5


def _bytes_with(folder: Path, text: bytes) -> list[str]:
    """Names of the store's files that hold these bytes."""
    return [file.name for file in folder.glob(f"{STORE_FILE}*") if text in file.read_bytes()]


def test_removing_now_leaves_no_bytes_of_the_text(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]],
) -> None:
    reader = open_reader(folder)  # which keeps the write-ahead log from being deleted
    assert found(reader, "town2")["lexical"] == _ids(2)
    make_indexer(folder).remove(["art_2"], now=True)
    assert _bytes_with(folder, b"town2") == []
    assert _bytes_with(folder, b"Bridge 2") == []
    assert _bytes_with(folder, b"town3") == [STORE_FILE]
    assert found(reader, "town2") == {"dense": _ids(1, 3, 4), "lexical": set()}
    with pytest.raises(ArticleNotFound):
        make_indexer(folder).restore(["art_2"])


def test_a_text_that_was_purged_or_replaced_is_not_in_the_log_of_a_reader_either(
    folder: Path, make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]], town: Callable[..., Article],
) -> None:  # fmt: skip
    reader, indexer = open_reader(folder), make_indexer(folder)
    indexer.add([town(5), town(6)])  # into the log, which the reader keeps open
    assert found(reader, "town5")["lexical"] == _ids(5)
    indexer.remove(["art_5"])
    _age(folder, minutes=11)
    indexer.add([town(6, text="A zeppelin landed.")])
    assert found(reader, "zeppelin")["lexical"] == _ids(6)
    assert _bytes_with(folder, b"town5") == []
    _age(folder, minutes=11)  # until then an answer may be kept that cites it
    indexer.add([town(7)])
    assert found(reader, "town7")["lexical"] == _ids(7)
    assert _bytes_with(folder, b"town6") == []


def test_an_article_that_is_hidden_already_can_be_removed_now(folder: Path, make_indexer: Callable[..., Indexer]) -> None:
    make_indexer(folder).remove(["art_2"])
    assert make_indexer(folder).remove(["art_2"], now=True) == ["art_2"]
    assert _bytes_with(folder, b"town2") == []


def test_removing_now_makes_the_search_files_anew_without_the_article(
    folder: Path, make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader]
) -> None:
    make_indexer(folder).remove(["art_2"], now=True)
    with open_reader(folder).snapshot() as snapshot:
        assert (snapshot.hidden, snapshot.vectors.count, snapshot.postings.count) == (frozenset(), 3, 3)
    assert len(list((folder / EDITIONS_FOLDER).iterdir())) == 1


def test_when_all_articles_are_removed_nothing_is_found_and_adding_goes_on(
    folder: Path, make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]], town: Callable[..., Article],
) -> None:  # fmt: skip
    reader, indexer = open_reader(folder), make_indexer(folder)
    indexer.remove(["art_1", "art_2", "art_3", "art_4"], now=True)
    assert found(reader, "town1 bridge") == {"dense": set(), "lexical": set()}
    assert _counts(folder) == Counts(0, 0, 0)
    indexer.add([town(7)])
    assert found(reader, "town1 bridge") == {"dense": _ids(7), "lexical": _ids(7)}


# Editions


def test_only_the_current_edition_and_the_one_before_are_kept(
    folder: Path, make_indexer: Callable[..., Indexer], town: Callable[..., Article]
) -> None:
    orphan = folder / EDITIONS_FOLDER / "00000009-dead"
    (orphan / "postings").mkdir(parents=True)
    for number in (5, 6, 7):
        before = _edition_names(folder)
        make_indexer(folder).add([town(number)])
        assert len(_edition_names(folder)) == 2
        assert len(_edition_names(folder) & before) == 1
    assert not orphan.exists()


def test_a_few_articles_leave_the_vectors_file_and_the_old_postings_as_they_are(
    folder: Path, make_indexer: Callable[..., Indexer], town: Callable[..., Article]
) -> None:
    (before,) = (folder / EDITIONS_FOLDER).iterdir()
    linked = {file.name: file.stat().st_ino for file in [before / "vectors.faiss", *(before / "postings").glob("*.idx")]}
    make_indexer(folder).add([town(5)])
    (after,) = set((folder / EDITIONS_FOLDER).iterdir()) - {before}
    kept = {file.name: file.stat().st_ino for file in [after / "vectors.faiss", *(after / "postings").glob("*.idx")]}
    assert linked.items() <= kept.items()
    assert open_edition(folder, after.name).manifest.last_vector_row == 4
    assert open_edition(folder, after.name).manifest.last_row == 5


def test_many_vectors_beside_the_file_are_folded_into_a_new_one(
    folder: Path, make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]], town: Callable[..., Article], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(qa.service.publish, "_SMALLEST_FOLD", 2)
    reader, indexer = open_reader(folder), make_indexer(folder)
    for number, last_vector_row in ((5, 4), (6, 4), (7, 7)):
        indexer.add([town(number)])
        with reader.snapshot() as snapshot:
            assert snapshot.edition is not None
            assert snapshot.edition.manifest.last_vector_row == last_vector_row
        assert found(reader, f"town{number}") == {"dense": _ids(*range(1, number + 1)), "lexical": _ids(number)}


def _purge(indexer: Indexer, *ids: str) -> None:
    """Remove articles, and delete them with a change ten minutes later."""
    indexer.remove(ids)
    _age(indexer.folder, minutes=11)
    indexer.remove([])


def test_folding_takes_the_vectors_of_deleted_passages_out_of_the_file_and_does_not_build_it_anew(
    make_indexer: Callable[..., Indexer], town: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.service.publish, "_SMALLEST_FOLD", 2)
    indexer = make_indexer()
    indexer.add([town(number) for number in range(1, 21)])
    _purge(indexer, "art_1")
    monkeypatch.setattr(FaissVectors, "build", None)
    indexer.add([town(number) for number in range(21, 24)])
    with open_store(indexer.folder) as store:
        edition = open_edition(indexer.folder, store.fact("edition") or "")
    assert sorted(FaissVectors.open(edition.vectors_file).rows().tolist()) == [*range(2, 24)]


def test_past_a_tenth_of_gone_rows_the_postings_are_made_anew_also_for_a_reader_that_was_open(
    make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]], town: Callable[..., Article],
) -> None:  # fmt: skip
    indexer = make_indexer()
    indexer.add([town(number) for number in range(1, 23)])
    reader = open_reader(indexer.folder)
    assert found(reader, "town1")["lexical"] == _ids(1)
    _purge(indexer, "art_1", "art_2")  # 2 of 20: not past a tenth
    with reader.snapshot() as snapshot:
        assert snapshot.hidden == {1, 2}
    assert found(reader, "town1 bridge")["dense"] == _ids(*range(3, 23))
    _purge(indexer, "art_3")  # 3 of 19
    with reader.snapshot() as snapshot:
        assert snapshot.hidden == frozenset()
        assert snapshot.vectors.count == 19
        assert snapshot.postings.count == 19
    assert found(reader, "town1 town2 town3 bridge") == {"dense": _ids(*range(4, 23)), "lexical": _ids(*range(4, 23))}
    assert found(open_reader(indexer.folder), "town3")["lexical"] == set()


# Rebuilding


def test_a_rebuild_without_a_change_embeds_nothing_and_answers_the_same(
    sample_copy: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    searched: Callable[..., tuple],
    counting: CountingEncoder,
) -> None:
    reader, question = open_reader(sample_copy), "How much did the ferry terminal cost?"
    with reader.snapshot() as snapshot:
        before, generation = searched(snapshot, question), snapshot.generation
    told: list[int] = []
    report = make_indexer(sample_copy, encoder=counting).rebuild(progress=lambda report: told.append(report.unchanged))
    assert (counting.embedded, report.unchanged, told) == ([], 44, [44])
    with reader.snapshot() as snapshot:
        assert snapshot.generation == generation + 1
        dense, lexical, merged = searched(snapshot, question)
    for old, new in zip(before, (dense, lexical, merged), strict=True):
        assert [hit.passage_id for hit in old.hits] == [hit.passage_id for hit in new.hits]
        assert [hit.score for hit in old.hits] == pytest.approx([hit.score for hit in new.hits], abs=1e-6)


def test_a_new_index_can_be_read_by_its_owner_alone(make_indexer: Callable[..., Indexer], town: Callable[..., Article]) -> None:
    indexer = make_indexer()
    indexer.add([town(1)])
    with StateFile(indexer.folder).writing():
        pass
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (indexer.folder, *indexer.folder.glob("*.sqlite"))}
    assert modes == {indexer.folder.name: 0o700, STORE_FILE: 0o600, STATE_FILE: 0o600}


def test_a_rebuild_keeps_when_articles_were_added_and_in_which_order(
    make_indexer: Callable[..., Indexer], town: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexer = make_indexer()
    with monkeypatch.context() as clock:
        days = iter(range(1, 5))
        clock.setattr("qa.service.build._now", lambda: f"2020-01-0{next(days)}T00:00:00Z")
        indexer.add([town(number) for number in range(1, 5)])
    indexer.rebuild()
    with contextlib.closing(Store.open(indexer.folder)) as store:
        assert [(stored.article.id, stored.added_at) for stored in store.articles()] == [
            (f"art_{number}", f"2020-01-0{number}T00:00:00Z") for number in range(1, 5)
        ]


def test_a_rebuild_under_another_rule_cuts_anew_and_embeds_only_new_passages(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    article: Callable[..., Article],
    counting: CountingEncoder,
) -> None:
    long = "One sentence of a good length stands here. " * 6
    make_indexer(folder).add([article("long", long)])
    rule = PassageRule(150, 0, 32)
    counting.embedded.clear()
    make_indexer(folder, encoder=counting, rule=rule).rebuild()
    sentence = "One sentence of a good length stands here."
    assert counting.embedded == [
        f"{sentence} {sentence} {sentence}"
    ]  # twice in the text, embedded once; the towns are as they were
    with open_reader(folder, rule=rule).snapshot() as snapshot:
        stored = snapshot.store.article("long")
        assert stored is not None
        passages = snapshot.store.article_passages(stored)
        assert [candidate.text for candidate in passages] == [f"{sentence} {sentence} {sentence}"] * 2


def test_an_interrupted_rebuild_leaves_the_old_state_and_keeps_what_it_embedded(
    folder: Path, make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(qa.service.build, "_BATCH_ARTICLES", 2)
    rule = PassageRule(100, 0, 0)  # without titles: every passage is another text to embed
    untitled = CountingEncoder(title_tokens=0)
    generation, editions = _generation(folder), _edition_names(folder)

    def interrupt(_: AddReport) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_indexer(folder, encoder=untitled, rule=rule).rebuild(progress=interrupt)
    assert len(untitled.embedded) == 2
    assert (_generation(folder), _edition_names(folder)) == (generation, editions)
    assert found(open_reader(folder), "town2")["lexical"] == _ids(2)
    untitled.embedded.clear()
    make_indexer(folder, encoder=untitled, rule=rule).rebuild()
    assert len(untitled.embedded) == 2  # the other two


def test_a_rebuild_deletes_vectors_that_nothing_uses(folder: Path, make_indexer: Callable[..., Indexer]) -> None:
    _change_store(folder, "INSERT INTO vectors VALUES (x'00', zeroblob(768))")
    make_indexer(folder).rebuild()
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (4,)


def test_deleting_an_article_deletes_its_vectors_alone_and_after_an_interrupted_rebuild_all_that_nothing_uses(
    folder: Path, make_indexer: Callable[..., Indexer], town: Callable[..., Article]
) -> None:
    def stored() -> int:
        with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection:
            return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    indexer = make_indexer(folder)
    indexer.add([Article("art_5", "b", town(2).title, town(2).text)])  # shares the vector of the second
    indexer.remove(["art_1", "art_2"], now=True)
    assert stored() == 3
    untitled = CountingEncoder(title_tokens=0)
    with pytest.raises(KeyboardInterrupt):
        make_indexer(folder, encoder=untitled, rule=PassageRule(600, 1, 0)).rebuild(progress=interrupt)
    assert stored() == 6
    indexer.remove(["art_3"], now=True)
    assert stored() == 2


def test_a_rebuild_purges_what_was_removed(
    folder: Path,
    make_indexer: Callable[..., Indexer],
    open_reader: Callable[..., SnapshotReader],
    found: Callable[..., dict[str, set[str]]],
) -> None:
    reader, indexer = open_reader(folder), make_indexer(folder)
    indexer.remove(["art_2"])
    indexer.rebuild()
    assert found(reader, "town2")["lexical"] == set()
    assert _bytes_with(folder, b"town2") == []


def test_each_article_is_told_with_what_became_of_it_once_its_batch_is_stored(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.add([article("a", "One ship left."), article("b", "Two ships left.")])
    indexer.remove(["b"])
    told: list[tuple[str, Change]] = []
    indexer.add(
        [
            article("c", "Three ships."),
            article("a", "No ship left."),
            article("b", "Two ships left."),
            article("c", "Three ships."),
        ],
        each=lambda article, change: told.append((article.id, change)),
    )
    assert told == [("c", Change.ADDED), ("a", Change.CHANGED), ("b", Change.ADDED), ("c", Change.ADDED)]
    told.clear()
    shares: list[float] = []
    indexer.add([article("d", " ".join(f"{n} ships sailed to the far harbour." for n in range(1_000)))], embedding=shares.append)
    assert len(shares) > 20 and shares == sorted(shares) and (shares[0], shares[-1]) == (0, 1)
    indexer.add([article("a", "No ship left.")], each=lambda article, change: told.append((article.id, change)))
    assert told == [("a", Change.UNCHANGED)]


def test_an_index_without_articles_can_be_made_and_is_left_alone_when_it_is_there(
    make_indexer: Callable[..., Indexer], open_reader: Callable[..., SnapshotReader], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.create()
    with open_reader(indexer.folder).snapshot() as snapshot:
        assert (snapshot.generation, snapshot.postings.count, snapshot.store.has_articles()) == (0, 0, False)
    indexer.add([article("a", "One ship left.")])
    indexer.create()
    with open_reader(indexer.folder).snapshot() as snapshot:
        assert (snapshot.generation, snapshot.store.has_articles()) == (1, True)


def test_a_changed_article_without_passages_leaves_nothing_of_its_old_text_on_disk(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.add([article("a", "RELATED NEWS xylophonist"), article("b", "One ship left.")])
    indexer.add([article("a", "RELATED NEWS of another kind")])
    _age(indexer.folder, minutes=11)
    indexer.add([article("b", "Two ships left.")])
    assert not any(b"xylophonist" in file.read_bytes() for file in indexer.folder.glob("store.sqlite*"))


# Copies

FERRY = (
    "The ferry Halcyon sank in the sound of Mull on Tuesday night with 48 people on board. All of them were saved by the "
    "lifeboat of Tobermory. The ferry had struck a rock that is on no chart. Its captain, Fergus Lorne, had heard nothing."
)


def _copies(folder: Path, id_: str) -> set[str]:
    """Ids of the other articles in an article's cluster."""
    with contextlib.closing(Store.open(folder)) as store:
        stored = store.article(id_)
        assert stored is not None
        rows = store.near_duplicates.similar_to(stored.row)
        return {other.article.id for other in store.articles() if other.row in rows}


def test_articles_of_the_same_words_become_one_cluster_and_none_is_dropped(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article], town: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.add([article("art_a", FERRY), town(1)])
    report = indexer.add([article("art_b", f"{FERRY} Our reporter was there.", title="Another"), article("art_c", FERRY.upper())])
    assert report.added == 2
    assert _copies(indexer.folder, "art_a") == {"art_b", "art_c"}
    assert _copies(indexer.folder, "art_1") == set()


def test_an_article_that_changes_leaves_its_cluster_and_one_that_is_removed_comes_back_to_it(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article], town: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.add([article(f"art_{name}", FERRY) for name in "abc"])
    indexer.remove(["art_b"])
    assert _copies(indexer.folder, "art_a") == {"art_c"}
    indexer.restore(["art_b"])
    indexer.add([town(1, text="The mayor of town1 opened a bridge.")])
    indexer.add([article("art_c", "Nothing of that was true, the owner of the ferry said on Friday in a letter to this paper.")])
    assert _copies(indexer.folder, "art_a") == {"art_b"}
    indexer.rebuild()
    assert _copies(indexer.folder, "art_a") == {"art_b"}


def test_the_copies_in_an_index_of_the_version_before_are_found_by_rebuilding_it(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.add([article("art_a", FERRY), article("art_b", FERRY)])
    with contextlib.closing(sqlite3.connect(indexer.folder / STORE_FILE)) as older:
        older.executescript(
            "DROP INDEX sentences_words; ALTER TABLE sentences DROP COLUMN words; DROP TABLE clusters; DROP TABLE bands;"
            "DROP TABLE overruled; DROP TABLE languages; DROP TABLE terms; DROP INDEX articles_names;"
            "DROP INDEX articles_source; DROP TABLE source_names; DROP TABLE row_digests;"
            "ALTER TABLE articles DROP COLUMN is_markdown; ALTER TABLE versions DROP COLUMN is_markdown;"
            "UPDATE facts SET value = '1' WHERE name = 'format'; PRAGMA user_version = 3"
        )
    indexer.rebuild()
    indexer.add([article("art_c", FERRY)])
    assert _copies(indexer.folder, "art_a") == {"art_b", "art_c"}
    with contextlib.closing(Store.open(indexer.folder)) as store:
        key = words_key("The ferry had struck a rock that is on no chart.")
        assert [place.article_id for place in store.places(key or 0, most=9)] == ["art_a", "art_b", "art_c"]


def _terms(store: Store, article_id: str) -> SearchedArticle:
    stored = store.article(article_id)
    assert stored is not None
    return store.searched_articles([stored.row])[stored.row]


def test_the_terms_of_an_article_are_those_of_its_title_and_each_sentence_in_its_language(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    english = article("art_a", "The ferries stopped. Nobody knew why.", title="Ferries")
    german = article("art_b", "Die Fähren blieben liegen. Niemand wusste warum.", title="Fähren", language="de")
    indexer.add([english, german])
    with contextlib.closing(Store.open(indexer.folder)) as store:
        found = {id_: _terms(store, id_) for id_ in ("art_a", "art_b")}
    assert found["art_a"].terms.counts.tolist() == [1, 3, 3]
    assert found["art_a"].terms.keys.tolist() == term_keys("ferri the ferri stop nobodi knew whi".split()).tolist()
    assert (found["art_b"].language, found["art_b"].terms.counts.tolist()) == ("de", [1, 4, 3])
    assert found["art_b"].terms.keys[0] == found["art_b"].terms.keys[2] == term_keys(["fahr"])[0]  # Fähren


def test_the_terms_of_a_changed_article_are_those_of_its_new_text(
    make_indexer: Callable[..., Indexer], article: Callable[..., Article]
) -> None:
    indexer = make_indexer()
    indexer.add([article("art_a", "The ferries stopped.", title="Ferries")])
    indexer.add([article("art_a", "They sail.", title="Ferries")])
    with contextlib.closing(Store.open(indexer.folder)) as store:
        assert _terms(store, "art_a").terms.counts.tolist() == [1, 2]
