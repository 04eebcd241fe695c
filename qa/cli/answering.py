"""A question → its answer, or a search → its hits: by the server that runs on the same index, else by models loaded here.

A server has them loaded, so that it answers in a fraction of the time. It is used where it would answer the same.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from qa.base.errors import ClientError
from qa.base.settings import TOKEN_VARIABLE
from qa.cli.invocation import Invocation

if TYPE_CHECKING:
    from qa.api.client.sync import Client
    from qa.api.search import SearchShape
    from qa.base.types import Answer, Filters
    from qa.service.question import AnswerRequest

_SECONDS_TO_SHOW_ITSELF = 2.0


def answered(invocation: Invocation, request: AnswerRequest) -> Answer:
    """Raises the errors of `Service.answer`."""
    from qa.service.question import checked_request

    checked_request(request, invocation.settings)
    with _server(invocation) as client, _else_here(invocation):
        if client is not None:
            return client.ask(request.question, asked_at=request.asked_at, filters=request.filters)
    with invocation.service() as service:
        return service.answer(request)


def searched(
    invocation: Invocation, words: str, *, k: int, read: int | None, asked_at: datetime | None, filters: Filters
) -> tuple[SearchShape, bool]:
    """The hits, and whether the index has any articles. Raises the errors of `Service.search`."""
    from qa.api.search import search_shape
    from qa.service.question import checked_question

    checked_question(words, asked_at, filters, invocation.settings)
    with _server(invocation) as client, _else_here(invocation):
        if client is not None:
            found = client.search(words, k=k, read=read, asked_at=asked_at, filters=filters)
            return found, bool(found.hits) or client.described().articles > 0
    with invocation.service() as service:
        found = search_shape(service.search(words, k=k, read=read, asked_at=asked_at, filters=filters))
        return found, bool(found.hits) or service.counts().articles > 0


@contextlib.contextmanager
def _server(invocation: Invocation) -> Iterator[Client | None]:
    """The server that would answer the same; None without one, or where it asks for a token and none is given."""
    from qa.service.server_file import running_server

    settings = invocation.settings
    server = running_server(settings.index, settings)
    token = os.environ.get(TOKEN_VARIABLE) or None
    if server is None or (server.needs_token and token is None):
        yield None
        return
    from qa.api.client.sync import Client

    with Client(server.address, timeout_seconds=_SECONDS_TO_SHOW_ITSELF, retries=0) as stranger:
        is_it = _shows_itself(stranger, server.name)
    if not is_it:
        yield None
        return
    with Client(server.address, token=token if server.needs_token else None) as client:
        yield client


def _shows_itself(stranger: Client, name: str) -> bool:
    """Before a question or a token is sent: whether it is the server of the file, and not a later program on its port."""
    try:
        return stranger.health().server == name and stranger.ready()
    except ClientError:
        return False


@contextlib.contextmanager
def _else_here(invocation: Invocation) -> Iterator[None]:
    """What a server refuses or leaves unfinished is answered here."""
    try:
        yield
    except ClientError as error:
        invocation.screen.note(f"The running server did not answer, so the models are loaded here. {error}")
