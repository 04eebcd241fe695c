"""A citation whose sentence was edited or deleted since → its JSON, and what is said of it and of its answer."""

from __future__ import annotations

from typing import Literal

from qa.api.current_sentence import CurrentSentenceShape, current_sentence_shape
from qa.api.shape import Shape
from qa.base.quotes import QuoteState, VerifiedQuote

_Change = Literal["edited", "deleted", "removed"]
_CHECKS = {
    "edited": "the cited sentence was edited since",
    "deleted": "the cited sentence was deleted since",
    "removed": "the cited article was deleted since",
}
_NOTES = {
    "edited": "This sentence was edited after the answer was given.",
    "deleted": "This sentence was deleted from its article after the answer was given.",
    "removed": "The article of this sentence was deleted after the answer was given.",
}


class ChangedCitationShape(Shape):
    """A citation, by its number, that no longer stands in its article.

    `edited`: `current_sentence` stands in its place. `deleted`: the article has no such sentence. `removed`: there is no such
    article any more.
    """

    number: int
    change: _Change
    note: str
    current_sentence: CurrentSentenceShape | None

    @property
    def mark(self) -> str:
        """The one word that stands at the citation's number."""
        return "edited" if self.change == "edited" else "deleted"

    @property
    def check(self) -> str:
        """Why an answer is to be checked of which it is the leading citation."""
        return _CHECKS[self.change]


def changed_citation(verified: VerifiedQuote) -> ChangedCitationShape | None:
    """None for a quote that still stands; white space does not count."""
    now = verified.now
    if verified.state in (QuoteState.UNCHANGED, QuoteState.MOVED) or (now and now.text.split() == verified.cited.quote.split()):
        return None
    change: _Change = "removed" if verified.state is QuoteState.REMOVED else "edited" if now else "deleted"
    return ChangedCitationShape(
        number=verified.cited.number,
        change=change,
        note=_NOTES[change],
        current_sentence=current_sentence_shape(now, verified.cited.article_id) if now else None,
    )
