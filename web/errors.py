"""Problems → responses: problem+json for programs, pages for people, errors of its own shape for clients of OpenAI's API."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match

from qa.api.http_shapes import ProblemShape, WrongPlaceShape
from qa.base.errors import QaError
from qa.corpus.decode import clean
from web.guards.observer import route_of
from web.openai.errors import imitates_openai, openai_problem, openai_status
from web.pages.render import Pages
from web.problems import BY_STATUS, Problem, invalid, problem_of
from web.runtime.leaving import ClientLeft

log = logging.getLogger(__name__)

_CLIENT_LEFT = 499  # for the log and the metrics, as nginx has it; nobody is there to read it
_FOR_PROGRAMS = ("/v1/", "/mcp", "/healthz", "/readyz", "/metrics", "/version", "/openapi.json")
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_DETAILS = {
    400: "The body cannot be read.",
    404: "No page and no resource has this address.",
    405: "{method} is not among the methods of this address.",
}


def problem_response(request: Request, problem: Problem) -> Response:
    """The response for a problem, in the form that the client reads."""
    request.state.problem = problem.type.name
    if is_for_people(request):
        pages: Pages = request.app.state.pages
        return pages.problem(request, problem)
    if imitates_openai(request.url.path):
        return JSONResponse(
            openai_problem(problem).model_dump(), status_code=openai_status(problem.type), headers=problem.headers
        )
    return JSONResponse(
        problem_shape(request, problem).model_dump(),
        status_code=problem.type.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def problem_shape(request: Request, problem: Problem) -> ProblemShape:
    """The problem as programs read it."""
    return ProblemShape(
        type=problem.type.address,
        title=problem.type.title,
        status=problem.type.status,
        detail=clean(problem.detail),
        instance=request.url.path,
        request_id=request.state.request_id,
        errors=[
            WrongPlaceShape(pointer=clean(place.pointer), code=place.code, detail=clean(place.detail)) for place in problem.errors
        ],
    )


def defect(request: Request, error: BaseException) -> Problem:
    """The problem that names the request and nothing else; the log has the error."""
    request_id = request.state.request_id
    log.error("request %s (%s) failed", request_id, route_of(request.scope), exc_info=error)
    return Problem("internal", f"The log of the server says more about request {request_id}.")


def as_problem(request: Request, error: BaseException) -> Problem:
    """The problem that any error is; a defect is logged."""
    return problem_of(error) if isinstance(error, QaError | Problem) else defect(request, error)


def is_for_people(request: Request) -> bool:
    """Whether a browser shows the response: the address is a page's, and the client takes HTML."""
    for_programs = request.url.path.startswith(_FOR_PROGRAMS)
    return not for_programs and ("text/html" in request.headers.get("accept", "") or "hx-request" in request.headers)


def add_error_handlers(app: FastAPI) -> None:
    """Make problems of all that handlers and routing raise."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(request, error)

    async def on_qa_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, QaError)
        return problem_response(request, problem_of(error))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem_response(request, _http_problem(request, error))

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(request, invalid(error.errors()))

    async def on_left(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return Response(status_code=_CLIENT_LEFT)

    app.add_exception_handler(ClientLeft, on_left)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(QaError, on_qa_error)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)


def _http_problem(request: Request, error: HTTPException) -> Problem:
    kind = BY_STATUS.get(error.status_code, BY_STATUS[422])
    detail = _DETAILS.get(error.status_code, str(error.detail)).format(method=request.method)
    headers = {"Allow": ", ".join(methods_taken(request))} if error.status_code == 405 else error.headers
    return Problem(kind.name, detail, headers=headers)


def methods_taken(request: Request) -> list[str]:
    """What the routes of this address take together; the router names those of the first alone."""
    return [method for method in _METHODS if any(_takes(route, request, method) for route in request.app.routes)]


def _takes(route: BaseRoute, request: Request, method: str) -> bool:
    return route.matches({**request.scope, "method": method})[0] is Match.FULL
