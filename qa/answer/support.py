"""A reader's score → the probability that the sentence supports an answer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qa.types import Band, Confidence

_HIGH = 0.75
_MEDIUM = 0.5


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(slope x score + intercept))); Platt, 1999."""

    slope: float
    intercept: float

    def probability(self, score: float) -> float:
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.slope * score + self.intercept))))


def confidence(probability: float, *, threshold: float, answered_threshold: float) -> Confidence:
    """The probability with its band: high from 0.75, medium from 0.5, else low."""
    band = Band.HIGH if probability >= _HIGH else Band.MEDIUM if probability >= _MEDIUM else Band.LOW
    return Confidence(probability, band, threshold, answered_threshold)
