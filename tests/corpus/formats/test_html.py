from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa.base.errors import ArticleError
from qa.corpus.formats.html import read_html
from qa.corpus.parser_process import ParserProcess

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bridge repaired | The Post</title>
<meta name="author" content="Ann Lee"><meta property="article:published_time" content="2024-01-31">
<meta property="og:site_name" content="The Post"><link rel="canonical" href="https://post.example/bridge"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Bridge repaired</h1>
<p>The bridge over the Varrow was repaired on Monday, the mayor said. 👩‍👧 می\u200cشود</p>
<p>It cost “£40 million”, more than anyone had promised when the work began.</p></article>
<footer>We use cookies. Share this.</footer></body></html>"""
FIRST = "The bridge over the Varrow was repaired on Monday, the mayor said."


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    with ParserProcess(timeout_seconds=30) as process:
        yield process


def test_the_main_text_and_the_facts_are_read(parser: ParserProcess) -> None:
    draft = read_html(PAGE.encode(), origin="f", parse=parser.call)
    assert draft.text == (
        f"Bridge repaired\n{FIRST} 👩‍👧 می\u200cشود\nIt cost “£40 million”, more than anyone had promised when the work began."
    )
    assert (draft.title, draft.author, draft.source) == ("Bridge repaired", "Ann Lee", "The Post")
    assert (draft.url, draft.published_at) == ("https://post.example/bridge", "2024-01-31")


@pytest.mark.parametrize(
    "stands_in_the_page",
    [
        "<p>The last rise was in 2019, and the one before on 3 May 2014.</p>",
        "<footer>Copyright 1999 The Post. © 2004-2012.</footer>",
        '<p>Updated: 2020-05-06</p><time datetime="2021-07-08">8 July</time>',
        '<time class="updated" datetime="2021-07-08">8 July</time>',
        '<aside><time class="published" datetime="2021-07-08">another article</time></aside>',
        '<a href="https://post.example/2018/04/05/bridge">5 April 2018</a>',
        '<script>var page = {"dateModified": "2020-01-01", "datePublished": "2020-01-01"}</script>',
    ],
)
def test_a_date_is_never_taken_from_what_is_not_said_to_be_that_of_publication(
    parser: ParserProcess, stands_in_the_page: str
) -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2024-01-31">', "")
    page = page.replace("</article>", f"{stands_in_the_page}</article>")
    assert read_html(page.encode(), origin="f", parse=parser.call).published_at is None


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "windows-1252", "no-such-codec", "undefined", "punycode", "raw_unicode_escape"]
)
def test_the_declared_encoding_is_used_where_it_is_not_utf8(parser: ParserProcess, declared: str) -> None:
    page = PAGE.replace("utf-8", declared).replace("👩‍👧 می\u200cشود", "").encode("cp1252")
    assert "It cost “£40 million”" in read_html(page, origin="f", parse=parser.call).text
    assert "It cost “£40 million”" in read_html(page, origin="f", parse=parser.call, charset=f"{declared}\0").text


def test_a_page_without_text_is_refused(parser: ParserProcess) -> None:
    with pytest.raises(ArticleError, match="no article text found in this page; expected"):
        read_html(b"<html><body></body></html>", origin="f", parse=parser.call)


def test_a_page_of_200_000_nested_tags_ends(parser: ParserProcess) -> None:
    with pytest.raises(ArticleError, match="expected"):
        read_html(b"<html><body>" + b"<div>" * 200_000 + b"words", origin="f", parse=parser.call)
    assert FIRST in read_html(PAGE.encode(), origin="f", parse=parser.call).text
