"""A sentence → the parts of it that tell what was said before: what was wrong, and what was so until something changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.base.types import Relation

_LONGEST = 2_000  # characters of a sentence that are looked at
_END = r"(?=[;:)!?]|[,.](?!\d)|\s(?:but|as|which|were|was|are|is|had|have|sondern|mais|sino|aber)\b|$)"
_CLAUSE = r"(?:[^.;!?]|[.](?=\d)){0,100}"
_REST = r"(?:[^,.;:)!?]|[.,](?=\d)){1,60}?"
_WRONGLY = (
    "earlier|wrongly|mistakenly|incorrectly|in error|erroneously|first reported|falsely"
    "|fälschlich|irrtümlich|par erreur|por error"
)
_CORRECTED = r"correct\w*|revis\w*|korrigier\w*|berichtig\w*|corrig\w*|rectifi\w*|révis\w*"
_CORRECTS = re.compile(rf"\b(?:{_CORRECTED})\b", re.IGNORECASE)
_NOW = (
    r"now|meanwhile|any ?more|no longer|so far|final (?:count|figure|toll)"
    r"|(?:has|have|had) (?:since )?(?:risen|grown|fallen|climbed|sunk|died)"
    r"|nicht mehr|inzwischen|mittlerweile|nunmehr|désormais|ne \w+ plus|ahora|ya no"
)
_CHANGES = re.compile(rf"\b(?:{_CORRECTED}|{_NOW})\b", re.IGNORECASE)
_IS = "was|were|is|are|had been|war|waren|était|étaient|era|eran"
_FALSE = "wrong|mistaken|incorrect|an error|a mistake|untrue|false|falsch|un error|une erreur|fausse?s?"
_AT_FIRST = (
    r"initial\w*|original\w*|previous\w*|until then|at first"
    "|first (?:said|put|given|planned|announced|estimated|meant|supposed|due)"
    "|zunächst|ursprünglich|bisher|zuvor|d['’]abord|initialement|auparavant|inicialmente|antes|anteriormente"
)
_TOOK_OVER = r"succeeds?|succeeded|replaces?|replaced|took over from|takes over from|nachfolger\w* von|succède à|sucede a"
_FROM_TO = rf"\b(?:from|von|de|depuis|desde)\s(?P<said>{_REST})\s(?:to|auf|à|a|hasta)\s"
_WRONG = (
    rf"\bnot (?!(?:[a-z]+ ){{0,3}}(?:before|until)\b)(?:the |of |at |on |in |by )?(?P<said>{_REST}){_END}",
    rf"\b(?:rather than|et non(?: pas)?|y no|nicht)\s(?P<said>{_REST}){_END}",
    rf"\b(?:{_WRONGLY})\b(?P<said>{_CLAUSE})",
    rf"\b(?:{_CORRECTED})\b{_CLAUSE}?{_FROM_TO}",
    rf"(?P<said>(?:[^.;!?]|[.](?=\d)){{1,100}}?)\s(?:{_IS})\s(?:{_FALSE})\b",
    rf"\b(?:denied|denies|dismissed|rejected|no truth in|untrue)\b(?P<said>{_CLAUSE})",
)
_HELD_BEFORE = (rf"\b(?:{_TOOK_OVER}) (?P<said>{_REST}){_END}",)
_BEFORE = (
    rf"\b(?:{_AT_FIRST})\b(?P<said>{_CLAUSE})",
    _FROM_TO,
    rf"\b(?:instead of|in place of|statt|anstelle von|au lieu de|en lugar del?|en vez del?) (?:the )?(?P<said>{_REST}){_END}",
    rf"\b(?:(?:up|down|higher|lower|later|earlier) (?:from|than)|more than the) (?P<said>{_REST}){_END}",
)
_PATTERNS = tuple(
    (relation, is_of_names, re.compile(pattern, re.IGNORECASE))
    for relation, is_of_names, patterns in (
        (Relation.CORRECTED_BY, True, _WRONG),
        (Relation.EARLIER, True, _HELD_BEFORE),
        (Relation.EARLIER, False, _BEFORE),
    )
    for pattern in patterns
)


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """Words of a sentence that tell what was said before, and how that stands to what is said now.

    `is_of_names`: it can be a name; ships that go "from" one port "to" another do not say that the first was wrong.
    """

    words: str
    relation: Relation
    is_of_names: bool


def corrects(text: str) -> bool:
    """Whether a sentence says that it puts something right."""
    return _CORRECTS.search(text) is not None


def changes(text: str) -> bool:
    """Whether a sentence says that it tells something other than was known before: a correction, or "now", "no longer"."""
    return _CHANGES.search(text) is not None


@lru_cache(maxsize=4096)  # of the sentences that are read again and again
def said_before(sentence: str) -> tuple[SaidBefore, ...]:
    """The parts of a sentence that are not what it states itself; what was wrong first."""
    return tuple(
        SaidBefore(found["said"], relation, is_of_names)
        for relation, is_of_names, pattern in _PATTERNS
        for found in pattern.finditer(sentence[:_LONGEST])
    )
