"""A quote of a kept answer and the current article → whether the article still contains it, and what it says now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from qa.base.quotes import CurrentSentence, KeptQuote, QuoteState, VerifiedQuote
from qa.base.types import Article, Sentence, Span
from qa.corpus.display.displayed import Displayed
from qa.corpus.near_duplicates import words
from qa.corpus.quote_positions import locate, locate_loosely

_MOST_PLACES = 1_000  # of one quote that are named; the cited one always is
_ALIKE = 0.5  # of the words of a quote and of a sentence, those that both have; below, it is another sentence


class CurrentArticle:
    """An article as it is now, with its sentences."""

    def __init__(self, article: Article, sentences: Sequence[Sentence]) -> None:
        self.article = article
        self._sentences = sentences

    @cached_property
    def _counted(self) -> list[tuple[Sentence, Counter[str]]]:
        return [(sentence, Counter(words(sentence.span.of(self.article.text)))) for sentence in self._sentences]

    def now(self, cited: KeptQuote) -> CurrentSentence | None:
        """What stands for the quote: its words with other white space, else the sentence that is most like it."""
        laid_out = locate_loosely(cited.quote, self.article.text)
        if not laid_out:
            return self._most_alike(cited)
        index = next(one.index for one in self._sentences if one.span.end > laid_out[0].start)
        return self._sentence(index, laid_out[0])

    def _most_alike(self, cited: KeptQuote) -> CurrentSentence | None:
        """The sentence that shares most words with the quote, of equal ones the nearest to where the quote stood."""
        quoted = Counter(words(cited.quote))
        best: tuple[float, int, Sentence] | None = None
        for sentence, counted in self._counted:
            alike = _alike(quoted, counted)
            nearness = -abs(sentence.span.start - cited.span.start)
            if alike >= _ALIKE and (best is None or (alike, nearness) > best[:2]):
                best = (alike, nearness, sentence)
        return self._sentence(best[2].index, best[2].span) if best else None

    def _sentence(self, index: int, span: Span) -> CurrentSentence:
        text, shown = span.of(self.article.text), Displayed(self.article).words(span)
        return CurrentSentence(index, span, text, shown if shown != text else None)


def verified(cited: KeptQuote, current: CurrentArticle | None) -> VerifiedQuote:
    """The state of the quote in the current article; None stands for a removed article."""
    if current is None or not cited.quote:
        return VerifiedQuote(cited, QuoteState.REMOVED, None, ())
    digest = current.article.digest
    places = locate(cited.quote, current.article.text, most=_MOST_PLACES)
    if cited.quote == current.article.text[cited.span.start : cited.span.end]:
        return VerifiedQuote(cited, QuoteState.UNCHANGED, digest, tuple(sorted({*places, cited.span})))
    if places:
        return VerifiedQuote(cited, QuoteState.MOVED, digest, tuple(places))
    return VerifiedQuote(cited, QuoteState.EDITED, digest, (), current.now(cited))


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient, 0 to 1: twice the shared words / all words."""
    return 2 * (other & one).total() / max(1, one.total() + other.total())
