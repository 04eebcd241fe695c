"""What speaks for a sentence → the calibrated probability that it supports an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from qa.base.types import Band, Confidence

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_HIGH = 0.75
_MEDIUM = 0.5


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(slope x score + intercept))); Platt, 1999."""

    slope: float
    intercept: float

    def probability(self, score: float) -> float:
        return _logistic(self.slope * score + self.intercept)


@dataclass(frozen=True, slots=True)
class Support:
    """p = 1 / (1 + exp(-(sum of weight x sign + intercept))). `weights` are by the names of the signs, fields of a dataclass."""

    weights: Mapping[str, float]
    intercept: float

    def probability(self, signs: DataclassInstance) -> float:
        return _logistic(sum(self.weights[name] * value for name, value in asdict(signs).items()) + self.intercept)


def confidence(probability: float, *, threshold: float, answered_threshold: float) -> Confidence:
    """The probability with its band: high from 0.75, medium from 0.5, else low."""
    band = Band.HIGH if probability >= _HIGH else Band.MEDIUM if probability >= _MEDIUM else Band.LOW
    return Confidence(probability, band, threshold, answered_threshold)


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
