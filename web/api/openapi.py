"""The OpenAPI document: examples, the problems of every route, and what only the settings know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from qa.api.problem import ProblemShape
from qa.base.errors import WrongPlace
from qa.base.settings import Settings
from qa.service.state.tokens import Scope
from web.access.access import Access, scope_needed
from web.api import examples
from web.openai.errors import imitates_openai, openai_problem, openai_status
from web.openai.shapes import OpenAIProblemShape
from web.problems import BY_STATUS, PROBLEM_TYPES, Problem, ProblemType

Responses = dict[int | str, dict[str, Any]]

_DESCRIPTION = """\
Answers questions about articles with sentences quoted from them word for word, each cited so that it can be
checked character by character, or says honestly that they hold no answer.

Errors are RFC 9457 problems, and every response has an `X-Request-Id`, but for the plain 400 that answers what is no
HTTP, or a head that is over 16 KiB before its end has come. Unknown fields are refused; the routes under "OpenAI" accept
them, and have errors of OpenAI's shape. Strings may hold any Unicode; NUL and lone surrogates become U+FFFD, one for
one, so that no offset moves.
"""
_REQUEST_ID = {
    "description": "The request's id: the one it came with, if that has 1 to 100 of A-Z a-z 0-9 . _ : -, else a new one.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: dict[str, Any] = {  # of a route that takes one
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A word of the client's own, new for each request: sent again under it within 24 hours, the request "
            "is not done again, and answered as the first time.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 257, "pattern": '^("[!#-~]{1,255}"|[!#-~]{1,255})$'},
        }
    ]
}
_EVERYWHERE = (421, 431, 500)  # what any request can be answered with
_FASTAPIS_OWN = 422  # is added by FastAPI with schemas of its own unless a route states it
_WITH_TOKENS = (401, 403, 429)  # and any that needs a token, where tokens are asked for
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of `qa token create`, asked for beyond the machine itself. Each request names the scope that it "
    "needs; admin covers write, and write covers read.",
}


def problems(*statuses: int) -> Responses:
    """The problem responses of a route, each with an example, and those that it needs not say."""
    return {status: _problem_response(status) for status in _completed(statuses)}


def _completed(statuses: Sequence[int]) -> list[int]:
    """With those that any request can meet, and, where a body may be too large, that it may stop coming."""
    return sorted({*statuses, *((408,) if 413 in statuses else ()), *_EVERYWHERE})


def _problem_response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in PROBLEM_TYPES.values() if kind.status == status]
    return {
        "description": _titles(kinds),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/ProblemShape"},
                "examples": {kind.name: {"value": _problem_example(kind)} for kind in kinds},
            }
        },
    }


def _titles(kinds: Sequence[ProblemType]) -> str:
    return " · ".join(kind.title for kind in kinds)


def openai_problems(*statuses: int) -> Responses:
    """The same for a route that imitates OpenAI's API; `describe_api` completes them."""
    stated: Responses = {status: _openai_response(status) for status in _completed(statuses)}
    return {**stated, _FASTAPIS_OWN: {}}


def _openai_response(status: int) -> dict[str, Any]:
    return {"description": _titles(_openai_kinds(status)), "model": OpenAIProblemShape}


def _openai_kinds(status: int) -> list[ProblemType]:
    return [kind for kind in PROBLEM_TYPES.values() if openai_status(kind) == status]


def _complete_openai(responses: dict[str, Any]) -> None:
    """Put in the examples of errors, of which FastAPI would drop what is null."""
    del responses[str(_FASTAPIS_OWN)]
    for status in responses.keys() - {"200"}:
        examples_of_status = {kind.name: {"value": _openai_example(kind)} for kind in _openai_kinds(int(status))}
        responses[status]["content"]["application/json"]["examples"] = examples_of_status


def _openai_example(kind: ProblemType) -> dict[str, Any]:
    places = tuple(WrongPlace(**place) for place in examples.PLACES) if kind is BY_STATUS[422] else ()
    return openai_problem(Problem(kind.name, kind.advice, errors=places)).model_dump()


def _problem_example(kind: ProblemType) -> dict[str, object]:
    return {
        "type": kind.address,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.advice,
        "instance": "/v1/answers",
        "request_id": "req_0f7c2a",
        "errors": examples.PLACES if kind is BY_STATUS[422] else [],
    }


def describe_api(app: FastAPI, settings: Settings, access: Access) -> None:
    """Complete the document that FastAPI makes."""
    app.description = _DESCRIPTION
    made_by_fastapi = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(made_by_fastapi(), settings, access)
        return made_by_fastapi()

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI's documentation names


def _complete(document: dict[str, Any], settings: Settings, access: Access) -> None:
    schemas = document["components"]["schemas"]
    schemas["ProblemShape"] = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["ProblemShape"].pop("$defs"))
    for body in ("AskBody", "SearchBody"):
        schemas[body]["properties"]["question"]["maxLength"] = settings.max_question_characters
    document["components"]["headers"] = {"X-Request-Id": _REQUEST_ID}
    document["components"]["securitySchemes"] = {"bearer": _BEARER}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _say_who_may(path, operation, scope_needed(method.upper(), path), access)
            if imitates_openai(path):
                _complete_openai(operation["responses"])
            succeeded = next(response for status, response in operation["responses"].items() if status in ("200", "202"))
            if "application/json" in succeeded["content"]:
                succeeded["content"]["application/json"]["examples"] = _named(operation["operationId"])
            for response in operation["responses"].values():
                response.setdefault("headers", {})["X-Request-Id"] = {"$ref": "#/components/headers/X-Request-Id"}


def _say_who_may(path: str, operation: dict[str, Any], needed: Scope | None, access: Access) -> None:
    """The scope is a role of the bearer, as OpenAPI 3.1 has it; without a token first where none is asked for."""
    if needed is None:
        operation["security"] = []
        return
    operation["security"] = [*([] if access.tokens else [{}]), {"bearer": [needed.value]}]
    for status in _WITH_TOKENS:
        operation["responses"].setdefault(str(status), _stated_later(path, status))


def _stated_later(path: str, status: int) -> dict[str, Any]:
    """The problem response of a route that FastAPI has described already."""
    if not imitates_openai(path):
        return _problem_response(status)
    schema = {"$ref": f"#/components/schemas/{OpenAIProblemShape.__name__}"}
    return {"description": _titles(_openai_kinds(status)), "content": {"application/json": {"schema": schema}}}


def _named(operation: str) -> dict[str, object]:
    """The examples of an operation's answer. They are put in last, since FastAPI drops what is null."""
    return {f"example {number}": {"value": value} for number, value in enumerate(examples.ANSWERS[operation], start=1)}
