"""(parser name, bytes) → extracted fields, or an ArticleError: a child process for parsers that cannot be timed out.

The child is `python -c` and exchanges frames over pipes. multiprocessing would run the user's script again in the child.
A frame is 8 bytes with the length of a JSON object, the object, then the raw bytes whose number the object gives.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import IO, BinaryIO, cast

from qa.base.errors import ArticleError

# The parsers of the child: name → module with a function `extract(data: bytes) -> dict[str, str | None]`.
PARSERS: Mapping[str, str] = {name: f"qa.corpus.formats.{name}" for name in ("html", "pdf", "docx", "epub", "feed")}

_LENGTH = struct.Struct(">Q")
_MEMORY_BYTES = 4 * 2**30
_BEAT_SECONDS = 0.25  # between two heartbeats while a parser works
_GRACE_SECONDS = 10  # then a child whose parent has died ends itself
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from qa.corpus.parser_process import serve; serve()"


class ParserProcess:
    """Runs parsers in one long-lived child, started at the first call and after each failure.

    It is a context manager, and also closes at exit. Calls from several threads take turns. `heartbeat` is called while a
    parser works; an error that it raises ends the child, and the call with it.
    """

    def __init__(self, *, timeout_seconds: float = 30, heartbeat: Callable[[], None] = lambda: None) -> None:
        self._timeout_seconds = timeout_seconds
        self._heartbeat = heartbeat
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def call(self, name: str, data: bytes, origin: str) -> Mapping[str, str | None]:
        """The fields that the parser `name` extracts from the bytes.

        Raises:
            ArticleError: the parser took longer than the timeout, failed, crashed, ran out of memory, or reported a
                "problem" of the file.
            ValueError: there is no parser of this name.
        """
        if name not in PARSERS:
            raise ValueError(f"no parser {name!r}; there are {', '.join(PARSERS)}")
        with self._lock:
            if self._child is None:
                self._child = _Child()
            try:
                request = {"parser": name, "seconds": self._timeout_seconds}
                reply = self._child.ask(request, data, self._timeout_seconds, self._heartbeat)
            except BaseException as error:  # Ctrl-C too: the next call would read this call's reply
                self._end()
                if isinstance(error, _ChildFailed):
                    raise ArticleError(origin, str(error)) from None
                raise
            if reply.get("fatal"):
                self._end()
        for key in ("failure", "problem"):
            if key in reply:
                raise ArticleError(origin, str(reply[key]))
        return reply

    def close(self) -> None:
        """End the child. A later call starts a new one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _ChildFailed(Exception):
    """The child did not reply; the message says why."""


class _Child:
    """One child process; unusable after a failure."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()
        path = json.dumps([os.path.abspath(entry) for entry in sys.path])
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._finalizer = weakref.finalize(self, _end, self._process, self._errors)

    def ask(
        self, request: Mapping[str, object], data: bytes, timeout_seconds: float, heartbeat: Callable[[], None]
    ) -> dict[str, str | None]:
        """The child's reply; _ChildFailed if the child ended or took too long, in which case it is killed."""
        overran = threading.Event()

        def kill() -> None:
            overran.set()
            self._process.kill()

        timer = threading.Timer(timeout_seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(cast(BinaryIO, self._process.stdin), request, data)
            reply = self._reply(heartbeat)
        except (OSError, EOFError) as error:
            if overran.is_set():
                raise _ChildFailed(
                    f"reading it took longer than {timeout_seconds:g} s; expected a smaller or simpler file"
                ) from error
            raise _ChildFailed(
                f"the parser ended while reading it ({self._last_words()}); the file is damaged or too large"
            ) from error
        finally:
            timer.cancel()
        return cast(dict[str, str | None], reply)

    def _reply(self, heartbeat: Callable[[], None]) -> dict[str, object]:
        """The child's next frame, read by a thread: no pipe can be waited for with a timeout everywhere."""
        frame: Future[dict[str, object]] = Future()

        def read() -> None:
            try:
                frame.set_result(read_frame(cast(BinaryIO, self._process.stdout))[0])
            except (OSError, EOFError, ValueError) as error:  # ValueError: the pipe was closed meanwhile
                frame.set_exception(error)

        threading.Thread(target=read, daemon=True).start()
        while True:
            try:
                return frame.result(timeout=_BEAT_SECONDS)
            except TimeoutError:
                heartbeat()

    def _last_words(self) -> str:
        code = self._process.wait()
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 2000))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        ended = f"signal {-code}" if code < 0 else f"exit status {code}"
        return f"{ended}: {lines[-1]}" if lines else ended

    def end(self) -> None:
        self._finalizer()


def _end(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, errors):
        if pipe is not None:
            with contextlib.suppress(OSError):  # bytes still buffered for a dead child
                pipe.close()


def write_frame(pipe: BinaryIO, facts: Mapping[str, object], data: bytes = b"") -> None:
    head = json.dumps({**facts, "bytes": len(data)}).encode()
    pipe.write(_LENGTH.pack(len(head)) + head)
    pipe.write(data)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> tuple[dict[str, object], bytes]:
    """The JSON object and the bytes of a frame; EOFError if the other side has ended."""
    head = json.loads(_exactly(pipe, _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]))
    data = _exactly(pipe, head.pop("bytes"))
    return head, data


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError(f"{len(data)} of {count} bytes")
    return data


def serve() -> None:
    """The child's loop: reply to frames until the parent closes the pipe."""
    import faulthandler

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    logging.disable()
    _limit_memory()
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not print into the frames
    while True:
        try:
            request, data = read_frame(requests)
        except EOFError:
            return
        # Ends this process even inside C code, in case the parent that enforces the timeout has died.
        faulthandler.dump_traceback_later(cast(float, request["seconds"]) + _GRACE_SECONDS, exit=True)
        reply = _run(str(request["parser"]), data)
        faulthandler.cancel_dump_traceback_later()
        write_frame(replies, reply)


def _run(name: str, data: bytes) -> Mapping[str, object]:
    """The parser's reply, or its failure as text. At this process boundary every exception is caught and reported."""
    extract = cast(Callable[[bytes], dict[str, str | None]], importlib.import_module(PARSERS[name]).extract)
    try:
        return extract(data)
    except MemoryError:
        return {
            "failure": f"reading it took more than {_MEMORY_BYTES // 2**30} GB of memory; expected a smaller file",
            "fatal": "yes",
        }
    except RecursionError:
        return {"failure": "it is nested too deep to read; expected a simpler file", "fatal": "yes"}
    except Exception as error:
        return {"failure": f"the parser failed ({type(error).__name__}: {str(error)[:200]}); the file is damaged or unusual"}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
