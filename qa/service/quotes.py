"""A quote of a kept answer and the article as it is now → whether it still stands there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.base.types import Article, Span
from qa.corpus.locate import locate
from qa.service.state.answers import KeptQuote


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


def verified(cited: KeptQuote, article: Article | None) -> VerifiedQuote:
    """How the quote stands in the article as it is now; None: it was removed."""
    if article is None or not cited.quote:
        return VerifiedQuote(cited, QuoteState.REMOVED, None, ())
    places = tuple(locate(cited.quote, article.text))
    state = QuoteState.UNCHANGED if cited.span in places else QuoteState.MOVED if places else QuoteState.EDITED
    return VerifiedQuote(cited, state, article.digest, places)
