from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

import web.api.streaming
from qa.api.answer import AnswerShape, answer_shape
from qa.base.errors import IndexDamaged
from qa.service.observers import OnStage
from qa.service.service import Service
from web.api.streaming import AnswerEvents, streamed
from web.runtime.running import Running

QUESTION = "How old was Mrs. Sorrowby when she died?"


def events(text: str) -> list[tuple[str, dict]]:
    """The events of a stream in which each is two lines, of its kind and of its data."""
    told = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        kind, data = block.split("\n")
        assert kind.startswith("event: ") and data.startswith("data: ")
        told.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return told


def test_an_answer_is_told_in_events_and_is_the_one_that_is_kept(client: httpx.Client) -> None:
    response = client.post("/v1/answers", json={"question": QUESTION, "stream": True})
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    told = events(response.text)
    assert [kind for kind, _ in told[:5]] == ["answer.started", *["answer.stage"] * 4]
    assert [data["stage"] for kind, data in told if kind == "answer.stage"] == ["encode", "search", "read", "compose"]
    kind, completed = told[-1]
    assert kind == "answer.completed"
    answer = completed["answer"]
    assert client.get(f"/v1/answers/{answer['id']}").json() == answer
    assert "".join(data["delta"] for kind, data in told if kind == "answer.delta") == answer["answer"]
    assert [data["citation"] for kind, data in told if kind == "answer.citation"] == answer["citations"]
    shown = [kind for kind, _ in told[5:-1]]
    assert shown == ["answer.citation", "answer.delta"] * len(answer["citations"])
    assert all(data["type"] == kind for kind, data in told)


def test_the_accept_header_asks_for_events_too_and_not_found_is_told_whole(client: httpx.Client) -> None:
    asked = {"question": "What is the boiling point of tungsten?"}
    told = events(client.post("/v1/answers", json=asked, headers={"Accept": "text/event-stream"}).text)
    deltas = [data["delta"] for kind, data in told if kind == "answer.delta"]
    assert deltas == ["Not found in these articles."]
    assert told[-1][1]["answer"]["status"] == "not_found"


@pytest.mark.parametrize(
    ("asked", "status"), [({"question": "w" * 1_001}, 422), ({"question": "Who?", "conversation_id": "cnv_none"}, 404)]
)
def test_what_is_wrong_from_the_start_is_no_stream(client: httpx.Client, asked: dict, status: int) -> None:
    response = client.post("/v1/answers", json={**asked, "stream": True})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_many_clients_that_leave_at_once_keep_nobody_waiting(client: httpx.Client) -> None:
    for _ in range(20):
        with client.stream("POST", "/v1/answers", json={"question": QUESTION, "stream": True}) as response:
            assert next(response.iter_lines()) == "event: answer.started"
    assert client.post("/v1/answers", json={"question": QUESTION}).json()["status"] == "answered"


@pytest.fixture
def app(sample_index: Path, open_service: Callable[..., Service]) -> Running:
    running = Running(open_service(sample_index))
    running.ready = True
    return running


async def _stream(app: Running, work: Callable[[OnStage], AnswerShape]) -> AsyncIterator[str]:
    scope = {"type": "http", "method": "POST", "path": "/v1/answers", "headers": [], "state": {"request_id": "req_1"}}
    request = Request(scope, asyncio.Event().wait)  # type: ignore[arg-type]  # a client that stays says nothing
    response = await streamed(request, app, work, AnswerEvents(request, QUESTION))
    assert isinstance(response, StreamingResponse)
    return response.body_iterator  # type: ignore[return-value]  # these are strings


def test_the_work_ends_at_its_next_stage_when_the_client_has_left(app: Running) -> None:
    ended = []

    def work(on_stage: OnStage) -> AnswerShape:
        try:
            for number in range(1_000):
                on_stage(f"stage {number}", 1.0)
                time.sleep(0.01)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return answer_shape(app.service.ask(QUESTION))

    async def leave() -> None:
        stream = await _stream(app, work)
        assert (await anext(stream)).startswith("event: answer.started")
        await stream.aclose()  # type: ignore[attr-defined]
        async with asyncio.timeout(5):
            while not ended:
                await asyncio.sleep(0.01)

    asyncio.run(leave())
    assert ended == ["cancelled"]


def test_a_ping_is_sent_while_a_stage_takes_long(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.api.streaming, "_PING_SECONDS", 0.05)

    def work(on_stage: OnStage) -> AnswerShape:
        on_stage("encode", 1.0)
        time.sleep(0.3)
        return answer_shape(app.service.ask(QUESTION))

    async def read() -> list[str]:
        return [event async for event in await _stream(app, work)]

    told = asyncio.run(read())
    assert ": ping\n\n" in told
    assert told[-1].startswith("event: answer.completed")


@pytest.mark.parametrize(
    ("error", "name"),
    [(IndexDamaged(Path("x"), "a file was changed"), "index-unavailable"), (RuntimeError("secret"), "internal")],
)
def test_what_goes_wrong_in_between_is_the_last_event(app: Running, error: Exception, name: str) -> None:
    def work(on_stage: OnStage) -> AnswerShape:
        on_stage("encode", 1.0)
        raise error

    async def read() -> list[str]:
        return [event async for event in await _stream(app, work)]

    told = events("".join(asyncio.run(read())))
    assert [kind for kind, _ in told] == ["answer.started", "answer.stage", "error"]
    problem = told[-1][1]["problem"]
    assert (problem["type"], problem["request_id"]) == (f"/problems/{name}", "req_1")
    assert "secret" not in json.dumps(problem)
