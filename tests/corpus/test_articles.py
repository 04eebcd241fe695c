from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.base.errors import ArticleError
from qa.base.types import text_digest
from qa.corpus.articles import canonical_url, default_title, make_article, safe_id

TEXT = "The bridge was repaired on Monday. It took two weeks."


def test_the_text_is_kept_as_it_came() -> None:
    text = "  e\u0301\u00a0👩‍👧\r\nnext\r \u2028 last\n\n"
    assert make_article(text).text == text


def test_strings_are_cleaned_at_the_door() -> None:
    article = make_article("a\x00b \ud800", title=" New\nbridge\x00 ", author="\udfffAnn", source=" ")
    assert (article.text, article.title, article.author, article.source) == (
        "a\ufffdb \ufffd",
        "New bridge\ufffd",
        "\ufffdAnn",
        None,
    )


def test_the_given_id_comes_first_then_the_url_then_the_path_then_the_text() -> None:
    url = "HTTPS://Example.org:443/a?utm_source=x#top"
    assert make_article(TEXT, given_id=" a 1 ", url=url, fallback_id="/a.txt").given_id == "a 1"
    assert make_article(TEXT, url=url, fallback_id="/a.txt").given_id == "https://example.org/a"
    assert make_article(TEXT, fallback_id="/a.txt").given_id == "/a.txt"
    assert make_article(TEXT).given_id == text_digest(TEXT)


def test_the_id_is_made_from_the_given_id() -> None:
    assert make_article(TEXT, given_id="a").id == "art_" + hashlib.sha256(b"a").hexdigest()[:16] == safe_id("a")


@pytest.mark.parametrize("blank", ["", " \n\t\u00a0\u2003"])
def test_a_blank_text_is_refused(blank: str) -> None:
    with pytest.raises(ArticleError, match="the text is empty; expected"):
        make_article(blank, given_id="a")


def test_an_id_that_looks_generated_is_refused() -> None:
    with pytest.raises(ArticleError, match="looks like a generated one"):
        make_article(TEXT, given_id="art_0123456789abcdef")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example/",
        "www.example.org/a",
        "http://",
        "https://a b",
        "http://[::1",
        "http://a:99999/",
    ],
)
def test_a_url_that_cannot_be_used_is_dropped_with_a_notice(url: str) -> None:
    notices: list[str] = []
    article = make_article(TEXT, url=url, fallback_id="/a.txt", notice=notices.append)
    assert (article.url, article.given_id) == (None, "/a.txt")
    assert len(notices) == 1
    assert url in notices[0]
    assert "expected one such as https://" in notices[0]


def test_a_date_that_cannot_be_used_is_dropped_with_a_notice() -> None:
    notices: list[str] = []
    article = make_article(TEXT, published_at="next week", notice=notices.append)
    assert article.published_at is None
    assert notices[0].startswith("the date 'next week' cannot be read; expected")


def test_without_a_listener_a_dropped_field_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    make_article(TEXT, published_at="next week")
    assert "next week" in caplog.text


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://EXAMPLE.org:80", "http://example.org/"),
        ("https://example.org:8443/A?b=1&UTM_x=2&fbclid=3&c#d", "https://example.org:8443/A?b=1&c"),
        ("https://example.org/a?gclid=1", "https://example.org/a"),
        ("https://u:P@Example.org/ü?q=%20", "https://u:P@example.org/ü?q=%20"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("http://example.org:/a", "http://example.org/a"),
    ],
)
def test_two_links_to_one_page_share_an_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@given(st.text(max_size=60))
def test_a_canonical_url_is_its_own_canonical_url(tail: str) -> None:
    try:
        once = canonical_url("https://example.org/" + tail)
    except ValueError:
        return
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bridge repaired\n\nIt took two weeks.", "Bridge repaired"),
        ("\n  Bridge\u00a0repaired \r\nIt took two weeks.", "Bridge repaired"),
        ("It was repaired.\nIt took two weeks.", "It was repaired. It took two weeks."),
        ("Bridge repaired", "Bridge repaired"),
        (
            "one two three four five six seven eight nine ten eleven",
            "one two three four five six seven eight nine ten…",
        ),
        ("a" * 151 + "\nmore", "a" * 80 + "…"),
    ],
)
def test_a_title_is_the_headline_or_the_first_words(text: str, title: str) -> None:
    assert default_title(text) == title


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_every_text_has_a_title_on_one_line(text: str) -> None:
    title = make_article(text).title
    assert title
    assert title == " ".join(title.split())


GERMAN = "Die Fähre nach Skerrin fuhr am Freitag wegen des Nebels zehn Minuten zu spät, sagte der Hafenmeister. " * 3


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (GERMAN, None, "2024-04-03"),
        ("Words.", "de", "2024-04-03"),
        (GERMAN, "en", "2024-03-04"),  # what is declared goes before what is guessed
        ("Words.", None, "2024-03-04"),
    ],
)
def test_a_date_is_read_in_the_language_of_its_article(text: str, language: str | None, expected: str) -> None:
    assert make_article(text, published_at="03/04/2024", language=language).published_at == expected


def test_months_are_read_in_the_language_of_the_article() -> None:
    assert make_article(GERMAN, published_at="5. März 2024").published_at == "2024-03-05"
