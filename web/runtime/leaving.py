"""A client that leaves while its question waits gives up its place; once that is worked on, the work ends at its next stage."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from anyio import CancelScope, from_thread
from starlette.requests import Request

T = TypeVar("T")


class ClientLeft(Exception):
    """Nobody waits for the response any more."""


async def while_there(request: Request, asked: Awaitable[T]) -> T:
    """The outcome of what is asked for, for as long as the client, whose body has been read, waits for it.

    Raises:
        ClientLeft: it did not wait; a thread that was at work has ended, too.
    """
    with CancelScope() as scope:
        watching = asyncio.create_task(_cancel_once_left(request, scope))
        try:
            return await asked
        finally:
            watching.cancel()
    raise ClientLeft


async def _cancel_once_left(request: Request, scope: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def stop_if_left(stage: str, milliseconds: float) -> None:  # noqa: ARG001  # what every `on_stage` is given
    """The `on_stage` of work that ends when its scope is cancelled; called in the thread that works."""
    from_thread.check_cancelled()
