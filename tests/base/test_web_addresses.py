"""Which addresses are linked, wherever they come from."""

from __future__ import annotations

import pytest

from qa.api.citation import LinksShape
from qa.api.source import SourceShape
from qa.base.web_addresses import linkable, own_page

RUN_WHEN_CLICKED = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)"]
NO_PAGES = [
    "data:text/html,a",
    "vbscript:x",
    "file:///etc/passwd",
    "//other.example/",
    "/articles",
    "https://",
    "https://a.b/<b>",
    "",
]


@pytest.mark.parametrize("url", [*RUN_WHEN_CLICKED, *NO_PAGES])
def test_what_is_no_web_address_is_not_linked(url: str) -> None:
    assert linkable(url) is None
    kept = {"name": None, "url": url, "author": None, "published_at": None, "language": None}
    assert SourceShape.model_validate(kept).url is None
    assert LinksShape.model_validate({"sentence": "/articles/art_1?version=2#s3", "original": url}).original is None


@pytest.mark.parametrize(
    "url", ["https://post.example/ferry#:~:text=It%20left", "http://127.0.0.1:8000/a?b=c", "https://bücher.example/ä"]
)
def test_a_web_address_is_linked_as_it_is(url: str) -> None:
    assert linkable(url) == url
    assert linkable(None) is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//other.example/articles/", "https://other.example", "/login"])
def test_a_kept_answers_own_links_stay_on_the_pages_of_articles(link: str) -> None:
    assert LinksShape(sentence=link, original=None).sentence == "/library"
    assert own_page("/articles/art_1?version=2#s3") == "/articles/art_1?version=2#s3"
