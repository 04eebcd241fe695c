"""Short answers → which of them say the same: their words are equal, or one has the words of the other within it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")
_LEADING_ARTICLE = re.compile(r"^(?:the|an?) (?=.)")


class Likeness(IntEnum):
    OTHER = 0
    CONTAINED = 1
    EQUAL = 2


Likenesses = NDArray[np.int8]


def normalised(answer: str) -> str:
    """Its words in lower case, one blank between two; without punctuation and an English article before them."""
    return _LEADING_ARTICLE.sub("", " ".join(_WORD.findall(unicodedata.normalize("NFKC", answer).casefold())))


def likenesses(ones: Sequence[str], others: Sequence[str]) -> Likenesses:
    """(m, n) how each of m answers is like each of n others: a `Likeness`. An answer without words is like none."""
    rows, columns = ([normalised(answer) for answer in answers] for answers in (ones, others))
    return np.array([[_likeness(one, other) for other in columns] for one in rows], np.int8).reshape(len(ones), len(others))


def _likeness(one: str, other: str) -> Likeness:
    if not one or not other:
        return Likeness.OTHER
    if one == other:
        return Likeness.EQUAL
    return Likeness.CONTAINED if f" {one} " in f" {other} " or f" {other} " in f" {one} " else Likeness.OTHER
