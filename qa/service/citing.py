"""Sentences that were read → citations: numbered, with the sentences before, and where else the same words stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answer.citations import cite
from qa.answer.lead_ins import MOST_SENTENCES
from qa.base.protocols import Candidate
from qa.base.types import Article, Citation, Evidence, Place, ShownQuote, Span
from qa.corpus.display.displayed import Displayed
from qa.corpus.near_duplicates import words, words_key
from qa.corpus.quote_positions import locate
from qa.index.store import Store

MOST_PLACES = 100  # other articles with the same sentence that a citation names
_FEWEST_WORDS_AGAIN = 5  # shorter sentences, such as "Yes, he said.", occur in many unrelated articles


def citations(
    shown: Sequence[Evidence], candidates: Sequence[Candidate], store: Store, *, numbered_from: int = 1
) -> tuple[Citation, ...]:
    """The sentences as citations, numbered in their order; each stands in a candidate's article."""
    articles = {candidate.article.id: candidate.article for candidate in candidates}
    displayed = {one.article_id: Displayed(articles[one.article_id]) for one in shown}
    return tuple(
        _citation(number, one, articles[one.article_id], displayed[one.article_id], store)
        for number, one in enumerate(shown, start=numbered_from)
    )


def _citation(number: int, evidence: Evidence, article: Article, displayed: Displayed, store: Store) -> Citation:
    before = _before(evidence, article, store)
    cited = cite(
        number,
        evidence,
        article,
        before=before,
        repeated=len(locate(evidence.quote, article.text, most=2)) > 1,
        also_in=_also_in(evidence, store),
        on_page=displayed.on_page,
    )
    return replace(cited, shown=_shown(cited, before, displayed))


def _shown(cited: Citation, before: Sequence[Span], displayed: Displayed) -> ShownQuote | None:
    """The quote as people read it; None where that is how it is written, or where it holds marks alone."""
    quote, lead_in = displayed.shown(cited.span), None
    if cited.lead_in is not None:
        behind = before[-1].end
        lead_in = displayed.words(Span(behind - len(cited.lead_in), behind))
    if not quote.text or (quote.text, lead_in) == (cited.quote, cited.lead_in):
        return None
    return ShownQuote(quote.text, quote.shown(cited.answer) if cited.answer else None, lead_in)


def _before(evidence: Evidence, article: Article, store: Store) -> list[Span]:
    """The sentences before the quote, in their order, as many as a lead-in may have."""
    at = evidence.sentence_index
    if at == 0:
        return []
    stored = store.article(article.id)
    assert stored is not None  # the same read transaction found its passage
    return [sentence.span for sentence in store.sentences(stored.row, max(0, at - MOST_SENTENCES), at - 1)]


def _also_in(evidence: Evidence, store: Store) -> list[Place]:
    """Where in other articles the same words stand, the first place in each."""
    quoted = words(evidence.quote)
    key = words_key(evidence.quote)
    if key is None or len(quoted) < _FEWEST_WORDS_AGAIN:
        return []
    places = {
        place.article_id: place
        for place in reversed(store.places(key, most=MOST_PLACES + 1))
        if place.article_id != evidence.article_id and words(place.quote) == quoted
    }
    return list(reversed(places.values()))[:MOST_PLACES]
