"""What a page says of itself, in each of the ways that pages do."""

from __future__ import annotations

import json

import pytest

from qa.corpus.formats.page_metadata import page_metadata

NOTHING = {"title": None, "author": None, "published_at": None, "source": None, "language": None, "url": None}


def page(*head: str, lang: str = "") -> str:
    return f"<!doctype html><html{lang}><head>{''.join(head)}</head><body><p>The ferry sails at noon.</p></body></html>"


def linked_data(held: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(held)}</script>'


NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferry  sails\nagain",
    "datePublished": "2024-03-08T05:00:00+01:00",
    "author": [{"@type": "Person", "name": "Odette Farrow"}, "N. Callum", {"name": "Odette Farrow"}],
    "publisher": {"@type": "Organization", "name": "The Harbour Post"},
    "inLanguage": "en-GB",
}
FACTS = {
    "title": "Ferry sails again",
    "author": "Odette Farrow, N. Callum",
    "published_at": "2024-03-08T05:00:00+01:00",
    "source": "The Harbour Post",
    "language": "en-GB",
    "url": None,
}


@pytest.mark.parametrize(
    "held",
    [
        NEWS,
        [{"@type": "WebSite", "headline": "Not this"}, NEWS],
        {"@graph": [{"@type": "Organization", "name": "Not this"}, {**NEWS, "@type": ["Thing", "BlogPosting"]}]},
    ],
    ids=["alone", "in a list", "in a graph"],
)
def test_linked_data_of_an_article_is_read(held: object) -> None:
    assert page_metadata(page(linked_data(held))) == FACTS


def test_linked_data_goes_before_open_graph_and_that_before_nothing() -> None:
    graph = (
        '<meta property="og:title" content="Another title"><meta property="og:site_name" content="Another Post">'
        '<meta property="article:published_time" content="2020-01-01"><meta name="AUTHOR" content="Somebody">'
        '<meta property="og:url" content="https://post.example/og"><meta property="og:locale" content="de_DE">'
    )
    assert page_metadata(page(graph, linked_data(NEWS))) == {**FACTS, "url": "https://post.example/og"}
    assert page_metadata(page(graph)) == {
        "title": "Another title",
        "author": "Somebody",
        "published_at": "2020-01-01",
        "source": "Another Post",
        "language": "de_DE",
        "url": "https://post.example/og",
    }
    assert page_metadata(page()) == NOTHING


def test_the_canonical_link_and_the_pages_language_are_read() -> None:
    link = '<link rel="alternate" href="/no"><link rel="Canonical" href=" https://post.example/ferry ">'
    found = page_metadata(page(link, lang=' lang="sv"'))
    assert (found["url"], found["language"]) == ("https://post.example/ferry", "sv")


@pytest.mark.parametrize(
    ("stated", "published_at"),
    [
        ('<time pubdate datetime="2024-03-08">Friday</time>', "2024-03-08"),
        ('<time class="Entry-Date published" datetime="2024-03-08T05:00:00Z">Friday</time>', "2024-03-08T05:00:00Z"),
        ('<time class="published">8 March\n 2024</time>', "8 March 2024"),
        ('<time itemprop="datePublished" datetime="2024-03-08">Friday</time>', "2024-03-08"),
        ('<span itemprop="datePublished" content="2024-03-08">Friday</span>', "2024-03-08"),
        (
            '<time class="published" datetime="2024-03-08"></time><time class="published" datetime="2020-01-01"></time>',
            "2024-03-08",
        ),
        ('<nav><time class="published" datetime="2020-01-01"></time></nav><time pubdate datetime="2024-03-08">', "2024-03-08"),
        ('<meta name="date" content="2024-03-08"><time pubdate datetime="2020-01-01">Friday</time>', "2024-03-08"),
        ('<meta name="DC.date.issued" content="2024-03-08">', "2024-03-08"),
        ('<time datetime="2024-03-08">Friday</time>', None),
        ('<time class="updated" datetime="2024-03-08">Friday</time>', None),
        ('<time class="published"> </time>', None),
        ('<meta property="article:modified_time" content="2024-03-08">', None),
        ('<meta name="dcterms.created" content="2024-03-08">', None),
        ("<p>Copyright 1999. The last rise was in 2019.</p>", None),
    ],
)
def test_a_date_is_one_that_is_said_to_be_that_of_publication(stated: str, published_at: str | None) -> None:
    assert page_metadata(page(stated))["published_at"] == published_at


@pytest.mark.parametrize(
    "block",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", </script>',
        f'<script type="application/ld+json">{"[" * 100_000}</script>',
        '<script type="application/ld+json"></script>',
        linked_data({"@type": {"odd": 1}, "headline": "No"}),
        linked_data({"@type": "NewsArticle", "headline": 5, "author": {"name": ["a"]}, "publisher": None, "datePublished": []}),
        linked_data({"@type": "NewsArticle", "author": "https://post.example/staff/1"}),
        linked_data({"@graph": "none"}),
        linked_data("text"),
    ],
)
def test_blocks_that_make_no_sense_say_nothing(block: str) -> None:
    assert page_metadata(page(block)) == NOTHING


@pytest.mark.parametrize("source", ["", " ", "<!-- only this -->", "no elements"])
def test_a_page_of_nothing_says_nothing(source: str) -> None:
    assert {name: fact for name, fact in page_metadata(source).items() if fact} == {}
