"""A verified quote of a kept answer → its state, the quote, and where to read it."""

from __future__ import annotations

from rich.text import Text

from qa.base.quotes import QuoteState, VerifiedQuote
from qa.cli.output.screen import Screen
from qa.cli.output.styles import BOLD, DIM
from qa.cli.output.text import on_one_line, visible

_STATES = {
    QuoteState.UNCHANGED: "unchanged: it stands where it was cited",
    QuoteState.MOVED: "moved: it stands elsewhere in the article now",
    QuoteState.EDITED: "edited: the article is there, the quote is not",
    QuoteState.REMOVED: "removed: the article is not there any more",
}


def show_verified_quote(verified: VerifiedQuote, screen: Screen) -> None:
    cited = verified.cited
    number = f"[{cited.number}] "
    indent = len(number)
    screen.paragraph(Text(_STATES[verified.state], style=BOLD), first=number, indent=indent)
    if cited.quote:
        screen.paragraph(Text(on_one_line(cited.display or cited.quote)), indent=indent)
    if verified.state is QuoteState.EDITED:
        now = f"Now: {on_one_line(verified.now.display or verified.now.text)}" if verified.now else "Now: no sentence is like it."
        screen.paragraph(Text(now), indent=indent)
    place = f"characters {cited.span.start}–{cited.span.end} of {cited.article_id}"
    if verified.state is QuoteState.MOVED:
        place += ", now " + ", ".join(f"{place.start}–{place.end}" for place in verified.places)
    screen.paragraph(Text(visible(place), style=DIM), indent=indent)
    if verified.state in (QuoteState.MOVED, QuoteState.EDITED):
        screen.suggest(f"show {cited.article_id} --version {cited.article_digest}", indent=indent, style=DIM)
