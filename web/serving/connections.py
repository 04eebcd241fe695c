"""The open connections of a process, of which it takes as many as its file handles allow: beyond, the oldest idle one is closed.

Without a limit asyncio itself meets the end of the handles. It then logs hundreds of errors a second, and starts hundreds of
tries to go on (3.11, `_accept_connection`).
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import selectors
import socket
import sys
import time
from collections.abc import Callable
from typing import NoReturn

log = logging.getLogger(__name__)

_Waiting: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)  # takes no handle itself

_MOST = 10_000
_FEWEST = 16
_OTHER_HANDLES = 64  # at least so many are left to the index, to files and to jobs …
_OTHER_SHARE = 0.25  # … and this share of all of them
_NO_HANDLES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_LOG_SECONDS = 1.0


def most_connections() -> int:
    """How many connections this process can have open, by its limit of file handles."""
    if sys.platform == "win32":
        return 256  # asyncio's select takes 512 sockets there
    import resource

    handles = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if handles == resource.RLIM_INFINITY:
        return _MOST
    return max(_FEWEST, min(_MOST, handles - max(_OTHER_HANDLES, int(handles * _OTHER_SHARE))))


class Connections:
    """Counts connections from `taken` to `closed`. Those that wait for a request are idle."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._idle: dict[object, Callable[[], None]] = {}  # and how to close each, the one that is idle longest first

    @property
    def is_full(self) -> bool:
        return self._count >= self._most

    def taken(self) -> None:
        self._count += 1

    def closed(self, connection: object) -> None:
        self._count -= 1
        self._idle.pop(connection, None)

    def idle(self, connection: object, close: Callable[[], None]) -> None:
        """It waits for a request, and has done so since the first such call."""
        self._idle.setdefault(connection, close)

    def busy(self, connection: object) -> None:
        self._idle.pop(connection, None)

    def close_oldest(self) -> bool:
        """Close the one that is idle longest; whether there was one. It counts until it is closed, soon after."""
        oldest = next(iter(self._idle), None)
        if oldest is None:
            return False
        self._idle.pop(oldest)()
        return True


class LimitedListener(socket.socket):
    """A listening socket that takes a connection only where there is room for it.

    Where every connection is busy, or no handle is left, a new one is closed: its client sees at once that it has to wait.
    """

    def __init__(self, listener: socket.socket, connections: Connections) -> None:
        """The socket of `listener`, which is not to be used any more."""
        super().__init__(listener.family, listener.type, listener.proto, fileno=listener.detach())
        self._connections = connections
        self._spare = _Spare()
        self._logged_at = -_LOG_SECONDS

    def accept(self) -> tuple[socket.socket, object]:
        """The next connection. BlockingIOError where none is taken now, upon which asyncio asks again."""
        if self._connections.is_full and not self._is_waited_for():
            raise BlockingIOError(errno.EAGAIN, "nobody waits")  # asyncio asks until there is none: no reason to make room
        if self._connections.is_full and self._connections.close_oldest():
            raise BlockingIOError(errno.EAGAIN, "room is being made")
        if self._connections.is_full:
            self._refuse("as many as the limit of file handles allows are busy")
        try:
            taken = super().accept()
        except OSError as error:
            if error.errno not in _NO_HANDLES:
                raise
            self._connections.close_oldest()
            self._refuse(str(error.strerror).lower())
        self._connections.taken()
        return taken

    def _is_waited_for(self) -> bool:
        """Whether a client waits to be taken."""
        with _Waiting() as waiting:
            waiting.register(self, selectors.EVENT_READ)
            return bool(waiting.select(0))

    def close(self) -> None:
        super().close()
        self._spare.free()

    def _refuse(self, why: str) -> NoReturn:
        """Take the next connection and close it: one that was not taken would be reported again and again."""
        if time.monotonic() - self._logged_at >= _LOG_SECONDS:
            self._logged_at = time.monotonic()
            log.warning("New connections are closed: %s.", why)
        self._spare.free()
        try:
            super().accept()[0].close()
        finally:
            self._spare.take()
        raise BlockingIOError(errno.EAGAIN, why)


class _Spare:
    """A file handle that is kept for when no other is left."""

    def __init__(self) -> None:
        self._handle: int | None = None
        self.take()

    def take(self) -> None:
        with contextlib.suppress(OSError):  # somebody else needed it
            self._handle = os.open(os.devnull, os.O_RDONLY)

    def free(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
