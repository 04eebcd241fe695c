"""A request → whether a browser sent it, and under which name a browser keeps its session."""

from __future__ import annotations

from starlette.requests import Request

SESSION_COOKIE = "qa_session"
_FOR_PROGRAMS = ("/v1/", "/mcp", "/healthz", "/readyz", "/metrics", "/version", "/openapi.json")


def is_htmx(request: Request) -> bool:
    """Whether htmx asks, for a part of a page."""
    return "hx-request" in request.headers


def is_for_people(request: Request) -> bool:
    """Whether a browser shows the response: the address is a page's, and the client takes HTML."""
    for_programs = request.url.path.startswith(_FOR_PROGRAMS)
    return not for_programs and ("text/html" in request.headers.get("accept", "") or is_htmx(request))
