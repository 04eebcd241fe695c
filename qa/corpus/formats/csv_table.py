"""CSV and TSV → drafts, row by row. Fields keep their line ends unchanged."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.decode import byte_order_mark, decode_codec
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.numbered_lines import not_utf8
from qa.corpus.formats.record_fields import NAMES, draft_of, field_of

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 2**20
_UNDECODED = re.compile("[\udc80-\udcff]")
_OTHER_FIELDS = 2**16  # characters of the other fields in the longest row


def read_table(stream: BinaryIO, *, origin: str, longest_row: int) -> Iterator[ArticleDraft | Refusal]:
    """One draft a row, streamed. The first row names the columns; the delimiter is `,` `;` tab or `|`.

    A row that is broken, has more or fewer fields than the header, or has no text is refused with the line where it begins.

    Raises:
        ArticleError: there is no column for the text, or the file is not text.
    """
    codec = _codec(stream, origin)
    lines = io.TextIOWrapper(
        stream, encoding=codec, errors="surrogateescape" if codec.startswith("utf-8") else "strict", newline=""
    )
    try:
        yield from _rows(lines, origin, longest_row + _OTHER_FIELDS)
    except UnicodeDecodeError as error:
        raise ArticleError(origin, f"not {codec} as its beginning says: {error.reason}; save it as UTF-8") from error
    finally:
        lines.detach()


def _codec(stream: BinaryIO, origin: str) -> str:
    """The encoding of the file's first megabyte, up to a line end."""
    sample = stream.read(_SAMPLE_BYTES)
    stream.seek(0)
    cut = sample.rfind(b"\n") + 1 if len(sample) == _SAMPLE_BYTES else 0
    return byte_order_mark(sample) or decode_codec(sample[:cut] if cut else sample, origin=origin)


def _rows(lines: io.TextIOWrapper, origin: str, longest: int) -> Iterator[ArticleDraft | Refusal]:
    csv.field_size_limit(max(csv.field_size_limit(), longest))  # for the whole process; the default of 131,072 is too small
    bounded = _bounded(lines, origin, longest)
    first = next((line for line in bounded if line.strip()), "")
    delimiter = _delimiter(first)
    header = next(csv.reader([first], delimiter=delimiter))
    if not any(field_of(name) == "text" for name in header):
        raise ArticleError(origin, _no_text_column(header))
    rows = csv.reader(bounded, delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 2  # the header is line 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Refusal(origin, f"a broken row: {error}; check its quotation marks", line)
            continue
        if row is None:
            return
        if row:
            yield _draft(header, row, origin, line)


def _bounded(lines: io.TextIOWrapper, origin: str, longest: int) -> Iterator[str]:
    while line := lines.readline(longest):
        if len(line) == longest:
            raise ArticleError(
                origin, f"a line of more than {longest:,} characters; raise max_article_characters if it is an article"
            )
        yield line


def _delimiter(header: str) -> str:
    """The delimiter that gives most known columns, then most columns."""

    def known(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return len({field_of(name) for name in names} - {None}), len(names)

    return max(_DELIMITERS, key=known)


def _draft(header: Sequence[str], row: Sequence[str], origin: str, line: int) -> ArticleDraft | Refusal:
    broken = next((match for field in row if (match := _UNDECODED.search(field))), None)
    if broken:
        return Refusal(origin, not_utf8(ord(broken[0]) - 0xDC00), line)
    if len(row) != len(header):
        return Refusal(origin, f"{len(row)} fields, expected {len(header)} as in the header; check its quotation marks", line)
    fields: dict[str, object] = {}
    for name, value in zip(header, row, strict=True):
        if value.strip() or name not in fields:
            fields.setdefault(name, value)
    try:
        return draft_of(fields, line=line)
    except ValueError as error:
        return Refusal(origin, str(error), line)


def _no_text_column(header: Sequence[str]) -> str:
    names = ", ".join(repr(name[:40]) for name in header[:20]) or "none"
    return f"no column for the text; found {names}, expected one named {' or '.join(NAMES['text'])} in the first row"
