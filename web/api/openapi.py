"""Completes the OpenAPI document: with examples, the problems of every route, limits of the settings, and security."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from qa.api.problem import ProblemShape
from qa.base.scopes import Scope
from qa.base.settings import Settings
from web.access.access import Access, scope_needed
from web.api import examples
from web.api.examples.problem import PLACES
from web.problems import BY_STATUS, PROBLEM_TYPES, ProblemType

Responses = dict[int | str, dict[str, Any]]

_DESCRIPTION = """\
Answers questions about articles with sentences quoted from them word for word. Each is cited, so that it can be checked
character by character. If the articles hold no answer, the API says so.

Errors are RFC 9457 problems. Every response has an `X-Request-Id`, except for the plain 400 to bytes that are not HTTP, or to
a head that exceeds 16 KiB before it ends. Unknown fields are refused; the routes under "OpenAI" accept them, and have errors
of OpenAI's shape. Strings may hold any Unicode. NUL and lone surrogates become U+FFFD, one for one, so that no offset moves.
"""
_REQUEST_ID = {
    "description": "The request's id: that of the request if it has 1 to 100 characters of A-Z a-z 0-9 . _ : -, else a new one.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: dict[str, Any] = {  # of a route that takes one
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A word of the client's choice, new for each request. A request that is sent again with it within 24 "
            "hours is not done again, and gets the first response.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 257, "pattern": '^("[!#-~]{1,255}"|[!#-~]{1,255})$'},
        }
    ]
}
_EVERYWHERE = (421, 431, 500)  # possible for any request
_WITH_TOKENS = (401, 403, 429)  # possible for any request that needs a token
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of `qa token create`. Requests from other machines need one. Each operation names the scope that it "
    "needs; admin includes write, and write includes read.",
}


def problems(*statuses: int) -> Responses:
    """The problem responses of a route, each with an example; those of every request are added."""
    return {status: _problem_response(status) for status in with_common(statuses)}


def with_common(statuses: Sequence[int]) -> list[int]:
    """The statuses, with those of any request; a body that may be too large may also stop coming (408)."""
    return sorted({*statuses, *((408,) if 413 in statuses else ()), *_EVERYWHERE})


def _problem_response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in PROBLEM_TYPES.values() if kind.status == status]
    return {
        "description": titles(kinds),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/ProblemShape"},
                "examples": {kind.name: {"value": _problem_example(kind)} for kind in kinds},
            }
        },
    }


def titles(kinds: Sequence[ProblemType]) -> str:
    return " · ".join(kind.title for kind in kinds)


def _problem_example(kind: ProblemType) -> dict[str, object]:
    return {
        "type": kind.address,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.advice,
        "instance": "/v1/answers",
        "request_id": "req_0f7c2a",
        "errors": PLACES if kind is BY_STATUS[422] else [],
    }


@dataclass(frozen=True, slots=True)
class SurfaceDescription:
    """How the routes of one surface are described.

    `problem` makes the response of a status that the route does not declare, `complete` completes the declared responses.
    `answers` are the examples of its answers, by operation id.
    """

    owns: Callable[[str], bool]
    problem: Callable[[int], dict[str, Any]]
    complete: Callable[[dict[str, Any]], None]
    answers: Mapping[str, Sequence[Mapping[str, object]]]


_API = SurfaceDescription(lambda _: True, _problem_response, lambda _: None, examples.ANSWERS)


def describe_api(app: FastAPI, settings: Settings, access: Access, *, surfaces: Sequence[SurfaceDescription] = ()) -> None:
    """Complete the document that FastAPI makes. Each route is described by the first surface that owns its path."""
    app.description = _DESCRIPTION
    made_by_fastapi = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(made_by_fastapi(), settings, access, (*surfaces, _API))
        return made_by_fastapi()

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI's documentation names


def _complete(document: dict[str, Any], settings: Settings, access: Access, surfaces: Sequence[SurfaceDescription]) -> None:
    schemas = document["components"]["schemas"]
    schemas["ProblemShape"] = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["ProblemShape"].pop("$defs"))
    for body in ("AskBody", "SearchBody"):
        schemas[body]["properties"]["question"]["maxLength"] = settings.max_question_characters
    document["components"]["headers"] = {"X-Request-Id": _REQUEST_ID}
    document["components"]["securitySchemes"] = {"bearer": _BEARER}
    for path, operations in document["paths"].items():
        surface = next(surface for surface in surfaces if surface.owns(path))
        for method, operation in operations.items():
            _add_security(operation, scope_needed(method.upper(), path), access, surface)
            surface.complete(operation["responses"])
            _add_examples(operation, surface)
            for response in operation["responses"].values():
                response.setdefault("headers", {})["X-Request-Id"] = {"$ref": "#/components/headers/X-Request-Id"}


def _add_security(operation: dict[str, Any], needed: Scope | None, access: Access, surface: SurfaceDescription) -> None:
    """The scope is a role of the bearer, as in OpenAPI 3.1. Where tokens are optional, access without one stands first."""
    if needed is None:
        operation["security"] = []
        return
    operation["security"] = [*([] if access.tokens else [{}]), {"bearer": [needed.value]}]
    for status in _WITH_TOKENS:
        operation["responses"].setdefault(str(status), surface.problem(status))


def _add_examples(operation: dict[str, Any], surface: SurfaceDescription) -> None:
    """The examples of an operation's answer. They are added last, because FastAPI drops null values."""
    succeeded = next(response for status, response in operation["responses"].items() if status in ("200", "202"))
    if "application/json" in succeeded["content"]:
        numbered = enumerate(surface.answers[operation["operationId"]], start=1)
        succeeded["content"]["application/json"]["examples"] = {
            f"example {number}": {"value": value} for number, value in numbered
        }
