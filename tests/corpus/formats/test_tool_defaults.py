"""Which titles and authors are a program's own."""

from __future__ import annotations

import pytest

from qa.corpus.formats.tool_defaults import believable


@pytest.mark.parametrize("title", ["Untitled", "document 2", "Microsoft Word - bridge v3.docx", "report_final.pdf", "Sans titre"])
def test_a_default_title_is_none(title: str) -> None:
    assert believable({"title": title, "author": "Ann Lee"}) == {"title": None, "author": "Ann Lee"}


@pytest.mark.parametrize(
    "title", ["Untitled no more: a painter returns", "The document that cost 40 million", "User 2 wins", "", None]
)
def test_a_title_that_only_begins_like_one_stays(title: str | None) -> None:
    assert believable({"title": title}) == {"title": title}


@pytest.mark.parametrize(("author", "believed"), [("Microsoft Office User", None), ("admin", None), ("A. User", "A. User")])
def test_a_default_author_is_none(author: str, believed: str | None) -> None:
    assert believable({"title": "T", "author": author})["author"] == believed
