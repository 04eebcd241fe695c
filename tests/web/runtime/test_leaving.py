from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from qa.base.settings import load_settings
from qa.index.layout import STORE_FILE
from qa.service.service import Service
from web.runtime.leaving import ClientLeft, stop_if_left, while_there
from web.runtime.running import Running


@pytest.fixture
def running(tmp_path: Path) -> Running:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / STORE_FILE).touch()  # for what asks whether it is there
    running = Running(Service(load_settings(index=tmp_path / "index")))
    running.ready = True
    return running


def request(left: asyncio.Event) -> Request:
    async def receive() -> dict[str, str]:
        await left.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


def test_a_client_that_leaves_before_its_turn_gives_up_its_place_and_is_not_answered(running: Running) -> None:
    gate = threading.Event()
    answered: list[str] = []

    async def ask() -> None:
        left = asyncio.Event()
        working = [asyncio.create_task(running.ask(gate.wait)) for _ in range(2)]
        waiting = [
            asyncio.create_task(while_there(request(left), running.ask(lambda: answered.append("answered")))) for _ in range(62)
        ]
        await asyncio.sleep(0.2)
        left.set()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {ClientLeft}
        there = asyncio.create_task(running.ask(lambda: "there"))  # one more than 64, had the others kept their places
        gate.set()
        assert await there == "there"
        await asyncio.gather(*working)

    asyncio.run(ask())
    assert answered == []


def test_work_ends_at_its_next_stage_and_its_place_is_free_only_then(running: Running) -> None:
    begun, gate = threading.Event(), threading.Event()
    stages: list[str] = []

    def work() -> None:
        begun.set()
        gate.wait()
        stages.append("encode")
        stop_if_left("encode", 1.0)
        stages.append("search")

    async def ask() -> None:
        left = asyncio.Event()
        asked = asyncio.create_task(while_there(request(left), running.ask(work)))
        await asyncio.to_thread(begun.wait)
        left.set()
        await asyncio.sleep(0.1)
        assert not asked.done()
        gate.set()
        with pytest.raises(ClientLeft):
            await asked

    asyncio.run(ask())
    assert stages == ["encode"]


def test_what_the_work_raises_is_raised_and_a_client_that_stays_is_answered(running: Running) -> None:
    async def ask(work: Callable[[], str]) -> str:
        return await while_there(request(asyncio.Event()), running.ask(work))

    assert asyncio.run(ask(lambda: "answer")) == "answer"
    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask(lambda: str(1 // 0)))


@pytest.mark.parametrize("stream", ["false", "true"])
def test_connections_that_close_while_they_wait_are_not_worked_for(
    sample_copy: Path, start_server: Callable, stream: str
) -> None:
    server = start_server(sample_copy, requests_per_minute=0).wait_until_ready()

    def search() -> None:
        httpx.post(f"{server.url}/v1/search", json={"question": "the harbour and the ferry", "k": 40}, timeout=240)

    searching = [threading.Thread(target=search) for _ in range(12)]
    for thread in searching:
        thread.start()
    server.wait_until(lambda: server.metric("qa_questions_waiting") >= 5)
    body = f'{{"question": "Who died?", "stream": {stream}}}'
    head = "POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    leaving = [server.connect(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()) for _ in range(10)]
    server.wait_until(lambda: server.arrived("/v1/search") >= len(searching) + 5)
    for connection in leaving:
        connection.close()
    server.wait_until(lambda: server.metric("qa_http_requests_total", route="/v1/answers", status="499") == 10)
    for thread in searching:
        thread.join()
    assert server.metric("qa_answers_total") == 0
