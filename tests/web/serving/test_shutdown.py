"""A real server that is told to stop while clients ask, stall, or do not listen."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

QUESTION = {"question": "How old was Wilhelmina Sorrowby when she died?"}


def refuses_connections(url: str) -> bool:
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), timeout=20).close()
    except OSError:
        return True
    return False


def test_questions_and_streams_in_work_are_answered_in_full(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, shutdown_timeout_seconds=120).wait_until_ready()
    told: list[str] = []

    def ask(stream: bool) -> None:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            told.append(client.post("/v1/answers", json={**QUESTION, "stream": stream}).raise_for_status().text)

    asking = [threading.Thread(target=ask, args=[number % 2 == 0]) for number in range(16)]
    for thread in asking:
        thread.start()
    server.wait_until(lambda: server.arrived("/v1/answers") == 16)
    server.process.send_signal(signal.SIGTERM)
    for thread in asking:
        thread.join()
    assert server.process.wait(timeout=20) == 0
    assert len(told) == 16
    assert [text.count("at the age of 94. [1]") >= 1 for text in told] == [True] * 16
    assert sum("event: answer.completed" in text for text in told) == 8


def test_clients_that_stall_hold_it_no_longer_than_the_time_that_is_set(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, shutdown_timeout_seconds=1).wait_until_ready()
    head = b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
    document = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    stalled = [
        server.connect(head + b"\r\n{"),
        server.connect(head),
        server.connect(document * 200, receive_bytes=1_024),
    ]
    server.wait_until(lambda: server.arrived("/v1/answers") >= 1)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=15) == 0
    for connection in stalled:
        connection.close()
    server.reading.join()
    assert not [line for line in server.said if "Traceback" in line]


def test_work_that_would_take_minutes_is_cut_off_and_leaves_the_index_whole(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, shutdown_timeout_seconds=1).wait_until_ready()
    text = " ".join(f"Ship {number} left the harbour with {number} barrels of herring." for number in range(2_000))
    articles = [{"id": str(number), "text": f"{number}. {text}"} for number in range(60)]
    problems: list[str] = []

    def add() -> None:
        with httpx.Client(base_url=server.url, timeout=120) as client:
            problems.append(client.post("/v1/articles", json={"articles": articles}).json()["type"])

    adding = threading.Thread(target=add)
    adding.start()
    server.wait_until(lambda: server.arrived("/v1/articles") == 1)
    before = server.client.get("/v1/index").json()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=40) == 0
    adding.join()
    assert problems == ["/problems/not-ready"]
    again = start_server(sample_copy).wait_until_ready().client
    assert again.get("/v1/index").json()["articles"] == before["articles"]
    assert again.post("/v1/answers", json=QUESTION).json()["status"] == "answered"


def test_a_second_signal_ends_it_at_once(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, shutdown_timeout_seconds=600).wait_until_ready()
    head = b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with server.connect(head):
        server.wait_until(lambda: server.arrived("/v1/answers") == 1)
        server.process.send_signal(signal.SIGTERM)
        server.wait_until(lambda: refuses_connections(server.url))
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 128 + signal.SIGTERM
