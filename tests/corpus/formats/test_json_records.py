from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.json_records import read_json, read_jsonl


def drafts(data: str | bytes, longest: int = 10**6) -> list[ArticleDraft | Refusal]:
    source = data.encode() if isinstance(data, str) else data
    return list(read_jsonl(io.BytesIO(source), origin="f", longest_line=longest))


def test_json_strings_keep_every_code_point() -> None:
    text = "a\r\nb\rc\u2028d\u00a0e\u0301 👩‍👧\x0b"
    record = {"id": 7, "text": text}
    for ascii_only in (True, False):
        line = json.dumps(record, ensure_ascii=ascii_only)
        assert drafts(line + "\n" + line) == [ArticleDraft(text, given_id="7", line=number) for number in (1, 2)]
    assert list(read_json(json.dumps([record], ensure_ascii=False).encode(), origin="f")) == [
        ArticleDraft(text, given_id="7", record=1)
    ]


@given(st.text(st.characters(), min_size=1).filter(lambda text: text.strip() != ""))
def test_any_text_survives_jsonl(text: str) -> None:
    assert drafts(json.dumps({"text": text})) == [ArticleDraft(text, line=1)]


def test_broken_json_on_line_7_is_refused_and_the_rest_goes_on() -> None:
    lines = [json.dumps({"text": f"t{number}"}) for number in range(1, 10)]
    lines[6] = '{"text": "t7"'
    found = drafts("\n".join(lines))
    assert found[6] == Refusal("f", "not JSON: Expecting ',' delimiter at column 14", 7)
    assert [draft.text for draft in found if isinstance(draft, ArticleDraft)] == [
        "t1",
        "t2",
        "t3",
        "t4",
        "t5",
        "t6",
        "t8",
        "t9",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[" * 10_000, "nested too deep"),
        ('{"text": ' + "[" * 10_000 + "]" * 10_000 + "}", "nested too deep"),
        ('{"text": "t", "n": ' + "9" * 100_000 + "}", "a number in this JSON is too long"),
        ("{}", "no text; expected a field named text or body or content"),
        ('{"title": "t", "text": " "}', "found 'title', 'text'"),
        ('{"text": 5}', "the text is a number, expected a string"),
        ('{"text": ["a"]}', "the text is a list, expected a string"),
        ('"text"', "a JSON string; expected one JSON object a line"),
        ("null", "a JSON null; expected"),
        ("\x00", "not JSON"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_and_the_next_is_read(line: str, reason: str) -> None:
    refused, read = drafts(line + '\n{"text": "next"}')
    assert isinstance(refused, Refusal)
    assert reason in refused.reason
    assert refused.line == 1
    assert read == ArticleDraft("next", line=2)


def test_a_line_that_is_not_utf8_is_refused_alone() -> None:
    refused, read = drafts(b'{"text": "caf\xe9"}\n{"text": "next"}')
    assert refused == Refusal("f", "not UTF-8: it holds the byte 0xe9; save the file as UTF-8 and read it again", 1)
    assert read == ArticleDraft("next", line=2)


def test_a_line_that_is_too_long_is_refused_alone() -> None:
    refused, read = drafts('{"text": "' + "a" * 500 + '"}\n{"text": "next"}', longest=100)
    assert isinstance(refused, Refusal)
    assert refused.reason.startswith("a line of more than 100 bytes; expected one article a line")
    assert read == ArticleDraft("next", line=2)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_honoured(codec: str) -> None:
    assert drafts('{"text": "é"}\n{"text": "b"}\n'.encode(codec)) == [ArticleDraft("é", line=1), ArticleDraft("b", line=2)]


def test_duplicate_keys_and_nan_do_no_harm() -> None:
    (found,) = drafts('{"text": "a", "text": "b", "id": NaN, "n": Infinity}')
    assert found == ArticleDraft("b", line=1, notices=("the id is a number and is left out; expected a string",))


def test_common_names_are_found_in_any_case() -> None:
    record = {
        "Full Text": "t",
        "Headline": "h",
        "LINK": "https://a.example/",
        "site-name": "s",
        "authors": ["A", {"name": "B"}, None],
        "datePublished": "2024-01-31",
        "_id": 12,
        "lang": "en",
        "unknown": {"a": 1},
    }
    assert drafts(json.dumps(record)) == [
        ArticleDraft("t", "h", "12", "https://a.example/", "s", "A, B", "2024-01-31", "en", line=1)
    ]


def test_of_two_names_the_better_one_that_is_filled_counts() -> None:
    assert drafts('{"content": "c", "body": "b", "text": " "}') == [ArticleDraft("b", line=1)]


def test_feeds_name_their_source_in_an_object() -> None:
    (found,) = drafts('{"text": "t", "source": {"id": null, "name": "BBC"}}')
    assert found == ArticleDraft("t", source="BBC", line=1)


def test_a_field_of_the_wrong_kind_is_left_out_with_a_notice() -> None:
    (found,) = drafts('{"text": "t", "title": ["x"], "date": {}, "id": true}')
    assert isinstance(found, ArticleDraft)
    assert found == ArticleDraft("t", line=1, notices=found.notices)
    assert found.notices == (
        "the title is a list and is left out; expected a string",
        "the id is true or false and is left out; expected a string",
        "the date is an object and is left out; expected a string or a number",
    )


@pytest.mark.parametrize("wrapped", ['{"articles": %s}', '{"total": 2, "items": %s}', '{"data": %s}', "%s"])
def test_a_list_of_records_is_read(wrapped: str) -> None:
    data = (wrapped % '[{"text": "a"}, 5, {"text": "b"}]').encode()
    assert list(read_json(data, origin="f")) == [
        ArticleDraft("a", record=1),
        Refusal("f", "record 2 of 3: a JSON number; expected one JSON object a line, with a text"),
        ArticleDraft("b", record=3),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        (b'{\n"text": }', "at line 2, column 9"),
        (b"[]", "an empty list; expected at least one record"),
        (b"[" * 10_000, "nested too deep"),
    ],
)
def test_a_json_file_that_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as caught:
        list(read_json(data, origin="f"))
    assert reason in caught.value.reason
