"""A quote and a text → every position of the quote. Verification and importers use it; no answering stage does."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from qa.base.types import Span

_WORD = re.compile(r"\S+")


def locate(quote: str, text: str, *, most: int | None = None) -> list[Span]:
    """Every exact occurrence of `quote` in `text`, overlapping ones too, or the first `most`; none for an empty quote."""
    positions: list[Span] = []
    start = text.find(quote) if quote else -1
    while start >= 0 and len(positions) != most:
        positions.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return positions


def locate_loosely(quote: str, text: str) -> list[Span]:
    """Every occurrence of the quote's words in order, with any white space between them; none overlap."""
    wanted = " ".join(quote.split())
    words = list(_WORD.finditer(text))
    joined = " ".join(word[0] for word in words)
    begins = list(accumulate((len(word[0]) + 1 for word in words), initial=0))

    def place(offset: int) -> int:
        at = bisect_right(begins, offset) - 1
        return words[at].start() + offset - begins[at]

    positions: list[Span] = []
    start = joined.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        positions.append(Span(place(start), place(end - 1) + 1))
        start = joined.find(wanted, end)
    return positions


def locate_words(words: str, text: str) -> list[Span]:
    """Every occurrence of `words` as whole words, ignoring letter case; none overlap."""
    if not words.strip():
        return []
    pattern = rf"(?<!\w){re.escape(words.strip())}(?!\w)"
    return [Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)]
