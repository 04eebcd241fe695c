"""A quote and a text → every position of the quote. Verification and importers use it; no answering stage does."""

from __future__ import annotations

import re

from qa.base.types import Span


def locate(quote: str, text: str) -> list[Span]:
    """Every exact occurrence of `quote` in `text`, overlapping ones too; none for an empty quote."""
    positions: list[Span] = []
    start = text.find(quote) if quote else -1
    while start >= 0:
        positions.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return positions


def locate_loosely(quote: str, text: str) -> list[Span]:
    """Every occurrence of the quote's words in order, with any white space between them; none overlap."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    return [Span(*match.span()) for match in re.finditer(pattern, text)] if pattern else []


def locate_words(words: str, text: str) -> list[Span]:
    """Every occurrence of `words` as whole words, ignoring letter case; none overlap."""
    if not words.strip():
        return []
    pattern = rf"(?<!\w){re.escape(words.strip())}(?!\w)"
    return [Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)]
