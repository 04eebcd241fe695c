"""JSON and JSONL → drafts, record by record. A broken record is refused with its line; the others are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.decode import decode
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.numbered_lines import numbered_lines
from qa.corpus.formats.record_fields import draft_of

_LISTS = ("articles", "items", "data")  # keys of an object that may hold the records
_EXPECTED = "expected one JSON object a line, with a text"


def read_jsonl(stream: BinaryIO, *, origin: str, longest_line: int) -> Iterator[ArticleDraft | Refusal]:
    """One record a line, streamed: only one line is in memory. Blank lines are skipped."""
    for number, line in numbered_lines(stream, origin=origin, longest=longest_line):
        if isinstance(line, Refusal):
            yield line
        elif line.strip():
            yield _record(line, origin, number)


def _record(line: str, origin: str, number: int) -> ArticleDraft | Refusal:
    try:
        return _draft(parse_json(line.rstrip()), line=number)
    except ValueError as error:
        return Refusal(origin, str(error), number)


def read_json(data: bytes, *, origin: str) -> Iterator[ArticleDraft | Refusal]:
    """One record, a list of them, or an object with a list under "articles", "items" or "data".

    The line of a record is unknown; a refusal gives its number in the list.
    """
    try:
        records = _records(parse_json(decode(data, origin=origin)))
    except ValueError as error:
        raise ArticleError(origin, str(error)) from error
    if not records:
        raise ArticleError(origin, "an empty list; expected at least one record with a text")
    for position, record in enumerate(records, start=1):
        try:
            yield _draft(record, record=position)
        except ValueError as error:
            yield Refusal(origin, f"record {position} of {len(records)}: {error}" if len(records) > 1 else str(error))


def parse_json(text: str) -> object:
    """The JSON value of the text; ValueError with the parser's reason if there is none."""
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno:,}" if "\n" in text.rstrip() else f"column {error.colno:,}"
        raise ValueError(f"not JSON: {error.msg} at {place}") from error
    except RecursionError as error:
        raise ValueError("JSON nested too deep to read") from error
    except ValueError as error:  # an integer of over 4,300 digits
        raise ValueError(f"a number in this JSON is too long to read ({error})") from error
    return value


def _records(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        for name in _LISTS:
            if isinstance(value.get(name), list):
                return list(value[name])
    return [value]


def _draft(value: object, *, line: int | None = None, record: int | None = None) -> ArticleDraft:
    if not isinstance(value, Mapping):
        raise ValueError(f"a JSON {_json_kind(value)}; {_EXPECTED}")
    return draft_of(value, line=line, record=record)


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "list"}
    return kinds.get(type(value), type(value).__name__)
