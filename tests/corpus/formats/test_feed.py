"""Feeds as sites publish them: RSS 2.0, RSS 1.0 and Atom, whole and broken."""

from __future__ import annotations

import pytest

from qa.base.errors import ArticleError
from qa.corpus.formats.feed import Entry, read_feed
from qa.corpus.parser_process import ParserProcess

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Harbour Post</title><link>https://post.example/</link>
<language>en-gb</language>
<item><title>Ferry &amp; fog</title><link>https://post.example/ferry</link><pubDate>Fri, 08 Mar 2024 05:00:00 +0100</pubDate>
<dc:creator>Odette Farrow</dc:creator><description>The ferry was late.</description>
<content:encoded><![CDATA[<p>The ferry was late by ten minutes.</p><p>Nobody was hurt.</p>]]></content:encoded></item>
<item><title>Crane</title><guid isPermaLink="false">crane-1</guid>
<description>The crane fell &lt;b&gt;twice&lt;/b&gt;.</description></item>
<item><title>Nothing</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Harbour Post</title><author><name>The desk</name></author>
<entry><title>Ferry</title><link href="https://post.example/ferry"/><id>tag:1</id><updated>2024-03-08T05:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The ferry of Élie was late.</p></div></content></entry>
</feed>"""
RSS_1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>
<title>Post</title></channel>
<item><title>Ferry</title><link>https://post.example/f</link><description>It was late.</description></item></rdf:RDF>"""


def read(source: str | bytes, parser: ParserProcess) -> list[Entry]:
    return read_feed(source if isinstance(source, bytes) else source.encode(), origin="a.rss", parse=parser.call)


def test_an_entry_becomes_an_article_with_the_feeds_facts(parser: ParserProcess) -> None:
    ferry, crane = read(RSS, parser)
    assert ferry.is_whole and ferry.draft.notices == ()
    assert ferry.draft.text == "The ferry was late by ten minutes.\n\nNobody was hurt."
    assert (ferry.draft.title, ferry.draft.url, ferry.draft.author) == (
        "Ferry & fog",
        "https://post.example/ferry",
        "Odette Farrow",
    )
    assert (ferry.draft.source, ferry.draft.language) == ("The Harbour Post", "en-gb")
    assert ferry.draft.published_at == "Fri, 08 Mar 2024 05:00:00 +0100"
    assert (crane.draft.text, crane.draft.given_id, crane.draft.record) == ("The crane fell twice.", "crane-1", 2)
    assert not crane.is_whole
    assert crane.draft.notices == ("the feed gives no more than the beginning of this article",)


def test_links_to_other_articles_are_no_part_of_an_entry(parser: ParserProcess) -> None:
    more = "<p>Nobody was hurt.</p><p>Related: <a href='https://post.example/f'>Who pays for the ferry?</a></p>"
    ferry, _ = read(RSS.replace("<p>Nobody was hurt.</p>", more), parser)
    assert ferry.draft.text == "The ferry was late by ten minutes.\n\nNobody was hurt."


def test_atom_and_rss_1_are_read_too(parser: ParserProcess) -> None:
    (entry,) = read(ATOM, parser)
    assert (entry.draft.text, entry.draft.author, entry.is_whole) == ("The ferry of Élie was late.", "The desk", True)
    assert (entry.draft.given_id, entry.draft.published_at) == (None, "2024-03-08T05:00:00Z")
    (old,) = read(RSS_1, parser)
    assert (old.draft.text, old.draft.url) == ("It was late.", "https://post.example/f")


def test_the_entries_before_a_cut_are_kept(parser: ParserProcess) -> None:
    assert [entry.draft.title for entry in read(RSS[: RSS.index("<item><title>Crane")], parser)] == ["Ferry & fog"]


def test_ten_thousand_entries_are_read(parser: ParserProcess) -> None:
    items = "".join(f"<item><title>Ship {n}</title><description>Ship {n} left.</description></item>" for n in range(10_000))
    entries = read(f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>', parser)
    assert (len(entries), entries[-1].draft.text) == (10_000, "Ship 9999 left.")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "no RSS or Atom feed"),
        ("just words", "no RSS or Atom feed"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "no RSS or Atom feed"),
        ('<rss version="2.0"><channel><title>Post</title></channel></rss>', "none of its 0 entries has a text"),
        ('<rss version="2.0"><channel><item><title>Crane</title></item></channel></rss>', "none of its 1 entries has a text"),
    ],
)
def test_what_is_no_feed_or_an_empty_one_is_refused(source: str, reason: str, parser: ParserProcess) -> None:
    with pytest.raises(ArticleError) as failure:
        read(source, parser)
    assert reason in failure.value.reason


def test_entities_that_multiply_do_not_take_the_memory(parser: ParserProcess) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(9))
    item = "<item><description>A ship &e8; left.</description></item>"
    bomb = f'<!DOCTYPE r [{entities}]><rss version="2.0"><channel>{item}</channel></rss>'
    entries = read(bomb, parser)
    assert len(entries[0].draft.text) < 1_000
