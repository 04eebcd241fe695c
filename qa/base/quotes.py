"""A quote of a kept answer, and how it stands in the article as it is now. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.base.types import Span


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote as it stood in one version of an article. `shown` is `citations` or `nearest`."""

    shown: str
    number: int
    article_id: str
    article_digest: str
    span: Span
    quote: str


class QuoteState(StrEnum):
    UNCHANGED = "unchanged"  # it stands where it was cited
    MOVED = "moved"  # it stands elsewhere in the article now
    EDITED = "edited"  # the article is there, the quote is not
    REMOVED = "removed"  # the article is not there any more


@dataclass(frozen=True, slots=True)
class VerifiedQuote:
    """`current_digest` is that of the article's text now, None when it was removed; `places` are those of the quote in it."""

    cited: KeptQuote
    state: QuoteState
    current_digest: str | None
    places: tuple[Span, ...]
