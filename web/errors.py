"""Problems → responses: by the surface that the request is for, else problem+json.

A surface, such as the pages, registers with `add_error_handlers` and answers the requests that are its own. The guards stand
above this file: they answer with `problem_response` too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match

from qa.api.problem import ProblemShape, WrongPlaceShape
from qa.base.errors import QaError
from qa.corpus.decode import clean
from web.problems import BY_STATUS, Problem, invalid, problem_of
from web.runtime.leaving import ClientLeft
from web.runtime.logs import route_of

log = logging.getLogger(__name__)

Surface = Callable[[Request, Problem], Response | None]  # None: the request is for another surface

_CLIENT_LEFT = 499  # for the log and the metrics, as nginx has it; nobody is there to read it
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_DETAILS = {
    400: "The body cannot be read.",
    404: "There is no page or resource at this address.",
    405: "{method} is not among the methods of this address.",
}


def problem_response(request: Request, problem: Problem) -> Response:
    """The response for a problem: by the first surface that has one, else problem+json."""
    request.state.problem = problem.type.name
    surfaces: Sequence[Surface] = request.app.state.surfaces
    responses = (surface(request, problem) for surface in surfaces)
    return next((response for response in responses if response is not None), None) or _problem_json(request, problem)


def _problem_json(request: Request, problem: Problem) -> JSONResponse:
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


def add_error_handlers(app: FastAPI, *, surfaces: Sequence[Surface]) -> None:
    """Turn every error that handlers and routing raise into a problem; the first surface that has a response for it answers."""
    app.state.surfaces = surfaces

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(request, error)

    async def on_qa_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, QaError)
        problem = problem_of(error)
        if problem.type.status == 503:  # whose response names no folders
            log.warning("request %s (%s): %s", request.state.request_id, route_of(request.scope), error)
        return problem_response(request, problem)

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
