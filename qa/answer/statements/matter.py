"""What a question is about → how probable it is that an article's answer is to the same: about one event, not one like it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answer.calibration import Support
from qa.answer.statements.values import Asked, DaysIn
from qa.answer.statements.voices import ReadArticle, Voice
from qa.answer.word_weights import FUNCTION_WORDS

# Fitted by tests/quality/statements.py --fit on the set in tests/quality/agreement, each story judged by the others: of what
# passes, .78 says something to the question, and of what does, .56 passes.
FITTED = Support(
    weights={
        "answers": 0.817,
        "counts_the_same": 1.437,
        "names": 1.496,
        "days_apart": -0.400,
        "says_the_same": 0.813,
        "words": 1.263,
    },
    intercept=1.260,
)
THRESHOLD = 0.55
_LEAST = 0.1  # the probability of a sentence that may answer
_SURE = 1e-3  # keeps the log-odds of 0 and 1 finite
_DAYS_UNKNOWN = 30
_WORD = re.compile(r"\w+")
_CAPITALISED = re.compile(r"\b[^\W\d_a-zäöüßéèñçà][\w’'-]{2,}")
_LOWER = re.compile(r"\b[a-zäöüßéèñçà]{3,}\b")


@dataclass(frozen=True, slots=True)
class Means:
    """What comparing articles takes: the days that a text of a day names, whether two texts share most of their words (as an
    agency's report in two papers does), and the indexed forms of a text's words.
    """

    days_in: DaysIn
    is_copy: Callable[[str, str], bool]
    terms: Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class OfTheMatter:
    """What speaks for a voice being on the same matter as the first one.

    `answers`: the log-odds of its sentence. `counts_the_same`: it counts what the first one counts, or what is asked for.
    `names`: the share of the names of one article that the other has. `days_apart`: log(1 + days between them). `words`: the
    share of the question's words in its sentence.
    """

    answers: float
    counts_the_same: float
    names: float
    days_apart: float
    says_the_same: float
    words: float


class Matter:
    """What a question is about, as the article has it that answers first."""

    def __init__(self, question: str, first: Voice, means: Means) -> None:
        self._means = means
        self._first = first
        self._asked = self._telling(question)
        self._names = _names_in(first.read)
        self._counted = self._telling(" ".join((*first.value.counted, *Asked.by(question).counted)))

    def among(self, of_article: Sequence[Voice]) -> list[Voice]:
        """Those of one article that can be compared with the first voice and are on the same matter.

        So is all that an article says which tells, where it may answer too, that the first was wrong or is past.
        """
        compared = [voice for voice in of_article if self.compares(voice)]
        if any(self._tells_of_first(voice) for voice in compared):
            return [voice for voice in compared if voice.evidence.probability >= _LEAST]
        return [voice for voice in compared if FITTED.probability(self.signs(voice)) >= THRESHOLD]

    def _tells_of_first(self, voice: Voice) -> bool:
        if voice.evidence.probability < _LEAST:
            return False
        return voice.read.tells_before(self._first.value, self._means.days_in, [voice.evidence.quote]) is not None

    def compares(self, voice: Voice) -> bool:
        """Whether the voice says something of the same sort as the first one."""
        return voice.value.compares_with(self._first.value) or voice.value.same(self._first.value)

    def signs(self, voice: Voice) -> OfTheMatter:
        probability = voice.evidence.probability
        names = _names_in(voice.read)
        shared = len(names & self._names) / max(1, min(len(names), len(self._names)))
        days = (voice.read.day, self._first.read.day)
        apart = abs((days[0] - days[1]).days) if days[0] and days[1] else _DAYS_UNKNOWN
        return OfTheMatter(
            answers=math.log((probability + _SURE) / (1 - probability + _SURE)),
            counts_the_same=float(bool(self._counted & self._telling(" ".join(voice.value.counted)))),
            names=shared,
            days_apart=math.log1p(apart),
            says_the_same=float(voice.value.same(self._first.value)),
            words=len(self._asked & self._telling(voice.evidence.quote)) / max(1, len(self._asked)),
        )

    def _telling(self, text: str) -> set[str]:
        words = (word for word in _WORD.findall(text) if word.lower() not in FUNCTION_WORDS)
        return {term for word in words for term in self._means.terms(word)}


def _names_in(read: ReadArticle) -> set[str]:
    """The capitalised words of what was read that never stand in lower case there."""
    text = " ".join((read.article.title, *read.texts))
    return set(_CAPITALISED.findall(text)) - {word.capitalize() for word in _LOWER.findall(text)}
