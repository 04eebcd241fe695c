"""Which entries of a feed keep their links, and what the others are known by."""

from __future__ import annotations

import pytest

from qa.corpus.feed_entries import owned
from qa.corpus.formats.article_draft import ArticleDraft

FEED = "https://www.post.example/news/feed.xml"


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/ferry", "https://www.post.example/ferry"),
        ("http://post.example/ferry", "http://post.example/ferry"),
        ("https://blog.post.example/ferry", "https://blog.post.example/ferry"),
        ("https://notpost.example/ferry", None),
        ("https://example/ferry", None),
        ("https://friend.example/ferry", "https://friend.example/ferry"),
        ("https://www.friend.example/ferry", "https://www.friend.example/ferry"),
        ("https://post.example@other.example/ferry", None),
    ],
)
def test_a_link_stays_on_the_feeds_site_below_it_or_where_the_user_lets_it(link: str, kept: str | None) -> None:
    draft = owned(ArticleDraft("The ferry was late.", url=link, given_id="1"), FEED, may_name=("www.friend.example",))
    assert draft.url == kept
    assert draft.given_id == (None if kept else f"{FEED}#{link}")
    assert bool(draft.notices) == (kept is None)


def test_an_entry_without_a_link_is_known_by_its_id_behind_the_feeds_address() -> None:
    assert owned(ArticleDraft("The ferry was late.", given_id="crane-1"), FEED).given_id == f"{FEED}#crane-1"
    assert owned(ArticleDraft("The ferry was late."), FEED).given_id is None
    assert len(owned(ArticleDraft("The ferry was late.", given_id="1" * 9_000), FEED).given_id or "") == len(FEED) + 65
