"""A problem → an error of OpenAI's API, for the addresses that imitate it."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse

from qa.corpus.decode import clean
from web.openai.shapes import OpenAIErrorShape, OpenAIErrorType, OpenAIProblemShape
from web.problems import Problem, ProblemType

_IMITATED = re.compile(r"/v1/(?:chat/.*|models(?:/.*)?)", re.DOTALL)
_POINTER = re.compile(r"#/|[?{}]")
_INDEX = re.compile(r"\.(\d+)(?=\.|$)")


def imitates_openai(path: str) -> bool:
    """Whether clients of OpenAI's API speak to this address."""
    return _IMITATED.fullmatch(path) is not None


def openai_status(kind: ProblemType) -> int:
    """The HTTP status. OpenAI's API has 400 for an invalid request, instead of 422."""
    return 400 if kind.status == 422 else kind.status


def openai_response(request: Request, problem: Problem) -> JSONResponse | None:
    """The response for a problem at an address that imitates OpenAI's API; None at the others."""
    if not imitates_openai(request.url.path):
        return None
    return JSONResponse(openai_problem(problem).model_dump(), status_code=openai_status(problem.type), headers=problem.headers)


def openai_problem(problem: Problem) -> OpenAIProblemShape:
    """The error object. It names the first of several wrong places."""
    message, param, code = problem.detail, None, problem.type.name.replace("-", "_")
    if problem.errors:
        place, *others = problem.errors
        param, code = _param(place.pointer), place.code
        more = f" ({len(others)} more places are wrong)" if others else ""
        message = f"{param}: {place.detail}{more}" if param else place.detail
    return OpenAIProblemShape(
        error=OpenAIErrorShape(message=clean(message), type=_error_type(openai_status(problem.type)), param=param, code=code)
    )


def _error_type(status: int) -> OpenAIErrorType:
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"


def _param(pointer: str) -> str | None:
    """`#/messages/0/content` → `messages[0].content`; None for the body as a whole."""
    if pointer == "#":
        return None
    dotted = _POINTER.sub("", pointer).replace("/", ".")
    return clean(_INDEX.sub(r"[\1]", dotted).replace("~1", "/").replace("~0", "~"))
