"""Clients that stop in the middle of a request, or send what is no request, over sockets of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

HEAD = b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def impatient(sample_index: Any, start_server: Callable) -> Any:
    return start_server(sample_index, receive_timeout_seconds=0.5).wait_until_ready()


@pytest.fixture(autouse=True)
def _goes_on(impatient: Any) -> Iterator[None]:
    yield
    assert impatient.client.get("/readyz").json()["status"] == "ready"


def answer(server: Any, sent: bytes) -> bytes:
    """Everything that the server says until it closes the connection."""
    with server.connect(sent) as connection, connection.makefile("rb") as answered:
        return bytes(answered.read())


@pytest.mark.parametrize(
    "begun",
    [b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\r\n"],
    ids=["length", "chunked"],
)
def test_a_body_that_stops_coming_is_refused(impatient: Any, begun: bytes) -> None:
    said = answer(impatient, HEAD + begun)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"type":"/problems/request-timeout"' in said
    assert b"Nothing more of the body came for 0.5 s." in said


def test_a_body_that_is_too_large_and_stops_coming_is_refused_too(impatient: Any) -> None:
    assert answer(impatient, HEAD + b"Content-Length: 100000000\r\n\r\n{").startswith(b"HTTP/1.1 408 ")


def test_a_head_that_is_too_large_is_refused(impatient: Any) -> None:
    for field in (b"X-Long: " + b"x" * 20_000 + b"\r\n", b"X-Many: 1\r\n" * 2_000):
        said = answer(impatient, GET + field + b"Connection: close\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 431 ")
        assert b'"type":"/problems/head-too-large"' in said


def test_a_request_that_tells_its_length_in_two_ways_is_the_last_of_its_connection(impatient: Any) -> None:
    body = b"5\r\n{}   \r\n0\r\n\r\n"
    said = answer(impatient, HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + body + GET + b"\r\n")
    assert said.startswith(b"HTTP/1.1 422 ")
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("begun", [b"", b"GET", GET + b"X-Slow: 1"], ids=["nothing", "method", "header"])
def test_a_connection_whose_request_has_no_complete_head_is_closed(impatient: Any, begun: bytes) -> None:
    assert answer(impatient, begun) == b""


def test_so_is_one_that_stops_in_the_head_of_its_second_request(impatient: Any) -> None:
    with impatient.connect(GET + b"\r\n") as connection:
        while b"status" not in connection.recv(4_096):
            pass
        connection.sendall(GET)
        assert connection.recv(4_096) == b""


@pytest.mark.parametrize(
    "sent",
    [
        GET + b"X-Large: " + b"x" * 20_000,
        GET + b"".join(b"X-%d: 1\r\n" % number for number in range(2_000)),
        b"GET /" + b"x" * 20_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        GET + b"X Y: 1\r\n\r\n",
        GET + b"Content-Length: -1\r\n\r\n",
    ],
    ids=["large header", "many headers", "long address", "TLS", "header name", "length"],
)
def test_a_head_that_is_too_large_or_no_http_is_a_plain_400(impatient: Any, sent: bytes) -> None:
    assert answer(impatient, sent).startswith(b"HTTP/1.1 400 ")
