"""A reader's score → the calibrated probability that the sentence supports an answer."""

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
    """Each score minus the best score of a different answer in a different sentence, limited to -10 … 10.

    `scores` are best first. A close rival makes an answer less certain. Two sentences with the same answer, or the same
    sentence in two articles, are not rivals.
    """
    readings = list(zip(answers, quotes, strict=True))
    differences = []
    for score, (answer, quote) in zip(scores, readings, strict=True):
        rival = next(
            (other for other, (one, text) in zip(scores, readings, strict=True) if one != answer and text != quote), -math.inf
        )
        differences.append(max(-_MOST_MARGIN, min(_MOST_MARGIN, score - rival)))
    return differences


def confidence(probability: float, *, threshold: float, answered_threshold: float) -> Confidence:
    """The probability with its band: high from 0.75, medium from 0.5, else low."""
    band = Band.HIGH if probability >= _HIGH else Band.MEDIUM if probability >= _MEDIUM else Band.LOW
    return Confidence(probability, band, threshold, answered_threshold)
