"""A question → its terms as an index has them in one language, each with its weight and what kind of word it is of."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.base.terms import Keys, term_keys

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class QuestionTerms:
    """(t,) the distinct terms in the order of the question: keys, weights (idf), and which are of names and of numbers.

    `pairs` are the columns of two terms that follow one another.
    """

    keys: Keys
    weights: NDArray[np.float32]
    names: NDArray[np.bool_]
    numbers: NDArray[np.bool_]
    pairs: Sequence[tuple[int, int]]


def question_terms(
    question: str, terms_in: Callable[[str], Sequence[str]], passages_with: Callable[[str], int], *, passages: int
) -> QuestionTerms:
    """The terms of a question, as `terms_in` makes them of a text.

    A weight is the inverse document frequency of BM25 among `passages`. A word with a digit is a number. One that has a
    capital letter is a name, but for the first word, which must have two.
    """
    terms = list(terms_in(question))
    distinct = list(dict.fromkeys(terms))
    words = _WORD.findall(question)
    of_names = {term for place, word in enumerate(words) if _is_name(word, first=place == 0) for term in terms_in(word)}
    of_numbers = {term for word in words if any(map(str.isdigit, word)) for term in terms_in(word)}
    columns = {term: column for column, term in enumerate(distinct)}
    return QuestionTerms(
        keys=term_keys(distinct),
        weights=np.array([_weight(passages_with(term), passages) for term in distinct], np.float32),
        names=np.array([term in of_names for term in distinct], bool),
        numbers=np.array([term in of_numbers for term in distinct], bool),
        pairs=[(columns[one], columns[next_]) for one, next_ in pairwise(terms)],
    )


def _is_name(word: str, *, first: bool) -> bool:
    return sum(map(str.isupper, word)) > int(first)


def _weight(frequency: int, passages: int) -> float:
    return math.log1p((max(passages, frequency) - frequency + 0.5) / (frequency + 0.5))
