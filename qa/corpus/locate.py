"""Where a quote stands in a text: all places. For verifying, text fragments and importers; no answering stage uses it."""

from __future__ import annotations

from qa.types import Span


def locate(quote: str, text: str) -> list[Span]:
    """Every place where `quote` stands in `text`, code point for code point, overlapping ones too; none for an empty quote."""
    places: list[Span] = []
    start = text.find(quote) if quote else -1
    while start >= 0:
        places.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return places
