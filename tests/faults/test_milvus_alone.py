"""A machine without the index folder answers from the collection alone, with the same exact citations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import harbour
import httpx
import pytest
from milvus_lite_server import MilvusLite

from qa.base.errors import EngineError, EngineUnreachable, IndexMismatch, IndexNotFound
from qa.base.types import Article
from qa.index.milvus.collection import COPIES, MilvusCollection
from qa.service.service import Service
from web.app import create_app

Opener = Callable[..., Service]
ASKED_AT = datetime(2025, 3, 1, tzinfo=UTC)
QUESTIONS = ("What did the crew of vessel7 unload?", "Who wrote vessel4 into the book?", "What bound the ships together?")


def stories() -> list[Article]:
    """Ships, of which one source ends each story with the same line, and two tell the same at length."""
    line = "Read more stories of the harbour every Friday in the Courier."
    told = [
        Article(
            id=f"art-{number}",
            given_id=f"ship {number}",
            title=f"Arrival {number}",
            text=f"{harbour.article(number).text}\n\n{line}",
            source="The Courier",
            published_at=f"2025-01-{number:02}",
            language="en",
        )
        for number in range(1, 13)
    ]
    other = harbour.article(
        20, text="The lantern of the northern quay burns green in every fog since the autumn storm of that year."
    )
    again = harbour.article(21, text=f"{other.text} So says the keeper of the light.")
    return [*told, other, again]


@pytest.fixture
def filled(open_index: Opener) -> Service:
    service = open_index()
    service.add_articles(stories())
    return service


def test_it_gives_the_same_answers_word_for_word(filled: Service, open_index: Opener, tmp_path: Path) -> None:
    alone = open_index(tmp_path / "nothing here")
    for question in (*QUESTIONS, "Which lantern burns green in every fog?"):
        ours, theirs = (service.ask(question, asked_at=ASKED_AT) for service in (alone, filled))
        assert (ours.citations, ours.nearest, ours.status) == (theirs.citations, theirs.nearest, theirs.status)
        for citation in (*ours.citations, *ours.nearest):
            stored, _ = filled.article(citation.article_id)
            assert stored.article.text[citation.span.start : citation.span.end] == citation.quote
    assert not (tmp_path / "nothing here").exists()


def test_it_finds_no_more_than_the_store_holds_and_follows_it(filled: Service, open_index: Opener, tmp_path: Path) -> None:
    alone = open_index(tmp_path / "nothing here")
    question = "Which lantern burns green in every fog?"
    (first, *_) = alone.search(question, read=0).hits
    filled.remove([first.article.id])
    assert first.article.id not in [hit.article.id for hit in alone.search(question, read=0).hits]
    assert alone.generation == filled.generation
    filled.restore([first.article.id])
    assert alone.search(question, read=0).hits[0].article == first.article


def test_an_article_whose_copy_is_not_whole_is_not_answered_from(
    filled: Service, open_index: Opener, tmp_path: Path, collection_of: Callable[[Service], MilvusCollection]
) -> None:
    alone = open_index(tmp_path / "nothing here")
    collection = collection_of(filled)
    (copy,) = collection.query('article_id == "art-7" and part == 0', ["key"], partition=COPIES)
    collection.delete_keys(COPIES, [copy["key"]])
    hits = alone.search(QUESTIONS[0], read=0).hits
    assert hits and "art-7" not in [hit.article.id for hit in hits]


def test_what_an_index_has_and_no_list_of_its_articles(filled: Service, open_index: Opener, tmp_path: Path) -> None:
    alone = open_index(tmp_path / "nothing here")
    assert alone.counts() == filled.counts()
    assert alone.sources() == ["The Courier"]
    assert alone.article("ship 3")[0].article == filled.article("ship 3")[0].article
    assert [row.article.id for row in alone.near_duplicates("art-20")] == ["art-21"]
    with pytest.raises(EngineError, match="on the machine with the index folder"):
        alone.page(limit=3)


@pytest.mark.usefixtures("filled")
def test_what_cannot_answer_alone_says_why(open_index: Opener, tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing here"
    with pytest.raises(IndexNotFound):
        open_index(nowhere, collection="another").ask(QUESTIONS[0])
    with pytest.raises(IndexMismatch, match="passage_characters"):
        open_index(nowhere, passage_characters=500).ask(QUESTIONS[0])
    with pytest.raises(EngineUnreachable, match="does not answer"):
        open_index(nowhere, uri="http://127.0.0.1:1").ask(QUESTIONS[0])
    alone = open_index(nowhere)
    for change in (lambda: alone.add_articles(harbour.articles(30, 1)), lambda: alone.remove("art-3"), alone.rebuild):
        with pytest.raises(EngineError, match="here it only answers"):
            change()
    assert not nowhere.exists() and alone.ask(QUESTIONS[0]).citations == open_index(nowhere).ask(QUESTIONS[0]).citations


@pytest.mark.usefixtures("filled")
def test_the_server_answers_alone_and_shows_its_articles(open_index: Opener, tmp_path: Path) -> None:
    async def talk() -> None:
        app = create_app(open_index(tmp_path / "nothing here"))
        await app.state.running.load()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            assert (await client.get("/readyz")).status_code == 200
            answer = (await client.post("/v1/answers", json={"question": "Which lantern burns green in every fog?"})).json()
            cited = (answer["citations"] or answer["nearest"])[0]
            article = (await client.get(f"/v1/articles/{cited['article_id']}")).json()
            assert article["text"][cited["start_char_index"] : cited["end_char_index"]] == cited["cited_text"]
            assert (await client.get(f"/articles/{cited['article_id']}")).status_code == 200
            assert (await client.get("/")).status_code == 200
            assert (await client.get("/v1/index")).json()["articles"] == 14
            listed = await client.get("/v1/articles")
            assert (listed.status_code, listed.json()["type"]) == (503, "/problems/index-unavailable")

    asyncio.run(talk())


def test_a_server_whose_milvus_is_away_is_not_ready_and_says_so(open_index: Opener, tmp_path: Path) -> None:
    milvus = MilvusLite(tmp_path / "milvus")
    milvus.start()

    async def talk() -> None:
        service = open_index(uri=milvus.uri)
        service.add_articles(harbour.articles(1, 2))
        app = create_app(service)
        await app.state.running.load()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            assert (await client.get("/readyz")).status_code == 200
            milvus.stop()
            for response in (await client.get("/readyz"), await client.post("/v1/answers", json={"question": "Which ship?"})):
                assert response.status_code == 503
                assert "does not answer" in response.json()["detail"] and response.headers["Retry-After"] == "5"

    try:
        asyncio.run(talk())
    finally:
        milvus.stop()
