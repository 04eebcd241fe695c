"""A run → the values that its plots show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from qa.evaluation.figures import Decisions
from qa.evaluation.measures import Floats
from qa.evaluation.runs import QuestionOutcome, Run

DEEPEST = 100  # hits; the depth that recall is drawn to


def recall_by_depth(run: Run, stage: str) -> Floats:
    """(100,) the mean share of judged items that the first 1, 2, … 100 hits hold, of questions with something to find."""
    ranked = [outcome for outcome in run.outcomes if outcome.ranked]
    total = np.zeros(DEEPEST)
    for outcome in ranked:
        held = outcome.stages.get(stage)
        if held is None:
            continue
        ranks = [one.rank - 1 for one in held.found if one.rank <= DEEPEST]
        total += np.cumsum(np.bincount(ranks, minlength=DEEPEST)) / (len(held.found) + len(held.missed))
    return total / max(1, len(ranked))


def probabilities_by_outcome(held: Decisions) -> dict[str, Floats]:
    """The probabilities of right sentences, of wrong ones, and of questions that nothing answers."""
    return {
        "right": held.probabilities[held.right],
        "wrong": held.probabilities[held.answerable & ~held.right],
        "unanswerable": held.probabilities[~held.answerable],
    }


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that half and 19 of 20 questions took at most."""

    stage: str
    p50_ms: float
    p95_ms: float


def latencies(run: Run) -> tuple[Latency, ...]:
    """One for each stage that was timed, in the order of the data."""
    return tuple(_latency(stage, run.outcomes) for stage in _timed(outcome.timings_ms for outcome in run.outcomes))


def _timed(timings: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    names = dict.fromkeys(name for one in timings for name in one)
    return tuple(sorted(names, key=lambda name: name == "total"))  # a question that stopped early has it sooner


def _latency(stage: str, outcomes: Iterable[QuestionOutcome]) -> Latency:
    taken = [outcome.timings_ms[stage] for outcome in outcomes if stage in outcome.timings_ms]
    median, high = np.percentile(taken, (50, 95))
    return Latency(stage, float(median), float(high))
