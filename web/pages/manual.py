"""Markdown of the manual → HTML: headings with anchors, tables that scroll, links to /help. Raw HTML is shown as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from qa import manual

_NO_ANCHOR = re.compile(r"[^\w\- ]")
_TITLE_TOKENS = 3  # the heading's start, words and end


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the second level, as the list at the top of a page names it."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page of the manual: its title, the HTML below it, and the headings in that."""

    title: str
    body: Markup
    headings: Sequence[Heading]


@cache
def manual_page(topic: str) -> ManualPage:
    """The page of one of the manual's topics."""
    return page_of(manual.page(topic))


def page_of(markdown: str) -> ManualPage:
    """A page of Markdown, of which the first heading is the title."""
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    title, body = _divided(parser.parse(markdown))
    headings = [heading for heading in map(_anchored, body, body[1:]) if heading]
    _rewrite_links(body)
    # The parser escapes every text and passes no raw HTML.
    return ManualPage(title, Markup(parser.renderer.render(body, parser.options, {})), headings)


def anchor_of(words: str) -> str:
    """The anchor that a repository's page gives a heading: lower case, hyphens for blanks, no other marks."""
    return _NO_ANCHOR.sub("", words.lower()).replace(" ", "-")


def _divided(tokens: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    return _words(tokens[1]), tokens[_TITLE_TOKENS:]


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _anchored(token: Token, following: Token) -> Heading | None:
    """Gives a heading its anchor; the heading, if it is of the second level."""
    if token.type != "heading_open":
        return None
    heading = Heading(anchor_of(_words(following)), _words(following))
    token.attrSet("id", heading.anchor)
    return heading if token.tag == "h2" else None


def _rewrite_links(tokens: Sequence[Token]) -> None:
    for token in tokens:
        link = manual.LINK.fullmatch(str(token.attrGet("href")))
        if link and link["topic"]:
            token.attrSet("href", f"/help/{link['topic']}{link['anchor'] or ''}")
        _rewrite_links(token.children or ())


class _Renderer(RendererHTML):
    """Whatever may be wider than the page scrolls, and takes the focus, so that the keyboard can scroll it."""

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        return '<div class="scrolls" role="group" aria-label="Table" tabindex="0"><table>'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        return '<th scope="col">'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        return "<td>"  # without the inline style of a column's alignment, which the page's policy forbids

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        return f'<pre tabindex="0"><code>{escapeHtml(tokens[idx].content)}</code></pre>\n'

    fence = code_block
