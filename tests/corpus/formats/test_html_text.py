"""Pieces of HTML that are all article, block by block."""

from __future__ import annotations

import pytest

from qa.corpus.formats.html_text import heading_of, text_of, tree_of


def _text(markup: str) -> str:
    tree = tree_of(markup)
    assert tree is not None
    return text_of(tree)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One ship\n left.</p><p>Two <b>ships</b> came.</p>", "One ship left.\n\nTwo ships came."),
        ("No element at all.", "No element at all."),
        ("<h2>Ships</h2>Loose words.<p>More.</p>", "Ships\n\nLoose words.\n\nMore."),
        ("<ul><li>One.</li><li>Two.</li></ul><p>End.</p>", "- One.\n- Two.\n\nEnd."),
        ("<ul><li><p>One.</p></li><li><div>Two.</div></li></ul>", "- One.\n- Two."),
        ("One line<br>and another<br/><br/>", "One line\nand another"),
        ("<table><tr><td>Ships</td><td>12</td></tr></table>", "| Ships | 12 |"),
        ("<p>Seen.</p><script>alert(1)</script><style>p{}</style><!-- not this -->", "Seen."),
        ("<figure><img><figcaption>A ship</figcaption></figure><p>Seen.</p>", "Seen."),
        ("<p>12<sup>[3]</sup> ships &amp; a boat&nbsp;came</p>", "12 ships & a boat\u00a0came"),
        ("<p>Élodie’s 渡轮</p>", "Élodie’s 渡轮"),
    ],
)
def test_blocks_become_paragraphs_and_what_nobody_reads_is_left_out(markup: str, text: str) -> None:
    assert _text(markup) == text


@pytest.mark.parametrize("nothing", ["", "  \n", "<!-- -->"])
def test_where_there_is_nothing_there_is_no_text(nothing: str) -> None:
    tree = tree_of(nothing)
    assert tree is None or text_of(tree) == ""


def test_the_first_heading_with_words_is_found() -> None:
    tree = tree_of("<h1> </h1><p>Words.</p><h3>The\n <i>Halcyon</i></h3>")
    assert tree is not None
    assert heading_of(tree) == "The Halcyon"
