"""/login and /logout: a browser's token becomes a session, kept in a cookie that scripts and other sites cannot use."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from web.access.access import SESSION_SECONDS, begin_session
from web.access.browsers import SESSION_COOKIE
from web.guards.access import WRONG_TOKEN
from web.pages.dependencies import PagesDep
from web.runtime.dependencies import AccessDep

router = APIRouter(include_in_schema=False)


# A path of this server. Browsers take a backslash for a slash, and // for another site; tabs and line ends they leave out.
_LOCAL = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")


def _local(address: str) -> str:
    return address if _LOCAL.fullmatch(address) else "/"


@router.get("/login")
def login_form(request: Request, access: AccessDep, pages: PagesDep, next: str = "/") -> Response:
    """The form; where no token is asked for, the page that was wanted."""
    if access.tokens is None:
        return RedirectResponse(_local(next), status_code=303)
    return pages.plain(request, "login.html", then=_local(next), is_wrong=False)


@router.post("/login")
def log_in(
    request: Request, access: AccessDep, pages: PagesDep, token: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
) -> Response:
    """Begin a session and go on to a page of this server; with a wrong token the form again."""
    if access.tokens is None:
        return RedirectResponse(_local(next), status_code=303)
    holder = access.tokens.of_secret(token.strip())
    if holder is None:
        page = pages.plain(request, "login.html", status=401, then=_local(next), is_wrong=True)
        page.headers.update(WRONG_TOKEN)
        return page
    return _with_session(request, RedirectResponse(_local(next), status_code=303), begin_session(holder), SESSION_SECONDS)


@router.post("/logout")
def log_out(request: Request) -> Response:
    """End the session in this browser."""
    return _with_session(request, RedirectResponse("/login", status_code=303), "", 0)


def _with_session(request: Request, response: Response, session: str, seconds: int) -> Response:
    is_secure = request.url.scheme == "https"
    response.set_cookie(SESSION_COOKIE, session, max_age=seconds, path="/", secure=is_secure, httponly=True, samesite="strict")
    return response
