"""The guard that asks for a token, or for a session that was begun with one at /login; it sends browsers without one there.

What it finds is in the request's state: `admitted`, so that pages show what they are about, `logged_in`, and the `token`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from qa.base.scopes import Scope
from qa.service.state.tokens import Token
from web.access.access import Access, Tokens, insufficient, scope_needed
from web.access.browsers import SESSION_COOKIE, is_for_people, is_htmx
from web.errors import methods_taken, problem_response
from web.guards.base import Guard, at_start
from web.guards.rate import MinuteCount
from web.problems import Problem

CHALLENGE = {"WWW-Authenticate": "Bearer"}  # HTTP wants it with every 401
WRONG_TOKEN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class AccessGuard(Guard):
    """Refuses a token that is missing, wrong or revoked (all get the same answer), and one whose scope is too low.

    A client without a token that is known waits once it was refused too often in a minute. One with such a token never does:
    others may share its address.
    """

    def __init__(self, app: ASGIApp, *, access: Access, per_minute: int) -> None:
        super().__init__(app)
        self._tokens = access.tokens
        self._refused = MinuteCount(per_minute)

    async def handle(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if self._tokens is None:
            scope["state"]["admitted"] = True
            await self.app(scope, receive, send)
        elif (needed := scope_needed(scope["method"], scope["path"])) is None:
            await self.app(scope, receive, at_start(send, partial(self._count_wrong, scope)))
        else:
            refused = self._refusal(Request(scope), self._tokens, needed)
            await (refused or self.app)(scope, receive, send)

    def _count_wrong(self, scope: AsgiScope, start: Message) -> None:
        """A wrong token in the form at /login counts like any other."""
        if start["status"] == 401:
            self._refused.count(scope)

    def _refusal(self, request: Request, tokens: Tokens, needed: Scope) -> Response | None:
        headers = Headers(scope=request.scope)
        token = _holder(headers, tokens)
        if token is None and self._refused.is_full(request.scope):
            return problem_response(request, self._refused.problem(request.scope, "requests without a token that is known"))
        if token is None:
            self._refused.count(request.scope)
            return _unauthorized(request)
        request.scope["state"].update(admitted=True, logged_in="authorization" not in headers, token=token)
        if token.scope.covers(needed) or request.method not in methods_taken(request):  # the router answers that with 405
            return None
        return problem_response(request, insufficient(token, needed))


def _holder(headers: Headers, tokens: Tokens) -> Token | None:
    """Whose request it is. A header, even a wrong one, goes before the cookie."""
    given = headers.getlist("authorization")
    if given:
        scheme, _, secret = given[0].partition(" ")
        return tokens.of_secret(secret.strip()) if len(given) == 1 and scheme.lower() == "bearer" else None
    session = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE)
    return tokens.of_session(session) if session else None


def _unauthorized(request: Request) -> Response:
    if is_for_people(request) and not is_htmx(request):
        return RedirectResponse(_login_address(_place_of(request)), status_code=303)
    is_wrong = "authorization" in request.headers
    headers = WRONG_TOKEN if is_wrong else CHALLENGE
    if is_htmx(request):
        headers = {**headers, "HX-Redirect": _login_address(_page_of(request.headers))}
    detail = "This token is not known here: it is mistyped, or revoked." if is_wrong else "A token of this server is needed."
    return problem_response(request, Problem("unauthorized", detail, headers=headers))


def _login_address(then: str) -> str:
    return "/login" if then == "/" else f"/login?{urlencode({'next': then})}"


def _place_of(request: Request) -> str:
    """Where to go after the login: to the page that was asked for, unless the request was to change something."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    return urlunsplit(("", "", quote(request.url.path), request.url.query, ""))


def _page_of(headers: Mapping[str, str]) -> str:
    """The page that a script's request came from; /login takes no address of another site."""
    page = urlsplit(headers.get("hx-current-url", ""))
    return urlunsplit(("", "", page.path or "/", page.query, ""))
