"""Links to other articles in the text of a page, and what looks like them."""

from __future__ import annotations

import time

import pytest
from lxml import html  # type: ignore[import-untyped,unused-ignore]

from qa.corpus.formats.other_articles import drop_other_articles

STORY = "<p>The bridge over the Varrow was repaired on Monday, and the mayor crossed it first with a band before her.</p>" * 4


def kept(block: str) -> str:
    """What is left of a block that stands in a story."""
    tree = html.fromstring(f"<html><body><article>{STORY}<section>{block}</section>{STORY}</article></body></html>")
    drop_other_articles(tree)
    return " ".join(tree.find(".//section").text_content().split())


@pytest.mark.parametrize(
    "block",
    [
        # A label by its words, in a language or another
        "<h4>Read more</h4><ul><li><a href='/a'>Who pays?</a></li></ul>",
        "<p>Lees ook</p><p><a href='/a'>Boot vaart weer</a></p><p><a href='/b'>Wie betaalt?</a></p>",
        # A heading over linked sentences, in any language
        "<h3>Gerade oben</h3><ul><li><a href='/a'>Wer zahlt das?</a></li><li><a href='/b'>Der Hafen schließt.</a></li></ul>",
        # Cards
        "<div><h4><a href='/a'>Seals counted</a></h4><p>Two hundred were seen.</p></div>"
        "<div><h4><a href='/b'>Pier painted</a></h4><p>It is blue now.</p></div>",
        # A mark and a title
        "<p>Read more: <a href='/a'>Who pays for the bridge?</a></p>",
        "<p><strong>Läs mer:</strong> <a href='/a'>Vem betalar för bron?</a></p>",
        "<p><em>À lire aussi : <a href='https://other.example/a'>Qui paie le pont ?</a></em></p>",
    ],
)
def test_links_to_other_articles_are_dropped(block: str) -> None:
    assert kept(block) == ""


@pytest.mark.parametrize(
    "block",
    [
        "<ul><li><a href='/a'>The hall of boats</a> has nine ships.</li><li><a href='/b'>The hall of salt</a> is new.</li></ul>",
        "<h3>Winners</h3><ul><li><a href='/a'>Anna Berg</a></li><li><a href='/b'>Bo Lind</a></li></ul>",
        "<p>The nominees are:</p><ul><li><a href='/a'>Is it so?</a></li><li><a href='/b'>The Quay.</a></li></ul>",
        "<p>The town says: <a href='/a'>“Visitors need more light.”</a></p>",
        "<p><strong>Source:</strong> <a href='https://town.example/r'>Report of the harbour office</a></p>",
        "<p><a href='/a'>The plan of the museum names every room.</a></p>",
        "<h3>Contents</h3><ul><li><a href='#1'>Who pays?</a></li><li><a href='#2'>Who built it?</a></li></ul>",
        "<div><h4>Seals counted</h4><p>Two hundred were seen.</p></div><div><h4>Pier painted</h4><p>It is blue.</p></div>",
        "<p>He <a href='/a'>read more</a> than anyone. Related industries suffered.</p>",
    ],
)
def test_what_may_be_part_of_the_story_stays(block: str) -> None:
    assert kept(block) == " ".join(html.fromstring(f"<div>{block}</div>").text_content().split())


def test_the_text_behind_a_dropped_block_stays() -> None:
    assert kept("<p>Read more: <a href='/a'>Who pays for it?</a></p> It rained.") == "It rained."


def test_a_page_that_lists_articles_keeps_them() -> None:
    card = "<div><h2><a href='/a'>Seals counted</a></h2><p>Volunteers saw two hundred of them on the sandbank.</p></div>"
    tree = html.fromstring(f"<html><body><main>{card * 9}</main></body></html>")
    drop_other_articles(tree)
    assert tree.text_content().count("Volunteers") == 9


@pytest.mark.parametrize(
    "page",
    [
        "<ul>" + "<li><a href='/x'>Is it so?</a></li>\n" * 10_000 + "</ul>",
        "<div>" * 200 + "<h3>a <a href='/x'>b c d?</a></h3>" * 10_000,
        "<div><h3><a href='/x'>b c d?</a></h3><p>He went.</p></div>" * 10_000,
    ],
)
def test_the_work_is_linear(page: str) -> None:
    begun = time.process_time()
    drop_other_articles(html.fromstring(f"<html><body>{page}</body></html>"))
    assert time.process_time() - begun < 5  # .4 s; 40 s where each looks at all of its neighbours
