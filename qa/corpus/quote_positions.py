"""Where a quote stands in a text: all places. For verifying, text fragments and importers; no answering stage uses it."""

from __future__ import annotations

import re

from qa.base.types import Span


def locate(quote: str, text: str) -> list[Span]:
    """Every place where `quote` stands in `text`, code point for code point, overlapping ones too; none for an empty quote."""
    places: list[Span] = []
    start = text.find(quote) if quote else -1
    while start >= 0:
        places.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return places


def locate_loosely(quote: str, text: str) -> list[Span]:
    """Every place where the quote's words stand in their order, whatever white space is between them; none overlap."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    return [Span(*match.span()) for match in re.finditer(pattern, text)] if pattern else []


def locate_words(words: str, text: str) -> list[Span]:
    """Every place where `words` stand as whole words, letter case aside; none overlap."""
    if not words.strip():
        return []
    pattern = rf"(?<!\w){re.escape(words.strip())}(?!\w)"
    return [Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)]
