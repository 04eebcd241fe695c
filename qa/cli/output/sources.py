"""Where an article and a sentence come from, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from qa.base.in_words import day_of
from qa.base.types import NO_FILTERS, Filters, Place, Source
from qa.cli.output.screen import Screen
from qa.cli.output.styles import BOLD, DIM
from qa.cli.output.text import on_one_line, with_single_blanks

_MOST_PLACES = 3  # other articles with the same words that are named


def source_in_words(source: Source, filters: Filters = NO_FILTERS) -> str:
    """Publisher, author and date, as far as they are known; also a missing date and a guessed language that a filter let pass."""
    undated = "undated" if filters.as_of is not None else None
    date = day_of(source.published_at) if source.published_at else undated
    guess = source.guessed_language if filters.language is not None else None
    parts = (source.name, source.author, date, f"language guessed: {guess}" if guess else None)
    return " · ".join(on_one_line(part) for part in parts if part)


def with_middle_bold(parts: tuple[str, str, str]) -> Text:
    before, middle, after = map(with_single_blanks, parts)
    return Text.assemble(before, (middle, BOLD), after)


def show_also_in(sameness: str, places: Sequence[Place], screen: Screen, *, indent: int, verbose: bool) -> None:
    """In how many other articles the same stands, and the first of them by title, source, date and, if `verbose`, id."""
    articles = list({place.article_id: place for place in reversed(places)}.values())[::-1]
    if not articles:
        return
    others = "another article" if len(articles) == 1 else f"{len(articles)} other articles"
    screen.paragraph(Text(f"{sameness} also in {others}:", style=DIM), indent=indent)
    for place in articles[:_MOST_PLACES]:
        names = [place.article_title, source_in_words(place.source), place.article_id if verbose else None]
        screen.paragraph(Text(on_one_line(" · ".join(filter(None, names))), style=DIM), indent=indent + 2)
    if len(articles) > _MOST_PLACES:
        screen.paragraph(Text(f"and {len(articles) - _MOST_PLACES} more", style=DIM), indent=indent + 2)
