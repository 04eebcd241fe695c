"""A question and the passage that answers it → a similar question that the passage does not answer.

The writers of SQuAD 2.0 made theirs so (Rajpurkar et al., ACL 2018, table 1). A name, a number or a date is swapped for
another of its kind, a word for its antonym, or a negation is added.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from qa.base.types import Span

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_KINDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:1[0-9]|20)\d\d\b",  # a year
        r"\b\d+(?:[.,]\d+)*\b",
        rf"\b(?:{_MONTHS})\b",
        rf"\b(?:{_DAYS})\b",
        r"\b[A-Z][\w-]+(?: (?:of |the |de |von |van )?[A-Z][\w-]+)*",  # a name
    )
)
_NAME = _KINDS[-1]
_ANTONYMS = (
    ("first", "last"),
    ("largest", "smallest"),
    ("biggest", "smallest"),
    ("highest", "lowest"),
    ("oldest", "youngest"),
    ("longest", "shortest"),
    ("earliest", "latest"),
    ("best", "worst"),
    ("most", "least"),
    ("more", "less"),
    ("more", "fewer"),
    ("before", "after"),
    ("begin", "end"),
    ("began", "ended"),
    ("start", "stop"),
    ("started", "stopped"),
    ("open", "close"),
    ("opened", "closed"),
    ("win", "lose"),
    ("won", "lost"),
    ("increase", "decrease"),
    ("increased", "decreased"),
    ("rise", "fall"),
    ("rose", "fell"),
    ("allow", "forbid"),
    ("allowed", "forbidden"),
    ("accept", "reject"),
    ("accepted", "rejected"),
    ("support", "oppose"),
    ("supported", "opposed"),
    ("born", "buried"),
    ("north", "south"),
    ("east", "west"),
    ("northern", "southern"),
    ("eastern", "western"),
    ("male", "female"),
    ("men", "women"),
    ("same", "opposite"),
    ("major", "minor"),
    ("public", "private"),
    ("positive", "negative"),
)
_OPPOSITES: dict[str, list[str]] = {}
for _one, _other in _ANTONYMS:
    _OPPOSITES.setdefault(_one, []).append(_other)
    _OPPOSITES.setdefault(_other, []).append(_one)
_WORD = re.compile(r"\w+")
_NEGATED = re.compile(r"\b(?:is|are|was|were|can|could|will|would|should|must)\b(?! not\b)", re.IGNORECASE)
_NEGATIONS_KEPT = 0.3  # of those that could be made: `not` alone would soon give them away


def unanswerable(question: str, passage: str, random_: random.Random) -> str | None:
    """A question like this one that the passage does not answer; None where nothing in the question can be changed so."""
    made = list(_swapped(question, passage, random_)) or list(_opposite(question, random_)) or list(_negated(question, random_))
    return random_.choice(made) if made else None


def _swapped(question: str, passage: str, random_: random.Random) -> Iterator[str]:
    """The question with a name, number or date replaced by one that stands in the passage and not in the question."""
    done: list[Span] = []
    for kind in _KINDS:
        for match in kind.finditer(question):
            place = Span(match.start(), match.end())
            is_first_word = kind is _NAME and _begins_sentence(question, place.start)
            if is_first_word or any(place.overlaps(other) for other in done):
                continue
            done.append(place)
            others = sorted(_others(question, passage, kind, match.group()))
            if others:
                yield question[: place.start] + random_.choice(others) + question[place.end :]


def _others(question: str, passage: str, kind: re.Pattern[str], known: str) -> set[str]:
    asked = question.casefold()
    return {
        match.group()
        for match in kind.finditer(passage)
        if match.group().casefold() not in asked
        and known.casefold() not in match.group().casefold()
        and not (kind is _NAME and _begins_sentence(passage, match.start()))
    }


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".?!:\n"


def _opposite(question: str, random_: random.Random) -> Iterator[str]:
    for match in _WORD.finditer(question):
        others = _OPPOSITES.get(match.group().lower())
        if others:
            yield question[: match.start()] + random_.choice(others) + question[match.end() :]


def _negated(question: str, random_: random.Random) -> Iterator[str]:
    match = _NEGATED.search(question)
    if match and random_.random() < _NEGATIONS_KEPT:
        yield f"{question[: match.end()]} not{question[match.end() :]}"
