from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.base.errors import ArticleError
from qa.base.types import Refusal
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.csv_table import read_table


def rows(data: str | bytes) -> list[ArticleDraft | Refusal]:
    source = data.encode() if isinstance(data, str) else data
    return list(read_table(io.BytesIO(source), origin="f", longest_row=1_000_000))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    table = "id,text,title\n1,a b,T\n".replace(",", delimiter)
    assert rows(table) == [ArticleDraft("a b", "T", "1", line=2)]


def test_fields_keep_their_line_ends_and_rows_their_lines() -> None:
    table = 'text,id\r\n"a\r\nb\rc ""d"" \u00a0👩‍👧e\u0301",1\r\n\r\nsecond,2\r\n'
    assert rows(table) == [
        ArticleDraft('a\r\nb\rc "d" \u00a0👩‍👧e\u0301', given_id="1", line=2),
        ArticleDraft("second", given_id="2", line=6),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() != ""))
def test_any_field_survives(text: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["text", "id"], [text, "1"]])
    assert rows(written.getvalue()) == [ArticleDraft(text, given_id="1", line=2)]


def test_a_field_longer_than_the_csv_modules_limit_is_read() -> None:
    assert rows(f"text\n{'a' * 200_000}\n") == [ArticleDraft("a" * 200_000, line=2)]


def test_broken_rows_are_refused_with_their_line() -> None:
    table = 'id,text\n1,a\n2,b,c\n3\n4,"d"e\n5,\n6,f\n7,"never closed'
    found = rows(table)
    assert found[0] == ArticleDraft("a", given_id="1", line=2)
    assert found[5] == ArticleDraft("f", given_id="6", line=7)
    assert [(item.line, item.reason) for item in found if isinstance(item, Refusal)] == [
        (3, "3 fields, expected 2 as in the header; check its quotation marks"),
        (4, "1 fields, expected 2 as in the header; check its quotation marks"),
        (5, "a broken row: ',' expected after '\"'; check its quotation marks"),
        (
            6,
            "no text; expected a field named text or body or content or article or full_text or article_body, found 'id', 'text'",
        ),
        (8, "a broken row: unexpected end of data; check its quotation marks"),
    ]


def test_a_table_without_a_text_column_is_refused_by_names() -> None:
    with pytest.raises(ArticleError) as caught:
        rows("id;name;summary\n1;2;3\n")
    assert caught.value.reason == (
        "no column for the text; found 'id', 'name', 'summary', expected one named "
        "text or body or content or article or full_text or article_body in the first row"
    )


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_tables_of_spreadsheets_are_read(codec: str) -> None:
    text = "Le ministre a déclaré à l’Assemblée que la réforme serait votée avant l’été."
    assert rows(f"text\tid\r\n{text}\t1\r\n".encode(codec)) == [ArticleDraft(text, given_id="1", line=2)]


def test_a_row_that_is_not_utf8_behind_the_sample_is_refused_alone() -> None:
    table = b"text\n" + b"words and words\n" * 70_000 + b"caf\xe9\nnext\n"
    found = rows(table)
    assert found[-2] == Refusal("f", "not UTF-8: it holds the byte 0xe9; save the file as UTF-8 and read it again", 70_002)
    assert found[-1] == ArticleDraft("next", line=70_003)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(ArticleError, match="a line of more than"):
        rows("text\n" + "a" * 2_000_000)
