"""A Milvus server: calls with a timeout, repeated while it cannot be reached, and its errors in qa's words. Home of pymilvus.

pymilvus takes a second to import, so only what uses a server imports this module.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from qa.base.errors import EngineError, EngineUnreachable, ExtraMissing
from qa.base.settings import ENGINE_TOKEN_VARIABLE

try:
    import grpc
    from pymilvus import CollectionSchema, DataType, Function, FunctionType, MilvusClient, MilvusException
except ImportError as error:
    raise ExtraMissing("The engine milvus", "milvus") from error

__all__ = ["CollectionSchema", "DataType", "Function", "FunctionType", "MilvusClient", "MilvusPlace", "MilvusServer"]

Outcome = TypeVar("Outcome")

OLDEST = (2, 5)  # the first with BM25: those before accept its function and ignore it
_OLDEST_LITE = (3, 0)
_LITE = "milvus_lite-"
_VERSION = re.compile(r"(\d+)\.(\d+)")
_CONNECT_FAILED = 2  # pymilvus' code
_NOT_LOADED = 101  # Milvus' code
_NO_ACCESS = 1800  # the first of Milvus' codes of refused names and tokens …
_LAST_NO_ACCESS = 1899  # … and the last
_GONE_CODES = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
_REFUSED_CODES = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_PAUSE_SECONDS = 0.2  # before a call is repeated, twice as long before the next

logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs each error with its trace, which qa tells in a sentence


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Which collection of which server, and how it is called."""

    uri: str
    collection: str
    token: str = ""
    consistency: str = "strong"
    timeout_seconds: float = 10.0
    retries: int = 2

    def __str__(self) -> str:
        return f"Milvus at {self.uri}"


class CollectionNotLoaded(EngineError):
    """The server has the collection on its disk alone, as after a start."""


class MilvusServer:
    """Connects at the first call, and again after each failure. Threads may share it."""

    def __init__(self, place: MilvusPlace) -> None:
        self.place = place
        self._client: MilvusClient | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(MilvusException, grpc.RpcError, ValueError):  # it may be closed already
                client.close()

    def call(self, work: Callable[[MilvusClient, float], Outcome]) -> Outcome:
        """What the work makes of the client and the timeout in seconds.

        Raises:
            EngineUnreachable: it does not answer, however often it is asked.
            EngineError: it refuses the call or the token, or its version is too old.
        """
        pause = _PAUSE_SECONDS
        for remaining in reversed(range(self.place.retries + 1)):
            try:
                return work(self._connected(), self.place.timeout_seconds)
            except (MilvusException, grpc.RpcError) as error:
                if getattr(error, "code", None) == _NOT_LOADED:
                    raise CollectionNotLoaded(self._refusal(error)) from error
                if not _is_unreachable(error):
                    raise EngineError(self._refusal(error)) from error
                with self._lock:
                    self._close()
                if not remaining:
                    raise EngineUnreachable(
                        f"{self.place} does not answer: {_said(error)}. Start it, or check the setting uri."
                    ) from error
            time.sleep(pause)
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _connected(self) -> MilvusClient:
        with self._lock:
            if self._client is None:
                place = self.place
                client = MilvusClient(uri=place.uri, token=place.token, timeout=place.timeout_seconds, dedicated=True)
                self._check_version(str(client.get_server_version(timeout=place.timeout_seconds)))
                self._client = client
            return self._client

    def _check_version(self, version: str) -> None:
        found = _VERSION.search(version)
        numbers = (int(found[1]), int(found[2])) if found else (0, 0)
        is_lite = version.startswith(_LITE)
        if numbers < (_OLDEST_LITE if is_lite else OLDEST):
            needed = _OLDEST_LITE if is_lite else OLDEST
            raise EngineError(
                f"{self.place} has version {version!r}; qa needs {'Milvus Lite ' if is_lite else ''}{needed[0]}.{needed[1]} or "
                "newer: older ones accept a search by words and find nothing. Upgrade it."
            )

    def _refusal(self, error: Exception) -> str:
        if _is_refused(error):
            return f"{self.place} refuses the token in {ENGINE_TOKEN_VARIABLE}, or wants one: {_said(error)}."
        return f"{self.place} refuses a call: {_said(error)}."


def _codes(error: BaseException | None) -> list[object]:
    """The codes of an error and of what caused it; pymilvus lets some cause themselves."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__
    return [one.code() if isinstance(one, grpc.RpcError) else getattr(one, "code", None) for one in chain]


def _is_refused(error: Exception) -> bool:
    return any(
        code in _REFUSED_CODES or (isinstance(code, int) and _NO_ACCESS <= code <= _LAST_NO_ACCESS) for code in _codes(error)
    )


def _is_unreachable(error: Exception) -> bool:
    codes = _codes(error)
    return not _is_refused(error) and any(code in _GONE_CODES or code == _CONNECT_FAILED for code in codes)


def _said(error: Exception) -> str:
    said = error.details() if isinstance(error, grpc.RpcError) else getattr(error, "message", "")
    return str(said or error).strip().rstrip(".").partition("\n")[0]
