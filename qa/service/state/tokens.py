"""The file of access tokens: each one's name, scope and SHA-256, never the token itself.

Anyone who can read the file can forge sessions of its tokens, so only its owner and group may.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.base.errors import TokenError
from qa.base.scopes import Scope
from qa.base.settings import Settings
from qa.index.layout import LOCK_SUFFIX, NEW_SUFFIX, TOKEN_FILE

LONGEST_NAME = 100  # characters
_WAIT_SECONDS = 10.0  # for another process that writes
_OTHERS = stat.S_IRWXO


class Token(BaseModel):
    """A stored token; `sha256` is that of the token's bytes, in hexadecimal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^tok_[0-9a-f]{16}$")]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    scope: Scope
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    created_at: str


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    tokens: tuple[Token, ...] = ()


def digest_of(secret: str) -> str:
    """The stored hash of a token. A token has 256 random bits, so a slow hash is unnecessary."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def chosen_token_file(settings: Settings, chosen: Path | None) -> TokenFile:
    """The chosen file, else the one in the index folder."""
    return TokenFile(chosen or settings.index / TOKEN_FILE)


class TokenFile:
    """The tokens in one file, which the first token creates. Every change replaces the whole file.

    Every method raises TokenError if the file cannot be used; the message says why.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the file, in the order of creation; none without a file."""
        try:
            with self.path.open("rb") as file:
                self._check_mode(os.fstat(file.fileno()).st_mode)
                return _Kept.model_validate_json(file.read()).tokens
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise TokenError(f"The token file {self.path} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "its beginning"
            raise TokenError(
                f"The token file {self.path} is not as `qa token create` writes it: {first['msg']} (at {place}). "
                "Mend it, or move it away and make new tokens."
            ) from error

    def create(self, scope: Scope, *, name: str | None = None) -> tuple[Token, str]:
        """(a new token, its secret). The id is the default name. The secret is not stored."""
        secret = f"qa_{secrets.token_urlsafe(32)}"
        id_ = f"tok_{secrets.token_hex(8)}"
        created_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = Token(id=id_, name=name or id_, scope=scope, sha256=digest_of(secret), created_at=created_at)
        with self._lock():
            existing = self.tokens()
            if any(name in (token.name, token.id) for token in existing):
                raise TokenError(f"{self.path} has a token {name!r} already. Choose another name, or revoke that one.")
            self._write([*existing, made])
        return made, secret

    def revoke(self, name_or_id: str) -> Token:
        """Delete the token with this name or id. It and its sessions end at once."""
        self._named(name_or_id)  # before a lock is made where there is no file
        with self._lock():
            revoked = self._named(name_or_id)
            self._write([token for token in self.tokens() if token.id != revoked.id])
        return revoked

    def _named(self, name_or_id: str) -> Token:
        named = next((token for token in self.tokens() if name_or_id in (token.name, token.id)), None)
        if named is None:
            raise TokenError(f"{self.path} has no token {name_or_id!r}. `qa token list` shows those it has.")
        return named

    def _check_mode(self, mode: int) -> None:
        if os.name == "posix" and mode & _OTHERS:
            raise TokenError(
                f"The token file {self.path} is open to every user of this machine (mode {stat.S_IMODE(mode):o}). "
                f"Close it with `chmod 600 {self.path}`; whoever should not have read it may have: make new tokens then."
            )

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process write at a time; create the folder if necessary."""
        with self._writable():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path.with_name(self.path.name + LOCK_SUFFIX))
            try:
                lock.acquire(timeout=_WAIT_SECONDS)
            except Timeout as error:
                raise TokenError(f"{self.path} is being changed by another process. Try again.") from error
            try:
                yield
            finally:
                lock.release()

    @contextlib.contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TokenError(f"The token file {self.path} cannot be written: {error.strerror}.") from error

    def _write(self, tokens: Sequence[Token]) -> None:
        text = _Kept(tokens=tuple(tokens)).model_dump_json(indent=2) + "\n"
        beside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}{NEW_SUFFIX}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)
