"""JSON and JSONL → drafts, record by record. A broken record is refused with its line; the others are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.decode import decode
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.json_values import list_in, list_spans, parse_json, value_of
from qa.corpus.formats.numbered_lines import numbered_lines
from qa.corpus.formats.record_fields import draft_of

_LISTS = ("articles", "items", "data")  # keys of an object that may hold the records
MOST_BLANK_LINES = 10_000  # in a row
_EXPECTED = "expected one JSON object a line, with a text"


def read_jsonl(stream: BinaryIO, *, origin: str, longest_line: int) -> Iterator[ArticleDraft | Refusal]:
    """One record a line, streamed: only one line is in memory. Blank lines are skipped."""
    blank = 0
    for number, line in numbered_lines(stream, origin=origin, longest=longest_line):
        blank = blank + 1 if isinstance(line, str) and not line.strip() else 0
        if blank > MOST_BLANK_LINES:
            raise ArticleError(
                origin, f"more than {MOST_BLANK_LINES:,} blank lines in a row; expected one record a line", line=number
            )
        if isinstance(line, Refusal):
            yield line
        elif not blank:
            yield _record(line, origin, number)


def _record(line: str, origin: str, number: int) -> ArticleDraft | Refusal:
    try:
        return _draft(parse_json(line.rstrip()), line=number)
    except ValueError as error:
        return Refusal(origin, str(error), number)


def read_json(data: bytes, *, origin: str, heartbeat: Callable[[], None] = lambda: None) -> Iterator[ArticleDraft | Refusal]:
    """One record, a list of them, or an object with a list under "articles", "items" or "data".

    The line of a record is unknown; a refusal gives its number in the list. The whole is checked before the first record is
    given: `heartbeat` is called for each one then. Only one is in memory beside the text.
    """
    try:
        text = decode(data, origin=origin)
        start = list_in(text, _LISTS)
        count = 1 if start is None else _checked_number(text, start, heartbeat)
        records = iter([parse_json(text)]) if start is None else (value_of(text, span) for span in list_spans(text, start))
    except ValueError as error:
        raise ArticleError(origin, str(error)) from error
    if not count:
        raise ArticleError(origin, "an empty list; expected at least one record with a text")
    for position, record in enumerate(records, start=1):
        try:
            yield _draft(record, record=position)
        except ValueError as error:
            yield Refusal(origin, f"record {position} of {count}: {error}" if count > 1 else str(error))


def _checked_number(text: str, start: int, heartbeat: Callable[[], None]) -> int:
    """How many values the list has; ValueError where one of them is no JSON."""
    count = 0
    for span in list_spans(text, start):
        value_of(text, span)
        heartbeat()
        count += 1
    return count


def _draft(value: object, *, line: int | None = None, record: int | None = None) -> ArticleDraft:
    if not isinstance(value, Mapping):
        raise ValueError(f"a JSON {_json_kind(value)}; {_EXPECTED}")
    return draft_of(value, line=line, record=record)


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "list"}
    return kinds.get(type(value), type(value).__name__)
