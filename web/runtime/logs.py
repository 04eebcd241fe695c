"""What Python's loggers say → lines on stderr, for people or as JSON. Home of structlog; `qa serve` alone configures it.

The loggers themselves are the standard library's, and what they give as `extra` becomes the line's fields. An
exception's type and the lines of code that it passed are always logged. Its message may hold a client's words: it is logged
only where questions are.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType

import structlog
from starlette.types import Scope
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.processors import CallsiteParameter, CallsiteParameterAdder, ExceptionRenderer, JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level
from structlog.typing import Processor

from qa.base.settings import Settings

REQUESTS = "web.guards.observer"  # the logger that has a line for each request

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure_logs(settings: Settings) -> None:
    """Send what this process logs to stderr, in the form and with the words that the settings name."""
    as_json = settings.log_format == "json"
    before: list[Processor] = [TimeStamper(fmt="iso", utc=True, key="time"), add_log_level, merge_contextvars, ExtraAdder()]
    if as_json:
        before.append(CallsiteParameterAdder({CallsiteParameter.PROCESS}))  # which worker it was
    render = JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), sort_keys=False, timestamp_key="time", repr_native_str=True
    )  # fmt: skip
    shown = _traceback if settings.log_questions else _traceback_without_messages
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[ProcessorFormatter.remove_processors_meta, ExceptionRenderer(shown), render],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(REQUESTS).setLevel(logging.WARNING if settings.log_format == "quiet" else logging.INFO)


def route_of(scope: Scope) -> str:
    """The template of the address that a request was routed to; "" when it was to none, or was not routed."""
    route = scope.get("route")
    return str(getattr(route, "path_format", "") or scope.get("root_path", ""))  # the second for files of /static


def naming_the_request(request_id: str) -> AbstractContextManager[None]:
    """Every line that is logged within, in the threads that work for it too, has the request's id."""
    return bound_contextvars(request_id=request_id)


def _traceback(exc_info: _ExceptionInfo) -> str:
    return "".join(traceback.format_exception(exc_info[1])).rstrip("\n")


def _traceback_without_messages(exc_info: _ExceptionInfo) -> str:
    return "\n".join(
        "".join([*traceback.format_tb(error.__traceback__), f"{type(error).__module__}.{type(error).__qualname__}"])
        for error in _causes(exc_info[1])
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an exception came from, first things first, and itself last."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return reversed(seen)
