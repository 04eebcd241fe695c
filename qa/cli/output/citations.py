"""Citations → their quotes, those of one article together, and below them the article that they come from."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from qa.answer.links import joined_links
from qa.base.types import Citation, Filters
from qa.cli.output.screen import Screen
from qa.cli.output.sources import show_also_in, source_in_words, with_middle_bold
from qa.cli.output.styles import DIM
from qa.cli.output.text import on_one_line, visible

_SOURCE = "— "


def show_citations(
    citations: Sequence[Citation], filters: Filters, screen: Screen, *, are_numbered: bool = True, verbose: bool = False
) -> None:
    """A block for each article, in the order of its first quote. The part of a quote that answers is bold."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.article_id, []).append(citation)
    for group in groups.values():
        screen.line()
        _show_article(group, filters, screen, are_numbered=are_numbered, verbose=verbose)


def _show_article(group: Sequence[Citation], filters: Filters, screen: Screen, *, are_numbered: bool, verbose: bool) -> None:
    labels = [f"[{citation.number}]" if are_numbered else "-" for citation in group]
    indent = max(map(len, labels)) + 1
    for label, citation in zip(labels, group, strict=True):
        screen.paragraph(with_middle_bold(citation.shown_pieces), first=label, indent=indent)
        if verbose:
            _show_place(citation, screen, indent)
    _show_source(group, filters, screen, indent)
    for label, citation in zip(labels, group, strict=True):
        sameness = f"{label} stands word for word" if len(group) > 1 and are_numbered else "word for word"
        show_also_in(sameness, citation.also_in, screen, indent=indent + len(_SOURCE), verbose=verbose)


def _show_place(citation: Citation, screen: Screen, indent: int) -> None:
    place = f"characters {citation.span.start}–{citation.span.end} of {citation.article_id}"
    screen.paragraph(Text(visible(place), style=DIM), indent=indent)
    screen.suggest(f"show {citation.article_id} --sentence {citation.sentence_index}", indent=indent, style=DIM)


def _show_source(group: Sequence[Citation], filters: Filters, screen: Screen, indent: int) -> None:
    first, inner = group[0], indent + len(_SOURCE)
    screen.paragraph(Text(on_one_line(first.article_title)), first=" " * indent + _SOURCE, indent=inner)
    source = source_in_words(first.source, filters)
    if source:
        screen.paragraph(Text(source, style=DIM), indent=inner)
    links = [citation.original_link for citation in group if citation.original_link is not None]
    if links:
        show_link(first.source.url or links[0], joined_links(links), screen, inner)


def show_link(page: str, link: str, screen: Screen, indent: int) -> None:
    """On a terminal the page's address, linked to the very sentences; for a pipe the whole link."""
    if screen.out.is_terminal:
        screen.write(Text.assemble(" " * indent, (visible(page), Style(link=visible(link), underline=True))))
    else:
        screen.write(Text(" " * indent + visible(link)))
