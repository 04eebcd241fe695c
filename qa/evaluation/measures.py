"""Measures as pure functions: of rankings (by ir-measures), of answers (SQuAD's rules), of probabilities."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from numpy.typing import NDArray

from qa.evaluation.runs import Found, StageOutcome

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# As they are printed → as ir-measures has them. Recall is of judged items, success of questions.
RANKING_MEASURES = {
    "success@1": ir_measures.Success @ 1,
    "success@5": ir_measures.Success @ 5,
    "success@10": ir_measures.Success @ 10,
    "success@50": ir_measures.Success @ 50,
    "recall@10": ir_measures.R @ 10,
    "recall@100": ir_measures.R @ 100,
    "MRR@10": ir_measures.RR @ 10,
    "nDCG@10": ir_measures.nDCG @ 10,
    "MAP@100": ir_measures.AP @ 100,
}


def ranking_values(outcomes: Mapping[str, StageOutcome]) -> dict[str, dict[str, float]]:
    """Measure → question id → value, for every question given, also one that nothing was ranked for (0).

    A hit is relevant when it holds a judged item that none before it held, with the best grade of those; an item
    that no hit holds is one that was missed. So nothing earns twice, and items that one passage holds together
    count as one. nDCG has linear gains, as trec_eval has.
    """
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(outcomes, 0.0) for name in RANKING_MEASURES}
    names = {measure: name for name, measure in RANKING_MEASURES.items()}
    alike = _found_alike(outcomes)
    qrels = {id_: _relevant(outcomes[id_]) for id_ in alike}
    # trec_eval orders by score; hits behind the last relevant one change no measure
    ranked = {id_: {f"hit {rank}": -float(rank) for rank in range(1, outcomes[id_].found[-1].rank + 1)} for id_ in alike}
    if ranked:
        for metric in ir_measures.iter_calc(list(names), qrels, ranked):
            values[names[metric.measure]] |= dict.fromkeys(alike[metric.query_id], float(metric.value))
    return values


def _found_alike(outcomes: Mapping[str, StageOutcome]) -> dict[str, list[str]]:
    """The first of the questions for which the same was found at the same ranks → all of them: ir-measures is slow."""
    alike: dict[tuple[Sequence[Found], Sequence[int]], list[str]] = {}
    for id_, outcome in outcomes.items():
        if outcome.found:
            alike.setdefault((outcome.found, outcome.missed), []).append(id_)
    return {ids[0]: ids for ids in alike.values()}


def _relevant(outcome: StageOutcome) -> dict[str, int]:
    hits = {f"hit {one.rank}": one.grade for one in outcome.found}
    return hits | {f"missed {number}": grade for number, grade in enumerate(outcome.missed)}


# Answers


_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def _normalized(text: str) -> str:
    """Lower case, without ASCII punctuation and English articles, single blanks: SQuAD's rule, in its order."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, answers: Sequence[str]) -> float:
    """1 when the prediction is one of the answers after SQuAD's normalisation, else 0; no answers: the empty one is right.

    Source: Rajpurkar et al., SQuAD 2.0, evaluate-v2.0.py.
    """
    return float(any(_normalized(prediction) == _normalized(answer) for answer in _gold(answers)))


def answer_f1(prediction: str, answers: Sequence[str]) -> float:
    """The best F1 of words shared with an answer, after SQuAD's normalisation; where either is empty, 1 if both are, else 0."""
    return max(_token_f1(_normalized(prediction).split(), _normalized(answer).split()) for answer in _gold(answers))


def _gold(answers: Sequence[str]) -> Sequence[str]:
    """Answers of which something is left, as SQuAD's script takes them."""
    return [answer for answer in answers if _normalized(answer)] or [""]


def _token_f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    same = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * same / (len(predicted) + len(gold))


# Probabilities


def auroc(scores: Floats, positive: Booleans) -> float:
    """How often a positive's score is above a negative's, ties counting half; NaN when either is missing.

    Source: Mann & Whitney, 1947: the area under the ROC curve is their U over the number of pairs.
    """
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)  # rank of the last one of each score, from 1
    middle = last - (counts - 1) / 2
    return float((middle[inverse][positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def risk_coverage(probabilities: Floats, right: Booleans) -> tuple[Floats, Floats]:
    """(coverage, risk) when the k most probable are answered, for each k at which the probability changes.

    coverage = k / n; risk = the share of those k that are wrong. Those of equal probability are answered together.
    Source: El-Yaniv & Wiener, JMLR 2010.
    """
    order = np.argsort(-probabilities, kind="stable")
    answered = np.arange(1, len(order) + 1)
    wrong = np.cumsum(~right[order])
    sorted_probabilities = probabilities[order]
    last_of_equals = np.append(sorted_probabilities[1:] != sorted_probabilities[:-1], True) if len(order) else np.zeros(0, bool)
    return answered[last_of_equals] / max(1, len(order)), wrong[last_of_equals] / answered[last_of_equals]


def risk_coverage_area(probabilities: Floats, right: Booleans) -> float:
    """The mean risk over all coverages, lower is better: each step's risk counts for the coverage it adds.

    NaN for nothing. Source: Geifman & El-Yaniv, NeurIPS 2017 (AURC).
    """
    coverage, risk = risk_coverage(probabilities, right)
    return float(np.sum(np.diff(coverage, prepend=0.0) * risk)) if len(coverage) else float("nan")


def coverage_at_precision(probabilities: Floats, right: Booleans, *, precision: float = 0.9) -> float:
    """The largest share that can be answered, the most probable first, with at least this share of them right; 0 if none."""
    coverage, risk = risk_coverage(probabilities, right)
    enough = coverage[risk <= 1 - precision + 1e-12]  # 1 - 0.9 is a little below 0.1
    return float(enough.max()) if len(enough) else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose probability is in [low, high): how many, their mean probability, and the share that is right."""

    low: float
    high: float
    n: int
    mean_probability: float
    share_right: float


def calibration_bins(probabilities: Floats, right: Booleans, *, bins: int = 10) -> list[Bin]:
    """Bins of equal width that hold anything; a probability of 1 is in the last."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            int(held.sum()),
            float(probabilities[held].mean()),
            float(right[held].mean()),
        )
        for number in range(bins)
        if (held := which == number).any()
    ]


def expected_calibration_error(probabilities: Floats, right: Booleans, *, bins: int = 10) -> float:
    """The mean distance between probability and share right over bins, by how many each holds; NaN for nothing.

    Source: Naeini, Cooper & Hauskrecht, AAAI 2015.
    """
    if not len(probabilities):
        return float("nan")
    held = calibration_bins(probabilities, right, bins=bins)
    return sum(one.n * abs(one.mean_probability - one.share_right) for one in held) / len(probabilities)
