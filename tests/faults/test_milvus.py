"""An index that Milvus searches: what it answers, what happens when one of the two stops, and what keeps them the same."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import forked
import harbour
import pytest
import sender
from milvus_lite_server import MilvusLite
from word_encoder import WordEncoder

from qa.base.errors import EngineError, EngineUnreachable, IndexMismatch
from qa.base.fail_points import SendingPoint
from qa.base.settings import load_settings
from qa.base.types import Filters
from qa.index.milvus.collection import COPIES, PASSAGES, MilvusCollection, copy_row
from qa.service.generations import Generations
from qa.service.service import Service
from qa.service.verification import verify_index

Opener = Callable[..., Service]


def found(service: Service, question: str, **given: object) -> list[str]:
    """The ids of the articles that are found, each once."""
    hits = service.search(question, read=0, **given).hits  # type: ignore[arg-type]
    return list(dict.fromkeys(hit.article.id for hit in hits))


def problems(service: Service) -> list[str]:
    return verify_index(service, answers=2).problems


def test_it_answers_as_the_local_index_does(open_index: Opener, tmp_path: Path) -> None:
    remote, local = open_index(), open_index(tmp_path / "local", engine="local")
    for service in (remote, local):
        service.add_articles(harbour.articles(1, 20))
    for question in ("What did the crew of vessel7 unload?", "Who is the mayor?", "Who wrote vessel21 into the book?"):
        ours, theirs = (service.search(question, k=20, read=0) for service in (remote, local))
        assert [hit.passage.id for hit in ours.hits] == [hit.passage.id for hit in theirs.hits]
        assert [one.quote for one in remote.ask(question).citations] == [one.quote for one in local.ask(question).citations]
    assert problems(remote) == []


def test_a_removed_article_is_not_found_and_a_restored_one_is(open_index: Opener) -> None:
    service = open_index()
    service.add_articles(harbour.articles(1, 5))
    (first, *_) = found(service, "ship 3")
    service.remove(first)
    assert first not in found(service, "ship 3")
    service.restore(first)
    assert first in found(service, "ship 3")
    service.remove(first, now=True)
    assert first not in found(service, "ship 3")
    assert problems(service) == []


def test_a_changed_article_is_found_by_its_new_words_alone(open_index: Opener, article: Callable[..., object]) -> None:
    service = open_index()
    service.add_articles([article("a", "The heron nests in the reeds by the mill.")])  # type: ignore[list-item]
    service.add_articles([article("a", "The lantern burns above the northern quay.")])  # type: ignore[list-item]
    hits = service.search("lantern heron", read=0).hits
    assert [hit.passage.span.of(hit.article.text) for hit in hits] == ["The lantern burns above the northern quay."]
    assert problems(service) == []


def test_filters_are_expressions_that_let_the_same_articles_pass(open_index: Opener, tmp_path: Path) -> None:
    remote, local = open_index(), open_index(tmp_path / "local", engine="local")
    for service in (remote, local):
        service.add_articles(various())
    for filters in FILTERS:
        assert found(remote, "ferry", filters=filters) == found(local, "ferry", filters=filters), filters


def test_an_index_keeps_its_engine_and_refuses_another(open_index: Opener, tmp_path: Path) -> None:
    open_index().add_articles(harbour.articles(1, 3))
    folder = tmp_path / "index"
    assert found(Service(load_settings(index=folder, reader="none"), encoder=WordEncoder()), "ship 2")
    with pytest.raises(IndexMismatch, match="rebuild --engine local"):
        found(open_index(folder, engine="local"), "ship 2")
    with pytest.raises(IndexMismatch, match="rebuild --engine local"):
        open_index(folder, engine="local").add_articles(harbour.articles(4, 1))


def test_a_rebuild_moves_an_index_to_milvus_and_back(open_index: Opener, tmp_path: Path) -> None:
    local = open_index(tmp_path / "index", engine="local")
    local.add_articles(harbour.articles(1, 5))
    with pytest.raises(IndexMismatch, match="rebuild --engine milvus"):
        open_index().add_articles(harbour.articles(6, 1))
    before = found(local, "ship 4")
    remote = open_index()
    remote.rebuild()
    assert found(remote, "ship 4") == before and problems(remote) == []
    assert not list((tmp_path / "index" / "editions").iterdir())
    again = open_index(engine="local")
    again.rebuild()
    assert found(again, "ship 4") == before and problems(again) == []


def test_a_restored_index_has_files_of_its_own_until_it_is_sent_again(open_index: Opener, tmp_path: Path) -> None:
    service = open_index()
    service.add_articles(harbour.articles(1, 2))
    generations = Generations(tmp_path / "index", lock_timeout_seconds=5)
    generations.keep("early")
    service.add_articles(harbour.articles(3, 1))
    generations.restore("early")
    restored = open_index(engine="local")
    assert len(found(restored, "ship")) == 2 and problems(restored) == []
    again = open_index()
    again.rebuild()
    assert len(found(again, "ship")) == 2 and problems(again) == []


# Unreachable


def test_a_server_that_is_away_is_named_and_what_was_added_meanwhile_is_sent_later(open_index: Opener, tmp_path: Path) -> None:
    server = MilvusLite(tmp_path / "milvus")
    server.start()
    try:
        service = open_index(uri=server.uri)
        service.add_articles(harbour.articles(1, 3))
        assert len(found(service, "ship")) == 3
        server.stop()
        with pytest.raises(EngineUnreachable, match="does not answer"):
            found(service, "ship")
        with pytest.raises(EngineUnreachable, match="does not answer"):
            service.add_articles(harbour.articles(4, 2))
        with pytest.raises(EngineUnreachable):
            found(open_index(uri=server.uri), "ship")  # at the start
        server.start()
        assert len(found(service, "ship")) == 3
        service.add_articles(harbour.articles(4, 2))
        assert len(found(service, "ship")) == 5
        assert problems(service) == []
    finally:
        server.stop()


def test_what_was_committed_and_not_sent_is_listed_and_the_next_change_sends_it(open_index: Opener) -> None:
    service = open_index()
    service.add_articles(harbour.articles(1, 3))
    with pytest.MonkeyPatch.context() as patched:  # the process that dies behind its commit
        patched.setattr("qa.service.uploading.Uploader._send", _die)
        with pytest.raises(KeyboardInterrupt):
            open_index().add_articles(harbour.articles(4, 2))
    assert len(found(service, "ship")) == 3  # what Milvus lacks is not found, and nothing else is amiss
    assert any("2 changed articles not sent" in problem for problem in problems(service))
    open_index().add_articles(harbour.articles(1, 1))
    assert len(found(service, "ship")) == 5
    assert problems(service) == []


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("what", "point"),
    [*(("update", point) for point in SendingPoint), ("delete", SendingPoint.PASSAGES_DELETED)],
    ids=lambda given: getattr(given, "name", given),
)
def test_killed_at_each_point_of_sending_the_next_change_sends_the_rest(
    open_index: Opener, tmp_path: Path, milvus: MilvusLite, collection_name: str, what: str, point: SendingPoint
) -> None:
    open_index().add_articles(harbour.articles(1, 3))
    place = {"engine": "milvus", "uri": milvus.uri, "collection": collection_name}
    process = forked.start(sender.change, tmp_path / "index", place, what, point)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    service = open_index()
    stored = {"art-2", "art-3"} | ({"art-1", "art-4"} if what == "update" else set())
    assert set(found(service, "vessel1 ship lantern")) <= stored
    service.add_articles(harbour.articles(5, 1))
    assert set(found(service, "vessel1 ship lantern")) == stored | {"art-5"}
    assert problems(service) == []


# Not the collection of this index


def test_a_collection_of_another_index_is_refused(open_index: Opener, tmp_path: Path) -> None:
    open_index().add_articles(harbour.articles(1, 2))
    local = open_index(tmp_path / "other", engine="local")
    local.add_articles(harbour.articles(1, 2))
    with pytest.raises(EngineError, match="belongs to another index"):
        open_index(tmp_path / "other").rebuild()
    assert len(found(local, "ship")) == 2


def test_vectors_of_another_dimension_are_refused_and_a_rebuild_replaces_them(
    open_index: Opener, collection_of: Callable[[Service], MilvusCollection]
) -> None:
    service = open_index()
    service.add_articles(harbour.articles(1, 2))
    collection = collection_of(service)
    collection.drop()
    collection.create(8)
    with pytest.raises(EngineError, match="8 dimensions, the encoder makes 64"):
        found(open_index(), "ship 1")
    again = open_index()
    again.rebuild()
    assert len(found(again, "ship 1")) == 2 and problems(again) == []


def test_of_two_copies_of_a_folder_one_may_write(open_index: Opener, tmp_path: Path) -> None:
    first = open_index()
    first.add_articles(harbour.articles(1, 2))
    second = open_index(Path(shutil.copytree(tmp_path / "index", tmp_path / "copy")))
    second.add_articles(harbour.articles(3, 1))
    with pytest.raises(EngineError, match="Another writer has changed"):
        first.add_articles(harbour.articles(4, 1))
    assert len(found(first, "ship")) == 2  # never what its own store does not hold
    first.rebuild()
    first.add_articles(harbour.articles(4, 1))
    assert len(found(first, "ship")) == 3 and problems(first) == []


def test_verify_finds_each_difference_and_a_rebuild_mends_it(
    open_index: Opener, collection_of: Callable[[Service], MilvusCollection]
) -> None:
    service = open_index()
    service.add_articles(harbour.articles(1, 4))
    collection = collection_of(service)
    (lost, changed, *_) = collection.query("row > 0", ["key", "article"])
    collection.delete_keys(PASSAGES, [lost["key"]])
    collection.delete_keys(COPIES, [f"copy:{changed['article']}:0"])
    stranger = copy_row("art_0000000000000000@00000000:0-9", 64) | {"row": 900, "article": 900, "words": "enaship"}
    collection.write(PASSAGES, [stranger])
    said = " ".join(problems(service))
    for what in ("holds 1 row that the store does not", "lacks 1 of", "lacks the copies of 1 article"):
        assert what in said
    assert "art_0000000000000000" not in found(service, "ship")
    service.rebuild()
    assert problems(service) == []


# Articles to filter


def various() -> list:  # type: ignore[type-arg]
    from qa.base.types import Article

    def make(number: int, **facts: str) -> Article:
        text = f"The ferry number {number} crosses the strait in the morning."
        return Article(id=f"art_{number:016}", given_id=f'the "{number}"\\', title=f"Ferry {number}", text=text, **facts)

    return [
        make(1, source="The Harbour Post", published_at="2024-03-01", language="en"),
        make(2, source="cnn.com", published_at="2024-03-08T05:00:00Z", language="en-GB"),
        make(3, source="Ελλάδα 100%", published_at="2023-12-31", language="pt_BR"),
        make(4, language="de-AT"),
        make(5, published_at="2025-01-01"),
    ]


def _day(written: str):  # type: ignore[no-untyped-def]
    from datetime import date

    return date.fromisoformat(written)


FILTERS = [
    Filters(sources=("harbour post",)),
    Filters(sources=("cnn", "ελλαδα 100%")),
    Filters(sources=("nowhere",)),
    Filters(language="en"),
    Filters(language="en-GB"),
    Filters(language="pt-br"),
    Filters(language="de"),
    Filters(published_from=_day("2024-03-01")),
    Filters(published_to=_day("2024-03-01")),
    Filters(published_from=_day("2024-03-02"), published_to=_day("2024-12-31")),
    Filters(as_of=_day("2024-03-05")),
    Filters(article_ids=("art_0000000000000004", 'the "1"\\')),
]
