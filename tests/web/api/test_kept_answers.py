"""Answers that are kept: read again, and each citation verified as its article changes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from qa.api.verified_quote import VerifiedQuoteShape, verified_quote_of
from qa.cli.output.quotes import show_verified_quote
from qa.cli.output.screen import Screen

TEXT = "The lighthouse keeper of Gorse Point is called Barnaby Quill. He has counted 312 ships."
QUESTION = "What is the lighthouse keeper of Gorse Point called?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "index"


@pytest.fixture(scope="module")
def own(folder: Path, start_server: Callable) -> httpx.Client:
    """A server over an index of its own."""
    return start_server(folder, requests_per_minute=0).wait_until_ready().client


def put(client: httpx.Client, text: str) -> None:
    client.post("/v1/articles", json={"articles": [{"id": "lighthouse", "text": text}]}).raise_for_status()


def ask(client: httpx.Client) -> dict:
    return client.post("/v1/answers", json={"question": QUESTION, "threshold": 0, "max_citations": 1}).json()


def verify(client: httpx.Client, answer: dict, number: int = 1) -> dict:
    return client.get(f"/v1/citations/{answer['id']}/{number}/verify").raise_for_status().json()


def test_an_answer_is_read_again_as_it_was_given(own: httpx.Client) -> None:
    put(own, TEXT)
    answer = ask(own)
    kept = own.get(f"/v1/answers/{answer['id']}")
    assert (kept.status_code, kept.json()) == (200, answer)
    assert own.get(f"/v1/answers/{answer['id']}", headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304


def test_an_answer_that_is_not_kept_and_a_citation_that_it_has_not_are_not_found(own: httpx.Client) -> None:
    put(own, TEXT)
    answer = ask(own)
    for address in ("/v1/answers/ans_0", "/v1/citations/ans_0/1/verify", f"/v1/citations/{answer['id']}/2/verify"):
        assert own.get(address).json()["type"] == "/problems/not-found"
    assert own.get(f"/v1/citations/{answer['id']}/0/verify").status_code == 422


def test_markdown_is_shown_without_its_marks_where_an_answer_is_verified_or_explained(
    own: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    markdown = {
        "text": f"# The **lighthouse**\n\n{TEXT.replace('Barnaby Quill', '**Barnaby** [Quill](/quill)')}",
        "format": "markdown",
    }
    own.put("/v1/articles/lighthouse", json=markdown).raise_for_status()
    stored = own.get("/v1/articles/lighthouse").json()
    assert (stored["article_title"], stored["format"], stored["text"]) == ("The lighthouse", "markdown", markdown["text"])
    answer = ask(own)
    shown = TEXT.partition(". ")[0] + "."
    found = own.post("/v1/explain", json={"question": QUESTION}).json()
    assert found["sentences"][0]["display"] == shown
    assert "**" in found["candidates"][0]["text"] and "**" not in found["candidates"][0]["display"]
    assert (verify(own, answer)["cited_text"].count("**"), verify(own, answer)["display"]) == (2, shown)
    own.put(
        "/v1/articles/lighthouse", json={**markdown, "text": markdown["text"].replace("Point is", "Cape is")}
    ).raise_for_status()
    now = verify(own, answer)["current_sentence"]
    assert (now["text"].count("**"), now["display"]) == (2, shown.replace("Point", "Cape"))
    page = own.get(f"/answers/{answer['id']}").text
    assert "<del>Point</del>" in page and "<ins>Cape</ins>" in page and "**" not in page
    show_verified_quote(verified_quote_of(VerifiedQuoteShape.model_validate(verify(own, answer))), Screen())
    assert f"{shown} Now: {shown.replace('Point', 'Cape')}" in " ".join(capsys.readouterr().out.split())


def test_a_citation_is_verified_through_the_life_of_its_article(own: httpx.Client) -> None:
    put(own, TEXT)
    answer = ask(own)
    cited = answer["citations"][0]
    same = verify(own, answer)
    assert (same["status"], same["cited_text"], same["current_digest"]) == (
        "unchanged",
        cited["cited_text"],
        cited["article_digest"],
    )
    put(own, f"A correction. {TEXT}")
    moved = verify(own, answer)
    assert (moved["status"], moved["places"]) == ("moved", [{"start_char_index": 14, "end_char_index": 75}])
    assert own.get(moved["links"]["cited"]).json()["text"] == TEXT
    assert own.get(moved["links"]["current"]).json()["text"] == f"A correction. {TEXT}"
    assert own.get(cited["links"]["sentence"].partition("#")[0]).status_code == 200
    put(own, "The lighthouse was closed. Nobody keeps it.")
    assert (verify(own, answer)["status"], verify(own, answer)["places"]) == ("edited", [])
    own.delete("/v1/articles/lighthouse?now=true").raise_for_status()
    removed = verify(own, answer)
    assert (removed["status"], removed["cited_text"], removed["links"]) == ("removed", "", {})
    kept = own.get(f"/v1/answers/{answer['id']}").json()
    assert (kept["answer"], kept["citations"][0]["cited_text"]) == ("[removed] [1]", "")


def test_pages_exports_and_json_say_what_became_of_a_cited_sentence(own: httpx.Client) -> None:
    """The chat's page and the answer's own, the three exports, and the JSON of both; all without a script."""
    put(own, TEXT)
    answer = ask(own)
    conversation = own.post("/ask", data={"question": QUESTION}, follow_redirects=True).url.path
    pages = (conversation, f"/answers/{answer['id']}")
    exports = [f"{conversation}/export?format={kind}" for kind in ("md", "html", "json")]
    addresses = (f"/v1/answers/{answer['id']}", f"/v1{conversation.replace('/c/', '/conversations/')}")

    def told(address: str) -> str:
        return own.get(address).raise_for_status().text

    assert not any("edited" in told(address) for address in (*pages, *exports[:2]))
    put(own, TEXT.replace("Barnaby Quill", "Ada Quill"))
    for address in pages:
        page = told(address)
        assert '<span class="since">edited</span>' in page
        assert "Check this: the cited sentence was edited since" in page
        assert "<del>Barnaby</del>" in page
        assert "<ins>Ada</ins>" in page
        assert ">Likely" not in page
    for address in exports[:2]:
        assert "Check this" in told(address)
        assert "The lighthouse keeper of Gorse Point is called Ada Quill." in told(address)
    for address in (*addresses, exports[2]):
        body = own.get(address).json()
        of_answer = body["turns"][0] if "turns" in body else body
        (changed,) = of_answer["changed_citations"]
        assert (changed["number"], changed["change"]) == (1, "edited")
        assert of_answer["check"] == "the cited sentence was edited since"
    assert verify(own, answer)["current_sentence"]["text"] == "The lighthouse keeper of Gorse Point is called Ada Quill."
    own.delete("/v1/articles/lighthouse").raise_for_status()
    for address in pages:
        assert '<span class="since">deleted</span>' in told(address)
        assert "Check this: the cited article was deleted since" in told(address)
        assert ">Likely" not in told(address)


def test_questions_asked_in_the_chat_are_kept_too(own: httpx.Client, folder: Path) -> None:
    put(own, TEXT)

    def kept() -> int:
        with contextlib.closing(sqlite3.connect(folder / "state.sqlite")) as state:
            return int(state.execute("SELECT count(*) FROM answers").fetchone()[0])

    ask(own)
    before = kept()
    assert own.post("/ask", data={"question": QUESTION}, follow_redirects=True).status_code == 200
    assert kept() == before + 1
