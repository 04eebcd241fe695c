"""A byte stream → its numbered lines, one at a time, so that files of any size can be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.decode import byte_order_mark

_EXPECTED_SHORTER = "expected one article a line; raise max_article_characters if it is one"


def numbered_lines(stream: BinaryIO, *, origin: str, longest: int) -> Iterator[tuple[int, str | Refusal]]:
    """(number from 1, line with its line end) for each line; only LF ends a line, since JSON strings may contain U+2028.

    The encoding is UTF-8, or that of the byte order mark. A refusal replaces a line that is not UTF-8 or is longer than
    `longest` bytes.
    """
    head = stream.read(4)
    stream.seek(0)
    codec = byte_order_mark(head)
    if codec in (None, "utf-8-sig"):
        yield from _utf8_lines(stream, origin, longest, skip=3 if codec else 0)
    else:
        yield from _marked_lines(stream, str(codec), origin, longest)


def _utf8_lines(stream: BinaryIO, origin: str, longest: int, *, skip: int) -> Iterator[tuple[int, str | Refusal]]:
    stream.seek(skip)
    number = 0
    while data := stream.readline(longest + 1):
        number += 1
        if len(data) > longest:
            while data and not data.endswith(b"\n"):
                data = stream.readline(longest)
            yield number, Refusal(origin, f"a line of more than {longest:,} bytes; {_EXPECTED_SHORTER}", number)
            continue
        try:
            yield number, data.decode()
        except UnicodeDecodeError as error:
            yield number, Refusal(origin, not_utf8(data[error.start]), number)


def _marked_lines(stream: BinaryIO, codec: str, origin: str, longest: int) -> Iterator[tuple[int, str | Refusal]]:
    lines = io.TextIOWrapper(stream, encoding=codec, newline="\n")
    number = 0
    try:
        while line := lines.readline(longest):
            number += 1
            if len(line) == longest and not line.endswith("\n"):
                raise ArticleError(origin, f"a line of more than {longest:,} characters; {_EXPECTED_SHORTER}", line=number)
            yield number, line
    except UnicodeDecodeError as error:
        raise ArticleError(
            origin, f"not {codec.upper()} as its beginning says: {error.reason}; save it as UTF-8", line=number + 1
        ) from error
    finally:
        lines.detach()


def not_utf8(byte: int) -> str:
    """The reason for refusing a line: the byte, and what to do."""
    return f"not UTF-8: it holds the byte 0x{byte:02x}; save the file as UTF-8 and read it again"
