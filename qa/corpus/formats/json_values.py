"""A JSON text → its value, or the values of a list within it one after the other; neither deeper nor more than a reader takes.

A list is gone through in its text, so that only one of its values is in memory: an empty list has three characters as text and
64 bytes as a value.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterator

from qa.base.types import Span

MOST_VALUES = 200_000  # of one record or request with all that is in it: a batch of questions may name 100,000 articles
MOST_RECORDS = 1_000_000  # of one list
_MOST_BRACKETS = 4 * MOST_RECORDS
_MOST_DEPTH = 100
_BLANKS = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_WORD = re.compile(r"[^\s,\]}]*+")  # a number, true, false or null
_TO_BRACKET = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_DECODER = json.JSONDecoder()


def parse_json(text: str, *, most: int | None = MOST_VALUES) -> object:
    """The JSON value of the text; ValueError with the reason if there is none, or if it holds more than `most` values."""
    with _explained():
        _check_number(text, 0, len(text), most)
        value: object = json.loads(text)
    return value


def list_spans(text: str, start: int) -> Iterator[Span]:
    """Where each value of the list at this place stands. ValueError for one that is no list, or is too long or too deep."""
    with _explained():
        at = _behind_blanks(text, start + 1)
        if text.startswith("]", at):
            return
        for _ in range(MOST_RECORDS):
            value = Span(at, _value_end(text, at, most=MOST_VALUES))
            yield value
            at = _behind_blanks(text, value.end)
            if text.startswith("]", at):
                return
            at = _behind_comma(text, at)
        raise ValueError(f"a list of more than {MOST_RECORDS:,} values; split the file")


def list_in(text: str, names: Collection[str]) -> int | None:
    """Where the list begins that the text is, or that its object holds under the first of the names; None for other values."""
    with _explained():
        begin = _behind_blanks(text, 0)
        if text.startswith("[", begin):
            _require_end(text, _value_end(text, begin, most=_MOST_BRACKETS))
            return begin
        if not text.startswith("{", begin) or not any(f'"{name}"' in text for name in names):
            return None
        lists = {name: start for name, start in _pairs(text, begin) if text.startswith("[", start)}
    return next((lists[name] for name in names if name in lists), None)


def value_of(text: str, span: Span) -> object:
    """The value at this place; ValueError as for `parse_json`."""
    with _explained():
        _check_number(text, span.start, span.end, MOST_VALUES)
        value: object
        value, end = _DECODER.raw_decode(text, span.start)
        if end != span.end:
            raise json.JSONDecodeError("Expecting ',' delimiter", text, end)
    return value


def _pairs(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The name and the place of each value of the object at this place, which is all of the text."""
    at = _behind_blanks(text, start + 1)
    while not text.startswith("}", at):
        if not text.startswith('"', at):
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        name, at = _DECODER.raw_decode(text, at)
        at = _behind_blanks(text, at)
        if not text.startswith(":", at):
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        at = _behind_blanks(text, at + 1)
        yield name, at
        end = _value_end(text, at, most=_MOST_BRACKETS)
        if not text.startswith("[", at):
            value_of(text, Span(at, end))
        at = _behind_blanks(text, end)
        if not text.startswith("}", at):
            at = _behind_comma(text, at)
    _require_end(text, at + 1)


def _value_end(text: str, start: int, *, most: int) -> int:
    """Behind the value at this place, which is not looked at but for its brackets; the end of the text where one is open."""
    if not text.startswith(("[", "{"), start):
        pattern = _STRING if text.startswith('"', start) else _WORD
        end = pattern.match(text, start).end()  # type: ignore[union-attr]  # both match anything
        if end == start:
            raise json.JSONDecodeError("Expecting value", text, start)
        return end
    at, depth = start, 0
    for _ in range(most):
        depth += 1 if text[at] in "[{" else -1
        if not depth:
            return at + 1
        if depth > _MOST_DEPTH:
            raise RecursionError
        at = _TO_BRACKET.match(text, at + 1).end()  # type: ignore[union-attr]  # it matches the empty string too
        if at == len(text) or text[at] == '"':
            return len(text)
    raise ValueError(f"more than {most // 2:,} lists and objects in this JSON; split the file")


def _check_number(text: str, start: int, end: int, most: int | None) -> None:
    if most is None or _marks(text, start, end) <= most:
        return
    found, strings, at = 0, 0, start
    for string in _STRING.finditer(text, start, end):  # a long text has many commas
        found, strings, at = found + _marks(text, at, string.start()), strings + 1, string.end()
        if found > most or strings > 2 * most + 1:  # names and values
            break
    else:
        found += _marks(text, at, end)
    if found > most or strings > 2 * most + 1:
        raise ValueError(f"more than {most:,} values in one JSON record; expected an article or a request")


def _marks(text: str, start: int, end: int) -> int:
    """What values begin with or stand behind, also within strings."""
    return sum(text.count(mark, start, end) for mark in ",[{")


def _behind_blanks(text: str, at: int) -> int:
    return _BLANKS.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty string too


def _behind_comma(text: str, at: int) -> int:
    if not text.startswith(",", at):
        raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    return _behind_blanks(text, at + 1)


def _require_end(text: str, at: int) -> None:
    at = _behind_blanks(text, at)
    if at < len(text):
        raise json.JSONDecodeError("Extra data", text, at)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn the parser's errors into a ValueError with its reason and place."""
    try:
        yield
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno:,}" if "\n" in error.doc.rstrip() else f"column {error.colno:,}"
        raise ValueError(f"not JSON: {error.msg} at {place}") from error
    except RecursionError as error:
        raise ValueError("JSON nested too deep to read") from error
    except ValueError as error:
        if "limit" not in str(error):
            raise
        raise ValueError(f"a number in this JSON is too long to read ({error})") from error  # over 4,300 digits
