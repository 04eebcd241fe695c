"""A port and a service → a running server. A signal stops it once the running requests are finished.

What is not finished after `shutdown_timeout_seconds` is cut off. A second signal ends the process at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from qa.base.errors import ServerError
from qa.service.service import Service
from web.access.access import Access
from web.access.hosts import as_in_address, is_any
from web.app import create_app
from web.runtime.running import Running
from web.serving.connection import connection_type
from web.serving.connections import Connections, LimitedListener, most_connections

HOST = "127.0.0.1"
_NO_ADDRESS = "{!r} is no address of this machine. 0.0.0.0 stands for all of its addresses."
_BACKLOG = 512
_CUT_OFF_SECONDS = 2  # after which a thread that still works for a request that was cut off is not waited for
_KEEP_ALIVE_SECONDS = 30


def listen(host: str, port: int) -> socket.socket:
    """A socket on this address or name, ready for IP 4 or 6; port 0 takes any free one.

    Raises:
        ServerError: the host is not this machine, or the port is in use, or may not be used.
    """
    bound = _address_of(host)
    family = socket.AF_INET6 if ":" in bound else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; left on, it costs 40 ms an answer
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that a stopped server just left
        if family is socket.AF_INET6 and is_any(bound):
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # :: is every address, of IP 4 too
        listener.bind((bound, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ServerError(_why_not(error, host, port)) from error
    return listener


def _address_of(host: str) -> str:
    """The address that a name of this machine stands for; that of IP 4 where it has both kinds."""
    if host.lower() == "localhost":
        return HOST  # whatever the machine's list of names says
    try:
        addresses = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise ServerError(_NO_ADDRESS.format(host)) from error
    return str(min(addresses, key=lambda one: one[0] is not socket.AF_INET)[4][0])


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return _NO_ADDRESS.format(host)
    why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
    return f"Port {port} {why}. Choose another with --port, or any free one with --port 0."


def address(listener: socket.socket) -> str:
    """The URL of the server behind this socket, for a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if is_any(host):
        host = HOST if listener.family is socket.AF_INET else "::1"
    return f"http://{as_in_address(host)}:{port}"


def serve(
    service: Service,
    listener: socket.socket,
    access: Access,
    *,
    on_ready: Callable[[float], None],
    is_worker: bool = False,
    load_first: bool = False,
) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` is given the seconds that loading took.

    With `load_first` no connection is taken before it is loaded: others serve meanwhile. A second signal means nothing to a
    worker, which may get each one from the terminal or the system, and from its parent.

    Raises:
        QaError: the model or the index could not be loaded.
    """
    app = create_app(service, access)
    running: Running = app.state.running
    connections = Connections(most_connections())
    config = uvicorn.Config(
        app,
        loop="asyncio",  # another loop would not ask the listener
        http=connection_type(connections, head_seconds=service.settings.receive_timeout_seconds),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=access.tokens is not None and bool(service.settings.trusted_proxies),
        forwarded_allow_ips=",".join(service.settings.trusted_proxies),
        ws="none",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=service.settings.shutdown_timeout_seconds,
    )
    server = _Server(config, running, is_worker=is_worker)
    started = time.perf_counter()

    def loaded() -> None:
        if running.ready:
            on_ready(time.perf_counter() - started)
        else:
            server.should_exit = True

    running.on_loaded = loaded
    if load_first:
        asyncio.run(running.load())
    if running.failure is None:
        with _signals_end_quietly():
            server.run(sockets=[LimitedListener(listener, connections)])
    if running.failure is not None:
        raise running.failure


class _Server(uvicorn.Server):
    """uvicorn's server, which always ends in time, and sets `Running.stopping` before."""

    def __init__(self, config: uvicorn.Config, running: Running, *, is_worker: bool) -> None:
        super().__init__(config)
        self._running = running
        self._is_worker = is_worker

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self._running.stopping:
            self._running.stopping = True
            super().handle_exit(sig, frame)
        elif not self._is_worker:
            os._exit(128 + sig)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        grace = self.config.timeout_graceful_shutdown or 0
        ending = threading.Timer(grace + _CUT_OFF_SECONDS, os._exit, [0])  # Python itself would wait for every thread
        ending.daemon = True
        ending.start()
        await super().shutdown(sockets)


@contextlib.contextmanager
def _signals_end_quietly() -> Iterator[None]:
    """uvicorn raises the signal that stopped it once more at its end; by then all is done."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
