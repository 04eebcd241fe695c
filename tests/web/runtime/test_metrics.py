from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from qa import manual
from qa.base.settings import load_settings
from qa.index.layout import STORE_FILE
from qa.service.service import Service
from web.app import create_app

QUESTION = {"question": "How old was Wilhelmina Sorrowby when she died?"}


def metrics(client: httpx.Client) -> dict[str, float]:
    """Each sample as Prometheus writes it, labels in order."""
    return parsed(client.get("/metrics").text)


def parsed(text: str) -> dict[str, float]:
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for sample in samples
    }


@pytest.fixture
def own(sample_copy: Path, start_server: Callable) -> httpx.Client:
    """A client of a server that nobody else asks."""
    return start_server(sample_copy, requests_per_minute=4).wait_until_ready().client


def test_what_was_asked_and_answered_is_counted(own: httpx.Client) -> None:
    assert own.post("/v1/answers", json=QUESTION).json()["status"] == "answered"
    not_found = own.post("/v1/answers", json={"question": "Thanks!", "stream": True})
    assert '"reason": "not_a_question"' in not_found.text
    assert own.post("/v1/answers", json={"question": ""}).status_code == 422
    found = metrics(own)
    assert found["qa_http_requests_total method=POST route=/v1/answers status=200"] == 2
    assert found["qa_http_requests_total method=POST route=/v1/answers status=422"] == 1
    assert found["qa_http_request_duration_seconds_count method=POST route=/v1/answers"] == 3
    assert found["qa_answers_total reason= status=answered"] == 1
    assert found["qa_answers_total reason=not_a_question status=not_found"] == 1
    stages = {stage: found[f"qa_answer_stage_duration_seconds_count stage={stage}"] for stage in ("encode", "read", "total")}
    assert stages == {"encode": 1, "read": 1, "total": 2}  # what is no question is not read
    assert found["qa_problems_total type=invalid-request"] == 1
    assert found["qa_problems_total type=overloaded"] == 0


def test_the_size_of_the_index_is_told_as_it_is_now(own: httpx.Client) -> None:
    before, described = metrics(own), own.get("/v1/index").json()
    assert (before["qa_index_articles"], before["qa_index_generation"]) == (described["articles"], 1)
    assert (before["qa_index_sentences"], before["qa_index_passages"]) == (described["sentences"], described["passages"])
    assert own.post("/v1/articles", json={"articles": [{"text": "The tide mill grinds again."}]}).json()["added"] == 1
    after = metrics(own)
    assert after["qa_index_articles"] == before["qa_index_articles"] + 1
    assert after["qa_index_generation"] == 2


def test_what_is_refused_is_counted_by_its_type(own: httpx.Client) -> None:
    statuses = [own.post("/v1/search", json={"question": "ferry", "k": 1}).status_code for _ in range(9)]
    assert metrics(own)["qa_problems_total type=too-many-requests"] == statuses.count(429) >= 1


def test_no_label_holds_what_a_client_wrote(own: httpx.Client) -> None:
    own.get("/v1/articles/zanzibar?q=zanzibar")
    own.get("/zanzibar", headers={"Accept": "text/html"})
    own.request("ZANZIBAR", "/v1/index")
    own.get("/static/zanzibar.css")
    own.post("/mcp", content="zanzibar")
    own.get("/v1/index", headers={"Host": "zanzibar"})
    text = own.get("/metrics").text
    assert "zanzibar" not in text.lower()
    found = parsed(text)
    assert found["qa_http_requests_total method=GET route=/v1/articles/{article_id} status=404"] == 1
    assert found["qa_http_requests_total method=GET route= status=404"] == 1
    assert found["qa_http_requests_total method=GET route=/static status=404"] == 1
    assert found["qa_http_requests_total method=other route=/v1/index status=405"] == 1
    assert found["qa_http_requests_total method=GET route= status=421"] == 1
    assert found["qa_http_requests_total method=POST route=/mcp status=415"] == 1


def test_scraping_needs_no_model_and_waits_for_no_question(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).touch()  # for what asks whether there is an index
    app = create_app(Service(load_settings(index=tmp_path)))
    app.state.running.ready = True  # nothing is loaded
    gate = threading.Event()

    async def scrape() -> dict[str, float]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            asked = [asyncio.create_task(app.state.running.ask(gate.wait)) for _ in range(5)]
            await asyncio.sleep(0.2)
            text = (await client.get("/metrics")).text
            gate.set()
            await asyncio.gather(*asked)
            return parsed(text)

    found = asyncio.run(scrape())
    assert (found["qa_questions_in_work"], found["qa_questions_waiting"], found["qa_http_requests_in_flight"]) == (2, 3, 1)
    assert found["qa_index_articles"] == 0


def test_two_applications_count_for_themselves(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "other"):
        app = create_app(Service(load_settings(index=tmp_path / name)))
        texts.append(asyncio.run(app.state.running.counted()))
        app.state.running.metrics.problem("overloaded")
    assert texts[0] == texts[1]


def test_the_manual_names_every_metric(client: httpx.Client) -> None:
    families = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(client.get("/metrics").text)
    }
    assert set(re.findall(r"`(qa_\w+)", manual.page("serving"))) == families
