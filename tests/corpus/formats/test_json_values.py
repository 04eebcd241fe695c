"""JSON within limits: a text of a few bytes does not become a value of gigabytes."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.base.errors import ArticleError
from qa.base.types import Span
from qa.corpus.formats import json_values
from qa.corpus.formats.json_records import read_json
from qa.corpus.formats.json_values import list_in, list_spans, parse_json, value_of

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=40)
@given(st.lists(JSON), st.sampled_from((None, 1)), st.booleans())
def test_the_values_of_a_list_are_those_that_the_parser_finds(values: list[object], indent: int | None, ascii_only: bool) -> None:
    text = " " + json.dumps(values, indent=indent, ensure_ascii=ascii_only)
    assert list_in(text, ()) == 1
    assert [value_of(text, span) for span in list_spans(text, 1)] == values


def test_a_list_within_an_object_is_found_by_its_name_the_first_name_first() -> None:
    text = '{"data": [1], "total": {"items": 2}, "items": [2, 3]}'
    start = list_in(text, ("items", "data"))
    assert start == text.index("[2")
    assert list(list_spans(text, start)) == [Span(start + 1, start + 2), Span(start + 4, start + 5)]
    assert list_in('{"text": "the \\"items\\" of a list"}', ("items",)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"text": "a"}, ]', "Expecting value at column 17"),
        ('[{"text": "a"} {"text": "b"}]', "Expecting ',' delimiter at column 16"),
        ('[{"text": "a"}', "Expecting ',' delimiter"),
        ('[{"text": "a}]', "Unterminated string"),
        ('[{"text": "a"}] []', "Extra data at column 17"),
        ('[{"text": tru}]', "Expecting value at column 11"),
        ("[truely]", "Expecting ',' delimiter at column 6"),
        ('{"items": [{"text": "a"}], "n": }', "Expecting value at column 33"),
        ('{"items": [{"text": "a"}] "n": 1}', "Expecting ',' delimiter at column 27"),
        ('{"items": [{"text": "a"}], 5: 1}', "Expecting property name enclosed in double quotes at column 28"),
        ('{"items" [{"text": "a"}]}', "Expecting ':' delimiter at column 10"),
        ('{"items": [{"text": "a"}]} x', "Extra data at column 28"),
        ('[{"text": ' + "[" * 101 + "]" * 101 + "}]", "nested too deep"),
    ],
)
def test_a_list_that_is_broken_anywhere_gives_no_record(text: str, reason: str) -> None:
    with pytest.raises(ArticleError) as caught:
        next(read_json(text.encode(), origin="f"))
    assert reason in caught.value.reason


def test_more_values_than_an_article_or_a_request_has_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MOST_VALUES", 10)
    assert parse_json(json.dumps({"text": "a, b, [c], {d}, " * 10})) == {"text": "a, b, [c], {d}, " * 10}
    for text in (json.dumps([1] * 12), json.dumps({str(n): 1 for n in range(12)}), "[" + "[]," * 6 + "[]]"):
        with pytest.raises(ValueError, match="more than 10 values in one JSON record"):
            parse_json(text, most=10)
    with pytest.raises(ArticleError, match="more than 10 values in one JSON record"):
        list(read_json(json.dumps([{"text": [1] * 12}]).encode(), origin="f"))


def test_a_list_of_very_many_empty_lists_is_refused_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MOST_RECORDS", 1_000)
    text = b"[" + b"[]," * 20_000 + b"[]]"
    tracemalloc.start()
    with pytest.raises(ArticleError, match="a list of more than 1,000 values; split the file"):
        list(read_json(text, origin="f"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * len(text)  # its values take twenty times its length
    monkeypatch.setattr(json_values, "_MOST_BRACKETS", 2_000)
    with pytest.raises(ArticleError, match="more than 1,000 lists and objects"):
        list(read_json(text, origin="f"))


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ('["a, b, c, d", "e, f, g"]', True),
        ('{"a": [1, 2], "b": "x, y, z, {["}', True),
        ("[1, 2, 3, 4, 5]", False),
        ('["a", "b", "c", "d", "e, f"]', False),
        ('"' + '" "' * 10 + ',,,,,"', False),
    ],
)
def test_what_stands_in_strings_is_no_value(text: str, is_read: bool) -> None:
    try:
        parse_json(text, most=4)
    except ValueError as error:
        assert (is_read, "more than 4 values" in str(error)) == (False, True)
    else:
        assert is_read
