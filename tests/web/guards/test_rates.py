from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from web.guards import rate
from web.guards.rate import MinuteCount


def test_a_client_that_asks_too_often_is_told_when_to_come_back(sample_copy: Path, start_server: Callable) -> None:
    client = start_server(sample_copy, requests_per_minute=3).wait_until_ready().client
    responses = [client.post("/v1/search", json={"question": "ferry", "k": 1}) for _ in range(7)]
    statuses = [response.status_code for response in responses]
    assert statuses[:3] == [200] * 3
    assert 429 in statuses[3:]  # of the last four, even if the minute turned in between
    refused = next(response for response in responses if response.status_code == 429)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit-policy"] == '"minute";q=3;w=60'
    assert refused.headers["ratelimit"].startswith('"minute";r=0;t=')
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert client.get("/v1/index").status_code == 200


def test_a_clock_that_is_set_back_makes_nobody_wait_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    asked, scope = MinuteCount(2), {"client": ("192.0.2.1", 1)}
    assert [asked.count(scope) for _ in range(3)] == [True, True, False]
    monkeypatch.setattr(time, "time", lambda: 0.0)
    now += 20
    assert asked.problem(scope, "requests").headers["Retry-After"] == "40"
    assert asked.fields(scope)["RateLimit"] == '"minute";r=0;t=40'
    now += 40
    assert not asked.is_full(scope)
    assert asked.count(scope)
    assert asked.fields(scope)["RateLimit"] == '"minute";r=1;t=60'


def test_addresses_whose_minute_is_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(rate, "_MOST_REMEMBERED", 3)
    asked = MinuteCount(1)
    for number in range(3):
        assert asked.count({"client": (f"192.0.2.{number}", 1)})
        now += 25
    assert not asked.count({"client": ("192.0.2.2", 1)})
    assert list(asked._minutes) == ["192.0.2.1", "192.0.2.2"]
