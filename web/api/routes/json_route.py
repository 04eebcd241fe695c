"""A route whose body is JSON. Another type is 415; JSON that is too deep, or not UTF-8, is 422, never 500."""

from __future__ import annotations

import email.message
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from qa.base.errors import WrongPlace
from qa.corpus.formats.json_values import parse_json
from web.problems import Problem, as_sentence


class _JsonRequest(Request):
    async def json(self) -> Any:
        """The value of the body."""
        try:
            return parse_json((await self.body()).decode("utf-8-sig"))
        except ValueError as error:  # UnicodeDecodeError is one
            reason = "the body is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            detail = as_sentence(reason)
            raise Problem("invalid-request", detail, errors=(WrongPlace("#", "json_invalid", detail),)) from error


class JsonRoute(APIRoute):
    """A route that reads its body as `_JsonRequest`, which is how FastAPI lets a request be replaced."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def handle_json(request: Request) -> Response:
            if takes_body:
                require_json(request)
            return await handle(_JsonRequest(request.scope, request.receive))

        return handle_json


def require_json(request: Request) -> None:
    """A Problem unless the Content-Type says that the body is JSON."""
    given = request.headers.get("content-type", "")
    message = email.message.Message()
    message["content-type"] = given
    if message.get_content_type() != "application/json" or not given:
        shown = repr(given[:100]) if given else "missing"
        raise Problem("unsupported-media-type", f"The Content-Type is {shown}; expected application/json.")
