"""An article's text as people read it."""

from __future__ import annotations

import time

import pytest
from markdown_it import MarkdownIt

from qa.base.types import Article, Span
from qa.corpus.display.displayed import Displayed, shown_line


def displayed(text: str, *, is_markdown: bool = True) -> Displayed:
    return Displayed(Article(id="a", given_id="a", title="A title", text=text, is_markdown=is_markdown))


def shown(text: str, *, is_markdown: bool = True) -> str:
    return displayed(text, is_markdown=is_markdown).shown(Span(0, len(text))).text


def place(part: str, text: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('A **bold _move_** by [the *mayor*](https://x.example/(a)_b "T i").', "A bold move by the mayor."),
        ("Read [the report][r], [r] or [none].\n\n[r]: https://x.example 'T'", "Read the report, r or [none]."),
        ("Run `ls **` or ``a`b``.", "Run ls ** or a`b."),
        ("```sh\nls *\n```\n\n    x = **1**", "ls *\n\n\nx = **1**"),
        ("# One *head* ##\n\nTwo\n===\n\n***\n\nEnd", "One head\n\nTwo\n\n\n\n\nEnd"),
        ("> Quoted **and\n> on**.\n>> Deeper.", "Quoted and\non.\nDeeper."),
        ("- one\n  * two\n+ three\n- [ ] to do\n- [x] done", "one\ntwo\nthree\nto do\ndone"),
        ("1. one\n2. *two*", "1. one\n2. two"),
        ("It is in\n2024. The *year*.", "It is in\n2024. The year."),
        ("Fish &amp; chips, 3 \\* 4 &copy; #1 &nothing;", "Fish & chips, 3 * 4 © #1 &nothing;"),
        ("See <https://x.example/a_b> or <a@x.example>.", "See https://x.example/a_b or a@x.example."),
        ("Told[^1].\n\n[^1]: By *her*.", "Told.\n\nBy her."),
        ("Seen <!-- not\nthis --> <b>now</b>.\n\n<!-- nor\n\nthat -->\nEnd", "Seen  now.\n\n\n\n\nEnd"),
        ("![A map](m.png) of ~~the~~ pier", "A map of the pier"),
        ("snake_case_name, 2 * 3 * 4, a ** b", "snake_case_name, 2 * 3 * 4, a ** b"),
        (
            "| Ticket | **Price** |\n|:--|--:|\n| Adults | `2.40` |\n| a\\|b | |",
            "Ticket · Price\n\nTicket: Adults · Price: 2.40\nTicket: a|b",
        ),
        ("---", ""),
    ],
)
def test_the_marks_of_markdown_do_not_show(source: str, words: str) -> None:
    assert shown(source) == words


def test_the_bullet_of_an_item_does_not_show_in_a_quote_of_any_text() -> None:
    text = "The soup:\n- 400 grams of eel\n• 3 onions - or 4"
    quoted = [displayed(text, is_markdown=False).words(place(part, text)) for part in text.split("\n")]
    assert quoted == ["The soup:", "400 grams of eel", "3 onions - or 4"]
    assert displayed(text, is_markdown=False).words(place("- or 4", text)) == "- or 4"


@pytest.mark.parametrize(
    "source",
    [
        "**a *b** c* __d__ ***e*** *f **g** h* _i_j_ *k",
        "[a [b](c) d](e) ![f g](i) [j](<k l> 'm') [n](o(p)q) [r](s",
        "`a `` b` c\\`d` e``f",
        "<a@b.c> <d> <e f='g'> &lt; &#42;x&#42; \\\\ \\a h\\\ni",
        "> a\n> - b *c\n>   d*\n\ne\n- f\n\n  g",
        "a\n# b #\nc\n---\n~~~\n*d*\n~~~\n    e",
    ],
)
def test_the_words_are_those_that_commonmark_gives(source: str) -> None:
    tokens = MarkdownIt("commonmark").parse(source)
    inline = [child for token in tokens for child in token.children or [token]]
    words = "".join(token.content for token in inline if token.type != "html_inline")
    assert "".join(words.split()) == "".join(shown(source).split())


def test_offsets_are_mapped_both_ways() -> None:
    text = "Before. *Adults* pay **[2.40](/fares)** &amp; more."
    quote = displayed(text).shown(Span(8, len(text)))
    assert quote.text == "Adults pay 2.40 & more."
    part = quote.shown(place("2.40", text))
    assert part is not None and part.of(quote.text) == "2.40"
    assert quote.source(part) == place("2.40", text)
    assert quote.shown(place("**[", text)) is None
    with_marks = quote.shown(place("**[2.40](/fares)**", text))
    assert with_marks == part


def test_a_part_of_a_row_is_shown_without_the_head_before_it() -> None:
    text = "| Ticket | Price |\n|---|---|\n| Adults | 2.40 |"
    row = displayed(text, is_markdown=False).shown(place("| Adults | 2.40 |", text))
    assert row.text == "Ticket: Adults · Price: 2.40"
    part = row.shown(place("2.40", text))
    assert part is not None and (part.of(row.text), row.source(part)) == ("2.40", place("2.40", text))


def test_a_row_of_two_cells_without_heads_is_a_label_and_what_it_labels() -> None:
    assert shown("| Adults | free |\n| Dogs | free |", is_markdown=False) == "Adults: free\nDogs: free"


def test_a_mark_that_ends_an_earlier_quotation_does_not_begin_a_quote() -> None:
    assert shown('" The mayor left.', is_markdown=False) == "The mayor left."
    assert shown('"The mayor left."', is_markdown=False) == '"The mayor left."'


def test_text_that_is_no_markdown_stays_as_it_stands() -> None:
    text = "It is - 2 **x** [a](b) `c` &amp; # d\n> e"
    assert shown(text, is_markdown=False) == text


def test_the_words_on_the_page_are_those_of_its_blocks() -> None:
    text = "- ![A map](m.png) The *pier* opens.\n\n1. Buy a ticket.\n\n| Ticket | Price |\n|---|---|\n| Adults | 2.40 |"
    page = displayed(text)
    assert page.on_page(place("- ![A map](m.png) The *pier* opens.", text)) == ("The pier opens.",)
    assert page.on_page(place("1. Buy a ticket.", text)) == ("Buy a ticket.",)
    assert page.on_page(place("| Adults | 2.40 |", text)) == ("Adults", "2.40")


def test_a_title_is_shown_without_marks() -> None:
    assert (shown_line("The **new** [fares](/f)"), shown_line("**")) == ("The new fares", "**")


HOSTILE = [
    *(
        "*",
        "_",
        "[",
        "]",
        "`",
        "![",
        "<",
        "<!--",
        "[a](",
        '[a](b "',
        "[a](<b",
        "**a *b ",
        "`a``b",
        "> ",
        "| a ",
        "_*",
        "\\",
        "[^a]",
    ),
    *("[a]: b\n", "- a\n", "> a\n", "```\n", "a|b\n", "| a |\n|---|\n", "|", "[a][", "&amp", "1. ", "x\\\n"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_is_linear_in_the_length(piece: str) -> None:
    """Eight times the text takes eight times the work, and not sixty-four times."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        shown(text)
        return time.process_time() - began

    assert seconds(160_000) < 30 * max(seconds(20_000), 0.004)
