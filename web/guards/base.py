"""The parts of guards, in plain ASGI: a guard sees HTTP requests alone, and looks at a response when it starts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Guard(ABC):
    """Stands before an application and handles its HTTP requests; the events of its start and its stop pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.handle if scope["type"] == "http" else self.app)(scope, receive, send)

    @abstractmethod
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or have the application answer it."""


def at_start(send: Send, look: Callable[[Message], None]) -> Send:
    """The same, but `look` is shown the start of the response, with its status and headers, before that is sent."""

    async def send_looked_at(message: Message) -> None:
        if message["type"] == "http.response.start":
            look(message)
        await send(message)

    return send_looked_at


def with_fields(send: Send, fields: Mapping[str, str]) -> Send:
    """The same, with these headers on the response."""
    return at_start(send, lambda start: MutableHeaders(scope=start).update(fields))


def client_address(scope: Scope) -> str:
    """Where the request comes from; "" where that is not known."""
    return scope["client"][0] if scope.get("client") else ""
