"""A call → an HTTP request, and its response → the content or an error of qa. With the clients, the home of httpx."""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypedDict, TypeVar

import httpx
from pydantic import ValidationError

from qa.api.problem import ProblemShape
from qa.api.shape import Shape
from qa.base.errors import ClientError, QaError, RequestRefused, ServerTimeout, ServerUnreachable, WrongPlace
from qa.corpus.decode import clean

T = TypeVar("T")
AnyShape = TypeVar("AnyShape", bound=Shape)

Translate = Callable[[RequestRefused], QaError | None]

_LATER = (429, 503)  # with Retry-After: nothing was done
_LONGEST_PAUSE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `translate` translates a problem into the error that `Service` would raise; None: there is no such error.

    `timeout_seconds` None: the client's own. The caller reads the response of a call with `is_stream`.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    translate: Translate = lambda _: None
    is_stream: bool = False
    pause_seconds: float = 0.0
    timeout_seconds: float | None = None


# Work without its input and output: yields calls, is sent their responses, returns the result. A thread or an event loop runs it.
Steps = Generator[Call, httpx.Response, T]


class HttpSettings(TypedDict):
    base_url: str
    headers: dict[str, str]
    timeout: float
    trust_env: bool


def http_settings(url: str, token: str | None, timeout_seconds: float) -> HttpSettings:
    """The arguments of both httpx clients; ValueError for an unusable address or token."""
    if token is not None and not (token.isascii() and token.isprintable() and token.split() == [token]):
        raise ValueError("the token cannot stand in a header; expected printable ASCII characters without blanks")
    return {
        "base_url": url,
        "headers": {"Authorization": f"Bearer {token}"} if token else {},
        "timeout": timeout_seconds,
        "trust_env": not _is_this_machine(_host(url)),
    }


def _host(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise ValueError(f"{url!r} is no address: {error}; expected one such as http://127.0.0.1:8000") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError(f"{url!r} is no address of a server; expected one such as http://127.0.0.1:8000")
    return parsed.host


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def request_of(call: Call, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
    """The request of a call. NUL and lone surrogates become U+FFFD, as in everything that qa reads."""
    headers, content = dict(call.headers), None
    if call.body is not None:
        headers["Content-Type"] = "application/json"
        content = clean(json.dumps(call.body, ensure_ascii=False)).encode()
    return http.build_request(
        call.method,
        call.path,
        params={name: clean(value) for name, value in call.query.items()},
        headers=headers,
        content=content,
        timeout=httpx.USE_CLIENT_DEFAULT if call.timeout_seconds is None else call.timeout_seconds,
    )


@contextlib.contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn errors of httpx into errors of qa."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ServerTimeout(
            f"The server at {url} did not answer in time. Ask for less at once, or give the client more timeout_seconds."
        ) from error
    except httpx.RequestError as error:
        reason = str(error) or type(error).__name__
        raise ServerUnreachable(f"No server answers at {url}: {reason}. Is `qa serve` running there?") from error


def cut_off(url: str) -> ServerUnreachable:
    return ServerUnreachable(f"The server at {url} ended the connection before the answer was whole. Ask again.")


def pause_before_retry(response: httpx.Response) -> int | None:
    """The seconds to wait before the same request is sent again; None: it is not sent again."""
    pause = _retry_after_seconds(response)
    return pause if response.status_code in _LATER and pause is not None and pause <= _LONGEST_PAUSE_SECONDS else None


def _retry_after_seconds(response: httpx.Response) -> int | None:
    given = response.headers.get("Retry-After", "")
    return int(given) if given.isascii() and given.isdecimal() else None


def refusal(response: httpx.Response) -> ClientError:
    """The error of an unsuccessful response."""
    try:
        problem = ProblemShape.model_validate_json(response.content, extra="ignore")
    except ValidationError:
        return ClientError(
            f"{response.url} answers {response.status_code} {response.reason_phrase}, but not as the API of qa does. "
            "Is it the address of `qa serve`?"
        )
    return refused(problem, retry_after_seconds=_retry_after_seconds(response))


def refused(problem: ProblemShape, *, retry_after_seconds: int | None = None) -> RequestRefused:
    return RequestRefused(
        problem.status,
        type_=problem.type,
        title=problem.title,
        detail=problem.detail,
        request_id=problem.request_id,
        errors=tuple(WrongPlace(place.pointer, place.code, place.detail) for place in problem.errors),
        retry_after_seconds=retry_after_seconds,
    )


def failure(call: Call, error: ClientError) -> QaError:
    """The error that `Service` would raise, caused by the one given; the one given if there is none."""
    translation = call.translate(error) if isinstance(error, RequestRefused) else None
    if translation is None:
        return error
    translation.__cause__ = error
    return translation


def read(shape: type[AnyShape], content: str | bytes) -> AnyShape:
    """The content in this shape. Unknown fields, of a later version of qa, are ignored."""
    try:
        return shape.model_validate_json(content, extra="ignore")
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"]))
        raise ClientError(
            f"The response is not JSON of API v1 ({place}: {first['msg']}). Is this the address of `qa serve`, and is its "
            "version of qa at least as new as this one?"
        ) from error
