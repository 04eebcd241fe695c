"""The OpenAPI of the routes that imitate OpenAI's API: their errors and the examples of their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.base.errors import WrongPlace
from web.api.examples.problem import PLACES
from web.api.openapi import Responses, SurfaceDescription, titles, with_common
from web.openai import examples
from web.openai.errors import imitates_openai, openai_problem, openai_status
from web.openai.shapes import OpenAIProblemShape
from web.problems import BY_STATUS, PROBLEM_TYPES, Problem, ProblemType

_FASTAPIS_OWN = 422  # FastAPI adds it with schemas of its own unless a route declares it


def openai_problems(*statuses: int) -> Responses:
    """The problem responses of a route; `OPENAI` completes them."""
    declared: Responses = {
        status: {"description": titles(_kinds(status)), "model": OpenAIProblemShape} for status in with_common(statuses)
    }
    return {**declared, _FASTAPIS_OWN: {}}


def _kinds(status: int) -> Sequence[ProblemType]:
    return [kind for kind in PROBLEM_TYPES.values() if openai_status(kind) == status]


def _problem_response(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{OpenAIProblemShape.__name__}"}
    return {"description": titles(_kinds(status)), "content": {"application/json": {"schema": schema}}}


def _complete(responses: dict[str, Any]) -> None:
    """Add the examples of errors. They are added last, because FastAPI drops null values."""
    del responses[str(_FASTAPIS_OWN)]
    for status in responses.keys() - {"200"}:
        by_kind = {kind.name: {"value": _example(kind)} for kind in _kinds(int(status))}
        responses[status]["content"]["application/json"]["examples"] = by_kind


def _example(kind: ProblemType) -> dict[str, Any]:
    places = tuple(WrongPlace(**place) for place in PLACES) if kind is BY_STATUS[422] else ()
    return openai_problem(Problem(kind.name, kind.advice, errors=places)).model_dump()


OPENAI = SurfaceDescription(imitates_openai, _problem_response, _complete, examples.ANSWERS)
