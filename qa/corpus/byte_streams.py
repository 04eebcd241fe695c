"""A path → a byte stream within limits: a plain file, an unpacked gzip file, or standard input."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from qa.base.errors import ArticleError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"
_GZIP_MAGIC = b"\x1f\x8b"
_IN_MEMORY = 16 * 2**20  # bytes of standard input above which it is kept on disk
_BUFFER = 2**16  # bytes
# Articles as JSON unpack to 3 to 10 times their packed size, and gzip can reach 1,032 times.
_MOST_TIMES = 100
_ALWAYS_UNPACKED = 64 * 2**20  # bytes, whatever their packed size


@dataclass(frozen=True, slots=True)
class OpenFile:
    """`stream` reads the unpacked content. `raw` is the file itself, whose position shows the progress."""

    stream: BinaryIO
    raw: IO[bytes]
    unpacked: bool

    def read_whole(self, origin: str, most_bytes: int) -> bytes:
        """All bytes; ArticleError if there are more than `most_bytes`, as in a gzip bomb."""
        data = self.stream.read(most_bytes + 1)
        if len(data) > most_bytes:
            raise ArticleError(origin, f"more than {most_bytes:,} bytes when unpacked; {_raise('max_file_bytes')}")
        return data


def check_file(path: str, max_file_bytes: int) -> int:
    """The size in bytes of a readable file.

    Raises:
        ArticleError: it is missing, not a regular file, empty or too large.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise ArticleError(path, _why_not(error)) from error
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError(path, "not a regular file (a pipe, socket or device); expected a file, or - for standard input")
    if status.st_size == 0:
        raise ArticleError(path, "the file is empty")
    if status.st_size > max_file_bytes:
        raise ArticleError(path, f"{status.st_size:,} bytes, at most {max_file_bytes:,} are read; {_raise('max_file_bytes')}")
    return status.st_size


@contextlib.contextmanager
def open_file(
    path: str, *, max_file_bytes: int, max_decompressed_bytes: int, heartbeat: Callable[[], None] = lambda: None
) -> Iterator[OpenFile]:
    """The file opened for reading, unpacked if its content is gzip. "-" is standard input, which is read whole first.

    `heartbeat` is called often while it is unpacked; an error that it raises ends the reading.

    Raises:
        ArticleError: it cannot be opened, or while reading: its gzip is damaged or too large.
    """
    origin = STANDARD_INPUT_NAME if path == STANDARD_INPUT else path
    with contextlib.ExitStack() as stack:
        try:
            raw = stack.enter_context(_spooled_input(max_file_bytes) if path == STANDARD_INPUT else open(path, "rb", buffering=0))
        except OSError as error:
            raise ArticleError(origin, _why_not(error)) from error
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        source: io.RawIOBase = cast(io.RawIOBase, raw)
        if packed:
            source = stack.enter_context(_Unpacked(raw, origin, max_decompressed_bytes, heartbeat))
        stream = io.BufferedReader(source, _BUFFER)
        try:
            yield OpenFile(stream, raw, packed)
        except OSError as error:
            raise ArticleError(origin, f"reading failed: {error.strerror or error}") from error


class _Unpacked(io.RawIOBase):
    """The content of a gzip file. Its failures are ArticleErrors."""

    def __init__(self, raw: IO[bytes], origin: str, most_bytes: int, heartbeat: Callable[[], None]) -> None:
        self._raw = raw
        self._heartbeat = heartbeat
        self._gzip = gzip.GzipFile(fileobj=raw, mode="rb")
        self._origin = origin
        self._most_bytes = most_bytes

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._gzip.seek(offset, whence)

    def tell(self) -> int:
        return self._gzip.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            count = self._gzip.readinto(buffer)
        except EOFError as error:
            raise ArticleError(self._origin, "the gzip file is cut off; only records before the cut can be read") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ArticleError(self._origin, f"the gzip file is damaged ({error}); only records before can be read") from error
        unpacked = self._gzip.tell()
        if unpacked > self._most_bytes:
            raise ArticleError(self._origin, f"the gzip file unpacks to more than {self._most_bytes:,} bytes; split it")
        if unpacked > max(_ALWAYS_UNPACKED, _MOST_TIMES * self._raw.tell()):
            reason = f"the gzip file unpacks to more than {_MOST_TIMES} times its size, as articles never do; unpack it yourself"
            raise ArticleError(self._origin, reason)
        self._heartbeat()
        return count


def _spooled_input(most_bytes: int) -> IO[bytes]:
    """Standard input, copied to a temporary file that can be read twice."""
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
    total = 0
    while data := sys.stdin.buffer.read(_BUFFER):
        total += len(data)
        if total > most_bytes:
            spool.close()
            raise ArticleError(STANDARD_INPUT_NAME, f"more than {most_bytes:,} bytes; {_raise('max_file_bytes')}")
        spool.write(data)
    if total == 0:
        spool.close()
        raise ArticleError(STANDARD_INPUT_NAME, "it is empty; expected text, HTML, JSON or JSONL")
    spool.seek(0)
    return cast(IO[bytes], spool)


def _why_not(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the spelling"
    if isinstance(error, PermissionError):
        return "it cannot be opened: permission denied; check who may read it"
    return f"it cannot be opened: {getattr(error, 'strerror', None) or error}"


def _raise(setting: str) -> str:
    return f"raise {setting} (QA_{setting.upper()}) or split the file"
