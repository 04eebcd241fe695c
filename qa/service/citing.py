"""Sentences that were read → citations: numbered, with the sentence before, and where else the same words stand."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.citations import cite
from qa.base.protocols import Candidate
from qa.base.types import Article, Citation, Evidence, Place
from qa.corpus.near_duplicates import words, words_key
from qa.corpus.quote_positions import locate
from qa.index.store import Store

MOST_PLACES = 100  # other articles with the same sentence that a citation names
_FEWEST_WORDS_AGAIN = 5  # shorter sentences, such as "Yes, he said.", occur in many unrelated articles


def citations(shown: Sequence[Evidence], candidates: Sequence[Candidate], store: Store) -> tuple[Citation, ...]:
    """The sentences as citations, numbered in their order; each stands in a candidate's article."""
    articles = {candidate.article.id: candidate.article for candidate in candidates}
    return tuple(_citation(number, one, articles[one.article_id], store) for number, one in enumerate(shown, start=1))


def _citation(number: int, evidence: Evidence, article: Article, store: Store) -> Citation:
    return cite(
        number,
        evidence,
        article,
        text_before=_text_before(evidence, article, store),
        repeated=len(locate(evidence.quote, article.text)) > 1,
        also_in=_also_in(evidence, store),
    )


def _text_before(evidence: Evidence, article: Article, store: Store) -> str | None:
    if evidence.sentence_index == 0:
        return None
    stored = store.article(article.id)
    assert stored is not None  # the same read transaction found its passage
    before = store.sentences(stored.row, evidence.sentence_index - 1, evidence.sentence_index - 1)
    return before[0].span.of(article.text)


def _also_in(evidence: Evidence, store: Store) -> list[Place]:
    """Where in other articles the same words stand, the first place in each."""
    quoted = words(evidence.quote)
    key = words_key(evidence.quote)
    if key is None or len(quoted) < _FEWEST_WORDS_AGAIN:
        return []
    places = {
        place.article_id: place
        for place in reversed(store.near_duplicates.places(key, most=MOST_PLACES + 1))
        if place.article_id != evidence.article_id and words(place.quote) == quoted
    }
    return list(reversed(places.values()))[:MOST_PLACES]
