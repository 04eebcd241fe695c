from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from conftest import NewsSite

TEXT = "The lighthouse keeper of Gorse Point is called Barnaby Quill."


@pytest.fixture
def fetching(sample_copy: Path, start_server: Callable) -> httpx.Client:
    """A server that may fetch from this machine."""
    return start_server(sample_copy, allow_fetch="true", fetch_networks='["127.0.0.0/8"]').wait_until_ready().client


def test_addresses_become_articles_that_answer_and_what_is_refused_is_told(fetching: httpx.Client, news_site: NewsSite) -> None:
    news_site.pages["/keeper"] = ("text/plain", TEXT.encode())
    addresses = [f"{news_site.url}/keeper", f"{news_site.url}/missing", "http://no-such-host.invalid/"]
    response = fetching.post("/v1/fetch", json={"urls": addresses})
    assert response.status_code == 200, response.text
    found = response.json()["data"]
    assert [one["url"] for one in found] == addresses
    assert [one["status"] for one in found] == ["added", "refused", "refused"]
    assert found[0]["given_id"] == addresses[0]
    assert "status 404" in found[1]["reason"] and "cannot be resolved" in found[2]["reason"]
    answer = fetching.post("/v1/answers", json={"question": "What is the lighthouse keeper of Gorse Point called?"}).json()
    assert answer["citations"][0]["source"]["url"] == addresses[0]
    again = fetching.post("/v1/fetch", json={"urls": addresses[:1]}).json()["data"]
    assert again[0]["status"] == "unchanged"


def test_sites_that_do_not_answer_delay_no_other_request(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, allow_fetch="true", fetch_networks='["127.0.0.0/8"]').wait_until_ready()
    with contextlib.ExitStack() as opened:
        silent = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100))
        body = b'{"urls": ["http://127.0.0.1:%d/"]}' % silent.getsockname()[1]
        head = b"POST /v1/fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        for _ in range(45):
            opened.enter_context(server.connect(head % len(body) + body))
        server.wait_until(lambda: server.metric("qa_http_requests_in_flight") > 45)
        assert server.client.get("/readyz", timeout=10).status_code == 200  # a fetch takes 20 s
        assert server.client.get("/v1/articles", timeout=10).status_code == 200


def test_a_server_fetches_nothing_unless_it_was_told_to(client: httpx.Client) -> None:
    response = client.post("/v1/fetch", json={"urls": ["http://no-such-host.invalid/"]})
    assert response.status_code == 403
    assert response.json()["type"] == "/problems/fetching-is-off"
    assert "--allow-fetch" in response.json()["detail"]


@pytest.mark.parametrize("urls", [[], ["file:///etc/passwd"], ["news/1.html"], ["http://a.example/"] * 11, "http://a.example/"])
def test_what_are_no_addresses_is_told(client: httpx.Client, urls: object) -> None:
    response = client.post("/v1/fetch", json={"urls": urls})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith("#/urls")
