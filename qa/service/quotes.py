"""A quote of a kept answer and the current article → whether the article still contains it."""

from __future__ import annotations

from qa.base.quotes import KeptQuote, QuoteState, VerifiedQuote
from qa.base.types import Article
from qa.corpus.quote_positions import locate


def verified(cited: KeptQuote, article: Article | None) -> VerifiedQuote:
    """The state of the quote in the current article; None stands for a removed article."""
    if article is None or not cited.quote:
        return VerifiedQuote(cited, QuoteState.REMOVED, None, ())
    places = tuple(locate(cited.quote, article.text))
    state = QuoteState.UNCHANGED if cited.span in places else QuoteState.MOVED if places else QuoteState.EDITED
    return VerifiedQuote(cited, state, article.digest, places)
