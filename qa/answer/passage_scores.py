"""Ranked passages and what was read in each → how far each of them answers: the order after reading.

    own score = ranking + weight x relevance + weight x best span
    score = own score + (T / 2) x log(1 + sum over others with the same answer of likeness x exp((theirs - own) / T))

So passages that give the same answer speak for one another; the share that others speak for is halved, so that the own score
still decides. Where no model of relevance was trained, the span counts for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.answer.reading import PassageReading
from qa.answer.same_answer import Likeness, likenesses
from qa.base.protocols import Candidate

Floats = NDArray[np.float64]

# Chosen on dev/realtimeqa_2024, MRR@10 and best sentences: relevance of .3 to 1 and spans of .1 to .3 are near, T of 2 to 4 too.
RELEVANCE_WEIGHT = 0.5
SPAN_WEIGHT = 0.2
SPAN_WEIGHT_ALONE = 1 / 3
TEMPERATURE = 3.0
SHARPNESS = 2.0  # of a voice in a share: the difference of scores that makes it e times as loud
CONTAINED = 0.7  # of a voice, for an answer that contains the other
_SHARES = {Likeness.OTHER: 0.0, Likeness.CONTAINED: CONTAINED, Likeness.EQUAL: 1.0}


def own_scores(candidates: Sequence[Candidate], readings: Sequence[PassageReading]) -> Floats:
    """(n,) what each passage says for itself, on the scale of the ranking: about log-odds."""
    return np.array([_own(candidate, reading) for candidate, reading in zip(candidates, readings, strict=True)], np.float64)


def best_answers(candidates: Sequence[Candidate], readings: Sequence[PassageReading]) -> list[str]:
    """The text of each passage's best span; none where nothing was read."""
    return [
        reading.best.span.of(candidate.text) if reading.best else ""
        for candidate, reading in zip(candidates, readings, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What m answers get from the passages: (m,) `added` to their scores, and (m,) their `share` of all voices."""

    added: Floats
    share: Floats


def votes(
    scores: Floats, answers: Sequence[str], places: Sequence[int], own: Floats, answers_of_passages: Sequence[str]
) -> Votes:
    """The votes for m answers with these scores, each read in the passage at its place.

    `own` (n,) and `answers_of_passages` are the passages' own scores and best answers. For an answer of its own, a passage adds
    nothing.

    Source: votes of passages for answers, as in multi-passage reading (Wang et al., ICLR 2018), on the scale of the scores.
    """
    alike = likenesses(answers, answers_of_passages)
    voices: Floats = np.select([alike == likeness for likeness in _SHARES], list(_SHARES.values()))  # (m, n)
    voices[np.arange(len(answers)), places] = 0.0
    others = (voices * np.exp((own[None, :] - scores[:, None]) / TEMPERATURE)).sum(axis=1)
    loudest = own.max(initial=0.0)
    loudness = np.exp((own - loudest) / SHARPNESS)  # (n,)
    heard = np.exp((scores - loudest) / SHARPNESS) + voices @ loudness
    return Votes(TEMPERATURE / 2 * np.log1p(others), heard / max(float(loudness.sum()), 1e-9))


def _own(candidate: Candidate, reading: PassageReading) -> float:
    span = reading.best.score if reading.best else 0.0
    if reading.relevance is None:
        return candidate.score + SPAN_WEIGHT_ALONE * span
    return candidate.score + RELEVANCE_WEIGHT * reading.relevance + SPAN_WEIGHT * span
