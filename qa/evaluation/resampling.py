"""Values → how sure they are: bootstrap intervals, the paired randomisation test, Holm's correction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

SEED = 20_240_229
_INTERVAL = (2.5, 97.5)  # percentiles
_BLOCK = 2_000_000  # elements of one resampled block, so that memory stays small


def mean_interval(values: Floats, *, rounds: int = 2_000, seed: int = SEED) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean, resampling questions; (NaN, NaN) for no values.

    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if not len(values):
        return float("nan"), float("nan")
    means = np.concatenate([drawn.mean(axis=1) for drawn in _resampled(values, rounds, seed)])  # (rounds,)
    low, high = np.percentile(means, _INTERVAL)
    return float(low), float(high)


def percentile_intervals(
    values: Floats, percents: Sequence[float], *, rounds: int = 400, seed: int = SEED
) -> list[tuple[float, float]]:
    """The same for each of these percentiles of the values, all over one resampling."""
    if not len(values):
        return [(float("nan"), float("nan")) for _ in percents]
    of_blocks = [np.percentile(drawn, percents, axis=1) for drawn in _resampled(values, rounds, seed)]
    lows, highs = np.percentile(np.concatenate(of_blocks, axis=1), _INTERVAL, axis=1)  # each (percents,)
    return [(float(low), float(high)) for low, high in zip(lows, highs, strict=True)]


def _resampled(values: Floats, rounds: int, seed: int) -> Iterator[Floats]:
    """As many values as there are, drawn with replacement so many times: blocks of (times, n)."""
    random = np.random.default_rng(seed)
    n = len(values)
    block = max(1, _BLOCK // n)
    for done in range(0, rounds, block):
        yield values[random.integers(0, n, size=(min(block, rounds - done), n))]


def statistic_interval(
    statistic: Callable[[Integers], float], n: int, *, rounds: int = 400, seed: int = SEED
) -> tuple[float, float]:
    """The same for any statistic of the questions at some positions; samples on which it is NaN are left out."""
    random = np.random.default_rng(seed)
    drawn = np.array([statistic(random.integers(0, n, size=n)) for _ in range(rounds)]) if n else np.zeros(0)
    usable = drawn[~np.isnan(drawn)]
    if not len(usable):
        return float("nan"), float("nan")
    low, high = np.percentile(usable, _INTERVAL)
    return float(low), float(high)


def randomisation_p(differences: Floats, *, rounds: int = 10_000, seed: int = SEED) -> float:
    """How probable a mean difference at least as large is, in either direction, when the two runs differ by chance alone.

    Each question's difference keeps or changes its sign at random. p = (1 + as large) / (1 + rounds), never 0.
    Source: Smucker, Allan & Carterette, CIKM 2007.
    """
    differing = differences[differences != 0]  # the others change no sum
    if not len(differing):
        return 1.0
    random = np.random.default_rng(seed)
    observed = abs(differing.sum()) - 1e-12  # sums in another order differ in their last digits
    block = max(1, _BLOCK // len(differing))
    as_large = 0
    for done in range(0, rounds, block):
        signs = random.integers(0, 2, size=(min(block, rounds - done), len(differing)), dtype=np.int8) * 2 - 1
        as_large += int((np.abs(signs @ differing) >= observed).sum())
    return (1 + as_large) / (1 + rounds)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values that hold for all tests together, in the order given. Source: Holm, Scand. J. Statist. 1979."""
    order = sorted(range(len(p_values)), key=lambda which: p_values[which])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for position, which in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - position) * p_values[which]))
        adjusted[which] = largest
    return adjusted
