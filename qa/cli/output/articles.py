"""Articles, indexes and boilerplate, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from qa.base.in_words import counted, time_in_words
from qa.base.types import Article, Sentence, Span, source_of
from qa.cli.output.screen import Screen
from qa.cli.output.sources import source_in_words
from qa.cli.output.styles import BOLD, DIM, NUMBER
from qa.cli.output.text import on_one_line, size_in_words, visible
from qa.corpus.display.displayed import Displayed

if TYPE_CHECKING:
    from qa.service.boilerplate import LearnedLine
    from qa.service.indexes import IndexShape


def show_article(article: Article, screen: Screen, *, added_at: str, marked: Sentence | None = None) -> None:
    """All of an article; the sentence `marked` stands between >>> and <<<."""
    show_article_heading(article, screen, added_at=added_at)
    screen.line()
    show_text(article, Span(0, len(article.text)), screen, marked=marked.span if marked else None)


def show_article_heading(article: Article, screen: Screen, *, added_at: str | None = None) -> None:
    screen.line(on_one_line(article.title), style=BOLD)
    source = source_in_words(source_of(article))
    if source:
        screen.line(source)
    if article.url:
        screen.write(Text(visible(article.url)))
    given = "" if article.given_id == article.id else f"  ({on_one_line(article.given_id)})"
    screen.line(article.id + given, style=DIM)
    if added_at:
        screen.line(f"added {time_in_words(added_at)}, {counted(len(article.text), 'character')}", style=DIM)


def show_text(article: Article, span: Span, screen: Screen, *, marked: Span | None) -> None:
    """The article's text in `span` as people read it, line by line."""
    text, shown = Text(), Displayed(article).shown(span)
    part = shown.shown(marked) if marked else None
    if part is None:
        text.append(visible(shown.text))
    else:
        text.append(visible(shown.text[: part.start]))
        text.append(f">>> {visible(part.of(shown.text))} <<<", style=NUMBER)
        text.append(visible(shown.text[part.end :]))
    for line in text.split("\n", allow_blank=True):
        screen.paragraph(line)


def show_earlier_version(article: Article, screen: Screen, *, until: str) -> None:
    """That the text above is not the article's any more, and how to read it as it is now."""
    screen.line()
    screen.line(f"This is an earlier version, until {time_in_words(until)}. As it is now:")
    screen.suggest(f"show {article.id}")


def show_similar(articles: Sequence[Article], screen: Screen) -> None:
    """The near-duplicates of the article above."""
    if articles:
        screen.line()
        screen.line(f"Similar: {counted(len(articles), 'other article')}", style=BOLD)
    for article in articles:
        show_article_line(article, screen)


def show_article_line(article: Article, screen: Screen) -> None:
    """Id, date, source and title: in columns cut to a terminal's width, with tabs for a pipe."""
    fields = [article.id, (article.published_at or "")[:10], on_one_line(article.source or ""), on_one_line(article.title)]
    if not screen.out.is_terminal:
        screen.write(Text("\t".join(fields)))
        return
    line = Text(overflow="ellipsis", no_wrap=True)
    for field, width in zip(fields, (20, 10, 18), strict=False):
        cell = Text(field)
        cell.truncate(width, overflow="ellipsis", pad=True)
        line.append(cell).append("  ")
    line.append(fields[-1])
    line.truncate(screen.out.width, overflow="ellipsis")
    screen.write(line)


def show_index_line(index: IndexShape, screen: Screen) -> None:
    """Name, counts, encoder, time of the last change and size: with tabs for a pipe."""
    if index.problem:
        fields = [index.name, index.problem]
    else:
        encoder = f"{index.encoder} ({index.dimension})" if index.encoder else "empty"
        counts = [counted(index.articles, "article"), counted(index.passages, "passage")]
        fields = [index.name, *counts, encoder, index.changed_at or "", size_in_words(index.bytes)]
    separator = "  " if screen.out.is_terminal else "\t"
    screen.write(Text(separator.join(on_one_line(field) for field in fields)))


def show_boilerplate(lines: Sequence[LearnedLine], screen: Screen) -> None:
    """By source, the number of stories and the line; then the user's own decisions."""
    for heading, some in groupby(lines, key=_boilerplate_heading):
        screen.line(heading, style=BOLD)
        for line in some:
            number = "" if line.stories is None else f"{line.stories:,}"
            screen.paragraph(Text(on_one_line(line.sentence)), first=f"{number:>6}  ", indent=8)
    if not lines:
        screen.line("No line recurs in enough stories of one source to count as boilerplate.")


def _boilerplate_heading(line: LearnedLine) -> str:
    if line.stories is None:
        return "Overruled: never cited" if line.boilerplate else "Overruled: may be cited"
    return on_one_line(line.source) if line.source else "Without a source"
