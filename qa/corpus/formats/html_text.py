"""HTML that contains only an article, as in a feed, a book or a Word file → its text, block by block (lxml).

`html.py` is for whole pages, which contain more than their article.
"""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

from qa.corpus.formats.html_tables import write_tables

_DROPPED = "script style template noscript iframe object svg math form button nav figure figcaption sup audio video head".split()
_BLOCKS = frozenset(
    "address article aside blockquote body dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th "
    "tr ul caption thead tbody".split()
)
_HEADINGS = ("h1", "h2", "h3", "h4")
_BLANKS = re.compile(r"[ \t\n\r\f]+")


def tree_of(data: bytes | str) -> html.HtmlElement | None:
    """The element tree; None for blank input. XHTML is parsed as HTML, as browsers do without an XML media type."""
    source = data.encode("utf-8", "replace") if isinstance(data, str) else data
    try:
        return html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8" if isinstance(data, str) else None))
    except etree.ParserError:
        return None


def text_of(tree: html.HtmlElement) -> str:
    """Paragraphs with an empty line between them, list items as lines that begin with "- ", and rows as `tables.py` reads them.

    Scripts, forms, navigation, figures and other elements without article text are left out.
    """
    etree.strip_elements(tree, *_DROPPED, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    write_tables(tree)
    blocks: list[tuple[str, str]] = []  # the element that begins the block, its text
    words: list[str] = []
    begun_by = "p"

    def end_block(following: str) -> None:
        nonlocal begun_by
        text = "\n".join(filter(None, (_BLANKS.sub(" ", line).strip() for line in "".join(words).split("\v"))))
        if text:
            blocks.append((begun_by, text))
        words.clear()
        begun_by = following

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag in _BLOCKS
        if event == "start":
            if is_block:
                end_block("li" if element.tag == "li" or (begun_by == "li" and not "".join(words).strip()) else str(element.tag))
            elif element.tag == "br":
                words.append("\v")
            words.append(element.text or "")
        else:
            if is_block:
                end_block("p")
            words.append(element.tail or "")
    end_block("p")
    lines = [f"- {text}" if kind == "li" else text for kind, text in blocks]
    gaps = ["\n" if kind == before == "li" else "\n\n" for (before, _), (kind, _) in pairwise(blocks)]
    return "".join(part for pair in zip(["", *gaps], lines, strict=True) for part in pair)


def heading_of(tree: html.HtmlElement) -> str | None:
    """The first heading, on one line."""
    heading = next((element for element in tree.iter(*_HEADINGS) if element.text_content().strip()), None)
    return None if heading is None else " ".join(heading.text_content().split())
