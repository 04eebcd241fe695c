from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

TEXT = "The lighthouse keeper of Gorse Point is called Barnaby Quill. He has counted 312 ships."
QUESTION = "What is the lighthouse keeper of Gorse Point called?"


@pytest.fixture(scope="module")
def own(sample_index: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable) -> Iterator[httpx.Client]:
    """A server whose index these tests change."""
    folder = Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("changed") / "samples"))
    server = start_server(folder, requests_per_minute=0, max_article_characters=2_000).wait_until_ready()
    yield server.client
    server.kill()


def add(client: httpx.Client, *articles: dict[str, object]) -> dict:
    response = client.post("/v1/articles", json={"articles": articles})
    assert response.status_code == 200, response.text
    return response.json()


def test_an_article_answers_once_it_is_added_and_no_more_once_it_is_removed(own: httpx.Client) -> None:
    assert own.post("/v1/answers", json={"question": QUESTION}).json()["status"] == "not_found"
    (added,) = add(own, {"text": TEXT, "id": "lighthouse"})["articles"]
    assert (added["status"], added["given_id"]) == ("added", "lighthouse")
    answer = own.post("/v1/answers", json={"question": QUESTION}).json()
    assert answer["answer"] == "The lighthouse keeper of Gorse Point is called Barnaby Quill. [1]"
    removed = own.delete("/v1/articles/lighthouse")
    assert (removed.status_code, removed.json()["article_id"]) == (200, added["article_id"])
    assert own.post("/v1/answers", json={"question": QUESTION}).json()["status"] == "not_found"
    assert own.get("/v1/articles/lighthouse").status_code == 404
    assert own.delete("/v1/articles/lighthouse").status_code == 404


def test_what_became_of_each_article_is_told_in_their_order(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "old"}, {"text": TEXT, "id": "same"})
    told = add(
        own,
        {"text": "Something else now.", "id": "old"},
        {"text": TEXT, "id": "same"},
        {"text": "x" * 2_001},
        {"text": "New and dated.", "published_at": "8 March 2024", "url": "javascript:alert(1)"},
        {"text": "Twice.", "id": "same"},
    )
    assert [one["status"] for one in told["articles"]] == ["changed", "unchanged", "refused", "added", "refused"]
    assert (told["added"], told["changed"], told["unchanged"], told["refused"]) == (1, 1, 1, 2)
    assert "2,001 characters" in told["articles"][2]["reason"]
    assert "javascript" in told["articles"][3]["notices"][0]
    assert told["articles"][4]["reason"] == "'same' has been given before, at position 1"
    kept = own.get(f"/v1/articles/{told['articles'][3]['article_id']}").json()
    assert (kept["source"]["published_at"], kept["source"]["url"]) == ("2024-03-08", None)


def test_an_article_is_read_under_the_id_it_was_given_even_when_that_is_an_address(own: httpx.Client) -> None:
    url = "https://harbour.example/a/b?c=1"
    (added,) = add(own, {"text": TEXT, "url": url})["articles"]
    for name in (url, added["article_id"]):
        assert own.get(f"/v1/articles/{quote(name, safe='')}").json()["text"] == TEXT
        assert own.get(f"/v1/articles/{quote(name, safe='')}/sentences").json()["data"][1]["text"] == "He has counted 312 ships."
    assert own.delete(f"/v1/articles/{quote(url, safe='')}").status_code == 200


def test_the_etag_is_the_digest_of_the_text_and_spares_a_second_reading(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "tagged"})
    first = own.get("/v1/articles/tagged")
    assert first.headers["etag"] == f'"{hashlib.sha256(TEXT.encode()).hexdigest()}"'
    again = own.get("/v1/articles/tagged", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_removal_that_names_another_text_removes_nothing(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "matched"})
    refused = own.delete("/v1/articles/matched", headers={"If-Match": '"0000"'})
    assert (refused.status_code, refused.json()["type"]) == (412, "/problems/precondition-failed")
    etag = own.get("/v1/articles/matched").headers["etag"]
    assert own.delete("/v1/articles/matched", headers={"If-Match": etag}).status_code == 200


def test_an_article_is_put_under_its_id_and_replaced_whole(own: httpx.Client) -> None:
    address = "/v1/articles/" + quote("https://harbour.example/put?a=1", safe="")
    added = own.put(address, json={"text": TEXT, "title": "The keeper", "source": "Harbour Post"})
    assert (added.status_code, added.json()["status"]) == (201, "added")
    assert added.json()["given_id"] == "https://harbour.example/put?a=1"
    assert own.put(address, json={"text": TEXT, "title": "The keeper", "source": "Harbour Post"}).json()["status"] == "unchanged"
    generated = "/v1/articles/" + added.json()["article_id"]
    changed = own.put(generated, json={"text": TEXT + " He is 81."}, headers={"If-Match": added.headers["etag"]})
    assert (changed.status_code, changed.json()["status"]) == (200, "changed")
    read = own.get(address)
    assert (read.json()["text"], read.json()["source"]["name"]) == (TEXT + " He is 81.", None)
    assert read.headers["etag"] == changed.headers["etag"]


def test_a_put_that_its_conditions_or_its_id_forbid_changes_nothing(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "guarded"})
    other = {"text": "Another text."}
    stale = own.put("/v1/articles/guarded", json=other, headers={"If-Match": '"0000"'})
    there = own.put("/v1/articles/guarded", json=other, headers={"If-None-Match": "*"})
    absent = own.put("/v1/articles/unheard-of", json=other, headers={"If-Match": "*"})
    assert [response.status_code for response in (stale, there, absent)] == [412, 412, 412]
    assert own.put("/v1/articles/art_0123456789abcdef", json=other).status_code == 404
    assert own.put("/v1/articles/%20", json=other).status_code == 422
    assert own.put("/v1/articles/guarded", json={"text": "x" * 2_001}).status_code == 422
    assert own.put("/v1/articles/guarded", json={**other, "id": "b"}).status_code == 422


def test_of_clients_that_change_the_same_text_at_once_one_does_and_the_others_are_told(own: httpx.Client) -> None:
    def put_at_once(name: str, headers: dict[str, str]) -> list[int]:
        with ThreadPoolExecutor(6) as clients:
            texts = [f"Text {number} is put where {headers}." for number in range(6)]
            return sorted(
                clients.map(lambda text: own.put(f"/v1/articles/{name}", json={"text": text}, headers=headers).status_code, texts)
            )

    assert put_at_once("raced", {"If-None-Match": "*"}) == [201] + 5 * [412]
    etag = own.get("/v1/articles/raced").headers["etag"]
    assert put_at_once("raced", {"If-Match": etag}) == [200] + 5 * [412]
    assert own.get("/v1/articles/guarded").json()["text"] == TEXT
    assert own.get("/v1/articles/unheard-of").status_code == 404


def test_a_removed_article_can_be_deleted_at_once(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "gone"})
    assert own.delete("/v1/articles/gone").json()["restorable_until"] is not None
    assert own.delete("/v1/articles/gone?now=true").json()["restorable_until"] is None
    assert own.delete("/v1/articles/gone?now=true").status_code == 404


def test_snapshots_are_kept_only_where_an_article_is_deleted_at_once(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "half gone"})
    refused = own.delete("/v1/articles/half gone?keep_snapshots=true")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?keep_snapshots")
    assert own.delete("/v1/articles/half gone").status_code == 200


def test_an_earlier_version_is_read_by_its_digest_and_one_that_is_not_kept_is_gone(own: httpx.Client) -> None:
    add(own, {"text": TEXT, "id": "versioned"})
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    add(own, {"text": TEXT + " He keeps a goat.", "id": "versioned"})
    earlier = own.get(f"/v1/articles/versioned?version={digest}")
    assert (earlier.json()["text"], earlier.headers["ETag"]) == (TEXT, f'"{digest}"')
    sentences = own.get(f"/v1/articles/versioned/sentences?version={digest}").json()
    assert [one["text"] for one in sentences["data"]] == [TEXT[:61], TEXT[62:]]
    page = own.get(f"/articles/versioned?version={digest}")
    assert page.status_code == 200
    assert "This is an earlier version" in page.text and "goat" not in page.text
    assert "This is an earlier version" not in own.get("/articles/versioned").text
    for path in ("/v1/articles/versioned", "/v1/articles/versioned/sentences"):
        gone = own.get(f"{path}?version={'0' * 64}")
        assert (gone.status_code, gone.json()["type"]) == (410, "/problems/gone")


def test_the_pages_of_the_list_hold_every_article_once(client: httpx.Client) -> None:
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page = client.get("/v1/articles", params={"limit": 20, **({"cursor": cursor} if cursor else {})}).json()
        ids += [article["given_id"] for article in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert (len(ids), len(set(ids))) == (44, 44)


def test_the_list_can_be_searched_by_title_source_and_author(client: httpx.Client) -> None:
    found = client.get("/v1/articles", params={"q": "SAILMAKER farrow"}).json()
    assert [article["given_id"] for article in found["data"]] == ["sorrowby-obituary"]


def test_the_list_can_be_filtered_by_source_language_and_days(client: httpx.Client) -> None:
    def listed(**params: str) -> list[dict[str, dict[str, str]]]:
        return client.get("/v1/articles", params={"limit": "100", **params}).raise_for_status().json()["data"]

    of_source = listed(source="radio skerry")
    assert len(of_source) == 7
    assert {article["source"]["name"] for article in of_source} == {"Radio Skerry"}
    assert len(listed(language="de")) == 1
    spring = listed(published_from="2024-03", published_to="2024-05")
    assert sorted(article["source"]["published_at"] for article in spring) == [
        "2024-03-08", "2024-03-21", "2024-04-04", "2024-04-16", "2024-04-25", "2024-05-06", "2024-05-13", "2024-05-29",
    ]  # fmt: skip
    assert listed(source="nobody") == []


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"published_from": "soon"}, "?published_from"),
        ({"published_to": "2024-02-30"}, "?published_to"),
        ({"published_from": "2025", "published_to": "2024"}, "?published_from"),
    ],
)
def test_days_of_the_list_that_cannot_be_used_are_named(client: httpx.Client, params: dict[str, str], pointer: str) -> None:
    response = client.get("/v1/articles", params=params)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


def test_sentences_stand_at_their_offsets(client: httpx.Client) -> None:
    text = client.get("/v1/articles/sorrowby-obituary").json()["text"]
    sentences = client.get("/v1/articles/sorrowby-obituary/sentences").json()["data"]
    assert [sentence["index"] for sentence in sentences] == list(range(len(sentences)))
    assert all(text[one["start_char_index"] : one["end_char_index"]] == one["text"] for one in sentences)


def test_the_copies_of_an_article_are_listed_and_shown_on_its_page(client: httpx.Client) -> None:
    found = client.get("/v1/articles/port-record-ledger/copies").json()
    (copy,) = found["data"]
    assert (copy["given_id"], copy["source"]["name"]) == ("port-record-courier", "Varrow Courier")
    page = client.get("/articles/port-record-ledger").text
    assert "1 similar article" in page and f'href="/articles/{copy["article_id"]}"' in page
    assert client.get("/v1/articles/sorrowby-obituary/copies").json()["data"] == []
    assert "similar article" not in client.get("/articles/sorrowby-obituary").text
    assert client.get("/v1/articles/nobody/copies").status_code == 404


def test_the_index_is_described(client: httpx.Client) -> None:
    described = client.get("/v1/index").json()
    assert (described["name"], described["articles"], described["encoder"]["dimension"]) == ("samples", 44, 384)
    assert described["passage_rule"] == {"characters": 600, "overlap_sentences": 1, "title_tokens": 32}
    assert all(len(digest) == 64 for digest in described["digests"].values())
