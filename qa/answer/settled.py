"""A yes-or-no question and its evidence → the evidence with the latest sentence that settles it first.

"Is the bridge open again?" is answered by the report that it is, not by an older one that hopes so, even where the older
one has the question's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from qa.answer.word_weights import FUNCTION_WORDS
from qa.base.types import Evidence

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 2  # of a question, function words aside; a later sentence with its only word may be about anything


def latest_first(
    evidence: Sequence[Evidence],
    published: Mapping[str, str | None],
    question: str,
    *,
    terms: Callable[[str], list[str]],
) -> list[Evidence]:
    """The evidence, best first, but for the newest of the later sentences that have all words of the question.

    `published` are days or times by article id. The sentence that is moved gets the probability of the best one: how likely it
    is that the articles settle the question at all.
    """
    day = published.get(evidence[0].article_id) if evidence else None
    if day is None:
        return list(evidence)
    asked = {term for word in _WORD.findall(question) if word.lower() not in FUNCTION_WORDS for term in terms(word)}
    later = [one for one in evidence[1:] if (published.get(one.article_id) or "") > day and asked.issubset(terms(one.quote))]
    if len(asked) < _FEWEST_WORDS or not later:
        return list(evidence)
    settling = max(later, key=lambda one: published[one.article_id] or "")  # the first, which is the best, of equal ones
    first = replace(settling, probability=max(settling.probability, evidence[0].probability))
    return [first, *(one for one in evidence if one is not settling)]
