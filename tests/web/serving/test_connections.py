"""As many connections as there are file handles for: the oldest idle one makes room for a new one."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from web.serving.connection import connection_type
from web.serving.connections import Connections, LimitedListener, most_connections

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"


class _Served:
    """A small application behind a limited listener; what is asked for at /slow waits until `go_on` is set."""

    def __init__(self, most: int) -> None:
        plain = socket.create_server(("127.0.0.1", 0))
        self.address = plain.getsockname()
        connections = Connections(most)
        self.listener = LimitedListener(plain, connections)
        http = connection_type(connections, head_seconds=30)
        config = uvicorn.Config(self._answer, loop="asyncio", http=http, interface="asgi3", lifespan="off", log_config=None)
        self.server = uvicorn.Server(config)
        self.go_on = threading.Event()
        self.asked = 0
        self.opened: list[socket.socket] = []

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        self.asked += 1
        while scope["path"] == "/slow" and not self.go_on.is_set():
            await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    def connect(self, sent: bytes = b"") -> socket.socket:
        self.opened.append(socket.create_connection(self.address, timeout=20))
        self.opened[-1].sendall(sent)
        return self.opened[-1]


@contextmanager
def _serving(most: int) -> Iterator[_Served]:
    served = _Served(most)
    thread = threading.Thread(target=served.server.run, kwargs={"sockets": [served.listener]})
    thread.start()
    try:
        yield served
    finally:
        served.go_on.set()
        for connection in served.opened:
            connection.close()
        served.server.should_exit = True
        thread.join()


def _is_answered(connection: socket.socket) -> bool:
    """Whether a whole response comes, and not the end of the connection."""
    said = b""
    try:
        while not said.endswith(b"\r\n\r\nok"):
            new = connection.recv(1_000)
            if not new:
                return False
            said += new
    except ConnectionResetError:
        return False
    return True


def test_no_connection_is_closed_while_nobody_waits_for_its_place() -> None:
    closed: list[str] = []
    connections = Connections(1)
    with socket.create_server(("127.0.0.1", 0)) as plain:
        address = plain.getsockname()
        with LimitedListener(plain, connections) as listener, socket.create_connection(address):
            taken, _ = listener.accept()
            connections.idle(taken, lambda: closed.append("the idle one"))
            with taken, pytest.raises(BlockingIOError, match="nobody waits"):
                listener.accept()
            assert closed == []
            with socket.create_connection(address), pytest.raises(BlockingIOError, match="room is being made"):
                listener.accept()
            assert closed == ["the idle one"]


def test_the_connection_that_is_idle_longest_makes_room_for_a_new_one() -> None:
    with _serving(3) as served:
        kept = [served.connect(GET) for _ in range(3)]
        assert [_is_answered(connection) for connection in kept] == [True, True, True]
        kept[0].sendall(GET)
        assert _is_answered(kept[0])  # now it is idle for the shortest time
        new = served.connect(GET)
        assert _is_answered(new)
        assert kept[1].recv(1) == b""
        kept[0].sendall(GET)
        assert _is_answered(kept[0])


def test_clients_that_connect_and_say_nothing_keep_nobody_out() -> None:
    with _serving(3) as served:
        for _ in range(30):
            served.connect()
        assert _is_answered(served.connect(GET))


def test_where_all_are_busy_a_new_connection_is_closed_and_that_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), _serving(2) as served:
        busy = [served.connect(SLOW) for _ in range(2)]
        while served.asked < len(busy):
            time.sleep(0.01)
        refused = [served.connect(GET) for _ in range(20)]
        assert not any(_is_answered(connection) for connection in refused)
        served.go_on.set()
        assert [_is_answered(connection) for connection in busy] == [True, True]
    told = [record.getMessage() for record in caplog.records]
    assert told == ["New connections are closed: as many as the limit of file handles allows are busy."]


def test_without_a_handle_a_connection_is_closed_by_the_one_that_is_kept_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = LimitedListener(socket.create_server(("127.0.0.1", 0)), Connections(9))
    accept, tries = socket.socket.accept, iter([True, False])

    def exhausted(self: socket.socket) -> tuple[socket.socket, object]:
        if next(tries):
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", exhausted)
    with socket.create_connection(listener.getsockname(), timeout=20) as client:
        with pytest.raises(BlockingIOError):
            listener.accept()
        assert client.recv(1) == b""
    listener.close()


def test_the_limit_leaves_handles_to_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    found = {}
    for handles in (20, 200, 1024, 1_048_576, resource.RLIM_INFINITY):
        monkeypatch.setattr(resource, "getrlimit", lambda _, handles=handles: (handles, handles))
        found[handles] = most_connections()
    assert list(found.values()) == [16, 136, 768, 10_000, 10_000]
