"""A page's tree → the same without the links to other articles that stand in its text, such as "Most read" or "Read more: …".

They are found by their structure: blocks that are nothing but a link, in a row or behind a label, and cards that begin with a
linked headline. Words decide only on single blocks. Lists of links that may be a part of the story stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]

from qa.corpus.boilerplate import is_link_line, opens_link_list
from qa.corpus.sentence_endings import ends_like_a_sentence

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body dd div dl dt footer header li main nav ol p section ul".split()
)
_LISTS = frozenset("div ol section ul".split())
_CARDS = frozenset("article div li section".split())
_LINES = frozenset("aside blockquote div h2 h3 h4 p".split())
_EMPHASES = frozenset("b em i strong".split())
_WITHOUT_TEXT = frozenset("noscript script style template".split())
_NOWHERE_ELSE = ("#", "mailto:", "tel:", "javascript:")
_QUOTATION = re.compile(r"[\"“”„«‘’»‹›「]")
# These five were set on pages written for it (tests/quality/boilerplate_pages) and hold on 986 real ones.
_MOSTLY = 0.9  # of a block's characters; a mark or a number may stand beside the link
_LONGEST_LABEL = 60  # characters without white space, as all of these
_LONGEST_CARD = 300  # a headline with one or two sentences
_LONGEST_MARK = 40  # before a link, such as "Read more:"
_FEWEST_WORDS = 3  # of a headline
_MOST_ELEMENTS = 60  # in a card or label; with more, it is not looked into


@dataclass(slots=True)
class _Content:
    """Of an element: its characters other than white space, those in links, and the elements and blocks within."""

    characters: int = 0
    linked: int = 0
    elements: int = 0
    blocks: int = 0


Contents = Mapping[HtmlElement, _Content]


def drop_other_articles(tree: HtmlElement) -> None:
    """Empty such blocks, unless they are the greater part of the page, as where a page lists articles."""
    contents = _contents(tree)
    dropped = list(_dropped(tree, contents))
    if 2 * sum(contents[element].characters for element in dropped) > contents[tree].characters:
        return
    for element in dropped:
        element.clear(keep_tail=True)


def _contents(tree: HtmlElement) -> Contents:
    """Of every element, in one walk from the last to the first, so that children come before their parents."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    contents = {element: _Content() for element in elements}
    for element in reversed(elements):
        own = contents[element]
        if element.tag in _WITHOUT_TEXT:
            own.characters = own.linked = 0
        else:
            own.characters += _count(element.text) + sum(_count(child.tail) for child in element)
        if element.tag == "a" and element.get("href"):
            own.linked = own.characters
        above = contents.get(element.getparent())  # none of the root's
        if above is not None:
            above.characters += own.characters
            above.linked += own.linked
            above.elements += own.elements + 1
            above.blocks += own.blocks + (element.tag in _BLOCKS)
    return contents


def _count(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _dropped(tree: HtmlElement, contents: Contents) -> Iterator[HtmlElement]:
    """The blocks that lead to other articles; none is within another."""
    waiting = [tree]
    while waiting:
        children = _children(waiting.pop(), contents)
        dropped = set(_dropped_among(children, contents))
        yield from dropped
        waiting.extend(child for child in children if child not in dropped)


def _children(element: HtmlElement, contents: Contents) -> list[HtmlElement]:
    """Those with text."""
    return [child for child in element if isinstance(child.tag, str) and contents[child].characters]


def _dropped_among(children: Sequence[HtmlElement], contents: Contents) -> Iterator[HtmlElement]:
    """Of neighbours: runs of items with the label before them, and lines with a mark and a title."""
    position = 0
    while position < len(children):
        label = children[position] if _is_label(children[position], contents) else None
        first = position + (label is not None)
        run = _run(children, first, contents)
        if run and _lead_elsewhere(run, label, contents):
            yield from run if label is None else [label, *run]
        else:
            yield from (one for one in run or children[position : first + 1] if _is_link_line(one, contents))
        position = max(first + len(run), position + 1)


def _run(children: Sequence[HtmlElement], first: int, contents: Contents) -> list[HtmlElement]:
    """The items from `first` on, and lists of them, up to the first text that is in none."""
    run: list[HtmlElement] = []
    while first < len(children) and (_is_list(children[first], contents) or _is_item(children[first], contents)):
        run.append(children[first])
        if _count(children[first].tail):
            break
        first += 1
    return run


def _lead_elsewhere(run: Sequence[HtmlElement], label: HtmlElement | None, contents: Contents) -> bool:
    """Whether these items are other articles: by the label's words, as two cards, or as headlines below a heading.

    At least half of these headlines are sentences. Other linked lists may be the story's, such as those of winners.
    """
    words = _line(label) if label is not None else ""
    if opens_link_list(words):
        return True
    items = [item for one in run for item in (_children(one, contents) if _is_list(one, contents) else [one])]
    linked = [item for item in items if _is_linked(item, contents)]
    if len(items) < 2 or words.endswith(":"):
        return False
    if len(items) - len(linked) >= 2:  # cards
        return True
    sentences = sum(ends_like_a_sentence(_line(item)) for item in linked)
    return label is not None and label.tag in _HEADINGS and 2 * sentences >= len(items)


def _is_list(element: HtmlElement, contents: Contents) -> bool:
    """Whether it is a block of at least two items and nothing else."""
    if element.tag not in _LISTS or _count(element.text) or any(_count(child.tail) for child in element):
        return False
    items = _children(element, contents)
    return len(items) >= 2 and all(_is_item(item, contents) for item in items)


def _is_item(element: HtmlElement, contents: Contents) -> bool:
    return _is_linked(element, contents) or _is_card(element, contents)


def _is_small(element: HtmlElement, contents: Contents, *, most: int) -> bool:
    return contents[element].characters <= most and contents[element].elements <= _MOST_ELEMENTS


def _is_linked(element: HtmlElement, contents: Contents) -> bool:
    """Whether it is a block of nothing but one link to another page, or such a link that holds blocks."""
    content = contents[element]
    if element.tag not in _BLOCKS and not (element.tag == "a" and content.blocks):
        return False
    if content.linked < _MOSTLY * content.characters or not _is_small(element, contents, most=_LONGEST_CARD):
        return False
    links = _links(element)
    return len(links) == 1 and _is_elsewhere(links[0])


def _is_card(element: HtmlElement, contents: Contents) -> bool:
    """Whether it is a block that begins with a linked headline, its only one, and has a sentence or two below it."""
    if element.tag not in _CARDS or not _is_small(element, contents, most=_LONGEST_CARD):
        return False
    headings = list(element.iter(*_HEADINGS))
    if len(headings) != 1 or not _line(element).startswith(_line(headings[0])):
        return False
    return any(_is_elsewhere(link) for link in (*headings[0].iter("a"), *_links_around(headings[0], within=element)))


def _links_around(element: HtmlElement, *, within: HtmlElement) -> Iterator[HtmlElement]:
    above = element.getparent()
    while above is not None and above is not within:
        if above.tag == "a":
            yield above
        above = above.getparent()


def _is_label(element: HtmlElement, contents: Contents) -> bool:
    """Whether it is a heading, or a short line that is no sentence, without a link."""
    content = contents[element]
    if (
        element.tag not in _BLOCKS
        or content.linked
        or content.blocks > 1
        or not _is_small(element, contents, most=_LONGEST_LABEL)
    ):
        return False
    return element.tag in _HEADINGS or not ends_like_a_sentence(_line(element))


def _is_link_line(element: HtmlElement, contents: Contents) -> bool:
    """Whether it is a block with a mark and the title of another article, which is the link.

    The mark is known by its words, or set off in bold or italics and ends with a colon, and the link leads to the same site.
    """
    if element.tag not in _LINES or contents[element].blocks > 1 or not _is_small(element, contents, most=_LONGEST_CARD):
        return False
    links = _links(element)
    if len(links) != 1 or not _is_elsewhere(links[0]):
        return False
    line, title = _line(element), _line(links[0])
    mark = line.removesuffix(title).strip()
    if not line.endswith(title) or not 0 < len(mark) <= _LONGEST_MARK or len(title.split()) < _FEWEST_WORDS:
        return False
    if opens_link_list(mark) or is_link_line(line):
        return True
    is_own = not urlsplit(links[0].get("href").strip()).netloc
    return is_own and mark.endswith(":") and not _QUOTATION.match(title) and _is_set_off(element, mark)


def _is_set_off(element: HtmlElement, mark: str) -> bool:
    return any(_line(one).startswith(mark) for one in element.iter(*_EMPHASES))


def _links(element: HtmlElement) -> list[HtmlElement]:
    return [link for link in element.iter("a") if link.get("href") and _line(link)]


def _is_elsewhere(link: HtmlElement) -> bool:
    """Whether it leads to another page, not to a place on this one."""
    address = (link.get("href") or "").strip()
    return bool(address) and not address.startswith(_NOWHERE_ELSE)


def _line(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
