"""uvicorn's connection, with a time limit on a request's head, and counted, which uvicorn itself does not do.

uvicorn answers a head that is no HTTP, or that is over 16 KiB while its end is missing: with 400 in plain text, and it closes
the connection.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from web.serving.connections import Connections


def connection_type(connections: Connections, *, head_seconds: float) -> type[asyncio.Protocol]:
    """The class of connections that close when the head of a request has not come in full after so many seconds."""

    class Connection(H11Protocol):
        _head_due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._stop_watching()
            connections.closed(self)

        def on_response_complete(self) -> None:
            super().on_response_complete()  # which may begin the next request
            self._count()

        @property
        def _is_busy(self) -> bool:
            return self.cycle is not None and not self.cycle.response_complete

        def _count(self) -> None:
            if self._is_busy:
                connections.busy(self)
            elif not self.transport.is_closing():
                connections.idle(self, self.transport.abort)

        def _watch(self) -> None:
            self._count()
            if self._is_busy:
                self._stop_watching()
            elif self._head_due is None and not self.transport.is_closing():
                self._head_due = self.loop.call_later(head_seconds, self.timeout_keep_alive_handler)

        def _stop_watching(self) -> None:
            if self._head_due is not None:
                self._head_due.cancel()
                self._head_due = None

    return Connection
