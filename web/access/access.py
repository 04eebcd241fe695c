"""Who may do what: which tokens the server asks for, under which names it is reached, and the scope that a request needs."""

from __future__ import annotations

import hmac
import logging
import os
import re
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fastapi import Request

from qa.base.errors import ServerError, TokenError
from qa.base.scopes import Scope
from qa.base.settings import Settings
from qa.service.state.tokens import Token, TokenFile, chosen_token_file, digest_of
from web.access.hosts import TO_THIS_MACHINE, AllowedHosts, allowed_hosts, is_loopback
from web.problems import Problem

log = logging.getLogger(__name__)

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
SESSION_SECONDS = 30 * 24 * 60 * 60
_OPEN = re.compile("/healthz|/readyz|/login|/problems/.*|/static/.*", re.DOTALL)
# Of the methods that change something: whoever may ask may keep answers and conversations, and judge answers. What stands in
# neither line needs admin.
_CHANGED_BY_READERS = re.compile(
    "/v1/(?:answers|search|explain|conversations|chat/completions|jobs)(?:/.*)?|/mcp|/ask|/(?:answers|c)/.*|/logout", re.DOTALL
)
_SEEN_BY_ADMINS = re.compile("/v1/index/snapshots(?:/.*)?", re.DOTALL)
_CHANGED_BY_WRITERS = re.compile("/v1/(?:articles|uploads|fetch)(?:/.*)?|/add(?:/.*)?|/library/.*", re.DOTALL)


def scope_needed(method: str, path: str) -> Scope | None:
    """The scope that a request needs where tokens are asked for; None: anybody may send it."""
    if _OPEN.fullmatch(path):
        return None
    if _SEEN_BY_ADMINS.fullmatch(path):
        return Scope.ADMIN
    if method not in CHANGING or _CHANGED_BY_READERS.fullmatch(path):
        return Scope.READ
    return Scope.WRITE if _CHANGED_BY_WRITERS.fullmatch(path) else Scope.ADMIN


class Tokens:
    """The tokens of a file as it is now: it is read again whenever it has changed. Without a usable file there are none."""

    def __init__(self, file: TokenFile) -> None:
        self._file = file
        self._read_at: tuple[int, ...] | None = None
        self._tokens: Sequence[Token] = ()

    def all(self) -> Sequence[Token]:
        """The tokens that are valid now."""
        stamp = _stamp(self._file.path)
        if stamp != self._read_at:
            self._read_at = stamp
            self._tokens = self._read()
        return self._tokens

    def of_secret(self, secret: str) -> Token | None:
        """The token with this secret."""
        return self._of(digest_of(secret), lambda token: token.sha256)

    def of_session(self, session: str) -> Token | None:
        """The token that a session was begun with, unless the token is revoked or the session has expired."""
        expires = session.split(".")[1] if session.count(".") == 2 else ""
        if not (expires.isascii() and expires.isdecimal()) or len(expires) > 12 or int(expires) <= time.time():
            return None
        return self._of(session, lambda token: _session(token, int(expires)))

    def _of(self, given: str, shown_by: Callable[[Token], str]) -> Token | None:
        """The token whose holder shows this. Each is compared, whether or not an earlier one fits, in constant time."""
        fitting = [token for token in self.all() if hmac.compare_digest(shown_by(token).encode(), given.encode())]
        return fitting[0] if fitting else None

    def _read(self) -> Sequence[Token]:
        try:
            return self._file.tokens()
        except TokenError as error:
            log.error("nobody is let in: %s", error)
            return ()


def begin_session(token: Token) -> str:
    """What a browser keeps in the place of the token. It is signed with what the file keeps of the token, so that every
    worker knows it, also after a restart, and none does once the token is revoked."""
    return _session(token, int(time.time()) + SESSION_SECONDS)


def _session(token: Token, expires: int) -> str:
    payload = f"{token.id}.{expires}"
    signature = hmac.new(bytes.fromhex(token.sha256), f"qa session {payload}".encode(), sha256)
    return f"{payload}.{signature.hexdigest()}"


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return (0,)
    return stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_mode


@dataclass(frozen=True, slots=True)
class Access:
    """How the server may be reached: its host names, and the tokens that it accepts. None: it asks for no token."""

    hosts: AllowedHosts = TO_THIS_MACHINE
    tokens: Tokens | None = None


def insufficient(token: Token, needed: Scope) -> Problem:
    """The problem of a token whose scope is too low."""
    return Problem(
        "insufficient-scope",
        f"The token {token.name!r} has the scope {token.scope}; this needs {needed}.",
        headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
    )


def require_scope(request: Request, needed: Scope) -> None:
    """For a route whose scope depends on more than its address. Raises a Problem where the request's token has a lower scope."""
    token: Token | None = getattr(request.state, "token", None)
    if token is not None and not token.scope.covers(needed):
        raise insufficient(token, needed)


def access_for(host: str, settings: Settings, *, token_file: Path | None) -> Access:
    """The access to a server on this host: with tokens where more than this machine can reach it, and where a file is named.

    Raises:
        ServerError: tokens are needed, and there is none yet.
        TokenError: the file cannot be used.
    """
    hosts = allowed_hosts(host, settings.allowed_hosts)
    beyond = [name for name in (host, *settings.allowed_hosts) if not is_loopback(name)]
    if not beyond and token_file is None:
        return Access(hosts)
    file = chosen_token_file(settings, token_file)
    if not file.tokens():
        reached = f"Whoever reaches {beyond[0]} would reach this server" if beyond else "Tokens are asked for"
        raise ServerError(
            f"{reached}, and {file.path} holds no token to let anybody in by. Make one first:\n"
            f"  qa token create --scope admin --token-file {shlex.quote(str(file.path))}"
        )
    return Access(hosts, Tokens(file))
