"""A reader's score → the probability that the sentence supports an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.base.types import Band, Confidence

_HIGH = 0.75
_MEDIUM = 0.5


_MOST_MARGIN = 10.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(slope x score + margin_slope x margin + intercept))); Platt, 1999."""

    slope: float
    intercept: float
    margin_slope: float = 0.0

    def probability(self, score: float, margin: float = 0.0) -> float:
        logit = self.slope * score + self.margin_slope * margin + self.intercept
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def margins(scores: Sequence[float], answers: Sequence[str], quotes: Sequence[str]) -> list[float]:
    """How far each score is above the best one of another answer in another sentence, between -10 and 10.

    `scores` are best first. An answer that another one nearly matches is less sure than one that stands alone; where two
    sentences give the same answer, or one stands in two articles, neither speaks against the other.
    """
    said = list(zip(answers, quotes, strict=True))
    found = []
    for score, (answer, quote) in zip(scores, said, strict=True):
        rival = next(
            (other for other, (one, text) in zip(scores, said, strict=True) if one != answer and text != quote), -math.inf
        )
        found.append(max(-_MOST_MARGIN, min(_MOST_MARGIN, score - rival)))
    return found


def confidence(probability: float, *, threshold: float, answered_threshold: float) -> Confidence:
    """The probability with its band: high from 0.75, medium from 0.5, else low."""
    band = Band.HIGH if probability >= _HIGH else Band.MEDIUM if probability >= _MEDIUM else Band.LOW
    return Confidence(probability, band, threshold, answered_threshold)
