"""Sentences that were read for a yes-or-no question → what is denied, and before it the sentence that denies it.

Only what a sentence itself calls hearsay is taken for a rumour: one article that says no does not make another one wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.answer.statements.values import Value
from qa.answer.statements.voices import Voice, read_articles
from qa.base.protocols import Candidate
from qa.base.types import Evidence, ValueKind

_LEAST = 0.1  # the probability of a sentence that tells a rumour
_NEARLY = 0.3  # times the probability of the rumour: a denial speaks of it in other words
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied)|untrue|not true|no truth|false|unfounded|baseless|refut\w+|dismiss\w+"
    r"|dementier\w*|bestreitet|bestritt\w*|unwahr|démen\w+|niega\w*|negó|desmint\w+|falso)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:rumou?r\w*|hearsay|gossip|allegedly|reportedly|(?:it was|was being|is being) said that|social media|everybody knows"
    r"|did not wish to be named|(?:had|a \w+ website) reported|(?:were|are) telling one another"
    r"|gerücht\w*|angeblich|rumeurs?|rumor(?:es)?)\b",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    r"\b(?:not|no|never|nobody|no one|none|nicht|kein\w*|niemand|nie|ne|n['’]|pas|aucun\w*|jamais|nunca|nadie)\b|n['’]t\b",
    re.IGNORECASE,
)


def denied(evidence: Sequence[Evidence], candidates: Sequence[Candidate]) -> tuple[Voice, list[Voice]] | None:
    """The sentence that denies and the rumours that it denies, one of each other article; None where nothing is denied.

    A rumour that is read first gives its place to a denial that is not older.
    """
    first = _first_denial(evidence) if _is_rumour(evidence[0]) else evidence[0]
    if first is None or not _says_no(first):
        return None
    articles = read_articles(candidates)

    def voice(one: Evidence) -> Voice:
        return Voice(articles[one.article_id], one, Value(ValueKind.YES_NO, ""))

    denying, rumours = voice(first), dict[str, Voice]()
    for one in evidence:
        told = voice(one)
        if one.article_id != first.article_id and one.probability >= _LEAST and _is_rumour(one) and _may_be_of(told, denying):
            rumours.setdefault(one.article_id, told)
    return (denying, list(rumours.values())) if rumours or first is not evidence[0] else None


def _first_denial(evidence: Sequence[Evidence]) -> Evidence | None:
    least = _NEARLY * evidence[0].probability
    return next((one for one in evidence[1:] if one.probability >= least and _DENIES.search(one.quote)), None)


def _is_rumour(one: Evidence) -> bool:
    return _HEARSAY.search(one.quote) is not None and not _says_no(one)


def _says_no(one: Evidence) -> bool:
    return bool(_DENIES.search(one.quote) or _SAYS_NO.search(one.quote))


def _may_be_of(told: Voice, denying: Voice) -> bool:
    """Whether the rumour is not younger than its denial."""
    return (told.read.day or date.min) <= (denying.read.day or date.max)
