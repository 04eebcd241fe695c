from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


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
