"""A quote of a kept answer, and its state in the current version of the article. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.base.types import Span


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote at `span` in the version `article_digest` of an article. `shown` is `citations`, `nearest` or `statements`.

    `display` is the quote as people read it, None where that is the same.
    """

    shown: str
    number: int
    article_id: str
    article_digest: str
    span: Span
    quote: str
    display: str | None = None


class QuoteState(StrEnum):
    UNCHANGED = "unchanged"  # at the cited offsets
    MOVED = "moved"  # at other offsets of the article
    EDITED = "edited"  # the article no longer contains it
    REMOVED = "removed"  # the article was removed


@dataclass(frozen=True, slots=True)
class CurrentSentence:
    """A sentence of the article as it is now. `display` is its text as people read it, None where that is the same."""

    index: int
    span: Span
    text: str
    display: str | None = None


@dataclass(frozen=True, slots=True)
class VerifiedQuote:
    """`current_digest` is that of the article's current text, None if removed. `places` are all spans of the quote in it.

    `now` is the sentence that took the place of an edited quote; None where none has half of its words.
    """

    cited: KeptQuote
    state: QuoteState
    current_digest: str | None
    places: tuple[Span, ...]
    now: CurrentSentence | None = None
