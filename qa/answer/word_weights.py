"""How much each word of a question counts when a sentence is held against it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.base.protocols import PostingsIndex

# Words that ask or join, in English; they say nothing of what a sentence is about.
FUNCTION_WORDS = frozenset(
    """
    a about after again all also an and any are as at be been before being both but by can could did do does doing
    during each few for from further had has have having he her here hers him his how i if in into is it its itself
    just long many me more most much my no nor not of old on once only or other our out over own same shall she should
    so some such than that the their them then there these they this those to too under very was we were what when
    where which while who whom whose why will with would you your
    """.split()
)
# An index is judged as if it held this many more passages, and each word stood in some of them: in three
# passages, frequencies say nothing. Right sentences stay as many on dev/squad20_dev and dev/selqa.
_BACKGROUND_PASSAGES = 1_000
_BACKGROUND_FREQUENCY = 5


def word_weights(question: str, postings: PostingsIndex) -> dict[str, float]:
    """Word, as it is indexed → its inverse document frequency; without function words where others are left.

    A word that stands nowhere in the index counts most: what it asks for is not here.
    """
    dropped = {term for word in FUNCTION_WORDS for term in postings.terms(word)}
    terms: Sequence[str] = postings.terms(question)
    kept = [term for term in terms if term not in dropped] or terms
    return {term: _inverse_frequency(postings.passages_with(term), postings.count) for term in kept}


def _inverse_frequency(frequency: int, count: int) -> float:
    """BM25's, over the index and the background."""
    held = frequency + _BACKGROUND_FREQUENCY
    return math.log1p((max(count, frequency) + _BACKGROUND_PASSAGES - held + 0.5) / (held + 0.5))
