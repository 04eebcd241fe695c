"""Asking as the chat's script does: the stages in words, then the turn; what cannot be asked is no stream."""

from __future__ import annotations

import json

import httpx
import pytest

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
STREAMED = {"Accept": "text/event-stream", "HX-Request": "true"}


def events(client: httpx.Client, **fields: str) -> list[dict[str, str]]:
    text = client.post("/ask", data=fields, headers=STREAMED).text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def test_the_stages_are_told_in_words_and_the_last_event_is_the_turn_as_its_page_has_it(client: httpx.Client) -> None:
    started, *stages, turn = events(client, question=QUESTION)
    assert started == {"type": "started"}
    passages = client.get("/v1/index").json()["passages"]
    assert [stage["words"] for stage in stages] == [
        f"Searching {passages} passages…",
        "Reading 3 passages…",  # as many as this server reads
        "Choosing what to quote…",
        "Choosing what to quote…",
    ]
    assert turn["type"] == "turn"
    assert "at the age of 94." in turn["html"] and 'id="turn-1"' in turn["html"]
    assert "at the age of 94." in client.get(turn["address"]).text


def test_the_filters_are_no_count_of_passages(client: httpx.Client) -> None:
    assert events(client, question=QUESTION, source="radio skerry")[1]["words"] == "Searching the passages that pass the filters…"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": " "}, "is blank"),
        ({"question": "Who?", "published_from": "2025-01-01", "published_to": "2024-01-01"}, "is after"),
    ],
)
def test_what_cannot_be_asked_is_told_instead_of_a_stream(client: httpx.Client, fields: dict[str, str], said: str) -> None:
    response = client.post("/ask", data=fields, headers=STREAMED)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.text.startswith("<p>") and said in response.text
