"""Fit the logistic that turns a sentence's score into the probability that it supports an answer.

    python tests/quality/fit_support.py RUN [RUN …]

Takes runs of `qa evaluate SET --limit 600 --out RUN`: of each question, the score of the best sentence that was read,
and whether it is right; of a question that nothing answers none is. Each set weighs the same. Prints the fit, how
well the score separates right from wrong, and what a threshold does.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from qa.evaluation.measures import Booleans, Floats, auroc
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runs import READ, Run, read_run

THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)


@dataclass(frozen=True, slots=True)
class Scored:
    """The questions of one run of which it is known what is right."""

    name: str
    scores: Floats  # (n,) of the best sentence, 0 where nothing was read
    right: Booleans  # (n,)
    answerable: Booleans  # (n,)


def scored(run: Run) -> Scored:
    if READ not in run.facts.stages:
        raise SystemExit(f"{run.facts.name} read nothing; leave --stage out when it is made.")
    known = [outcome for outcome in run.outcomes if outcome.ranked or outcome.answerable is False]
    best = [outcome.stages[READ].hits[:1] if READ in outcome.stages else () for outcome in known]
    if not any(best):
        raise SystemExit(f"{run.facts.name} keeps no scores; leave --keep 0 out when it is made.")
    return Scored(
        run.facts.name,
        np.array([hits[0].score if hits else 0.0 for hits in best]),
        np.array([outcome.answer is not None and outcome.answer.best_right for outcome in known]),
        np.array([outcome.ranked for outcome in known]),
    )


def fit(scores: Floats, right: Booleans, weights: Floats) -> tuple[float, float]:
    """(slope, intercept) of the weighted logistic regression of `right` on `scores`."""

    def loss(parameters: Floats) -> float:
        logits = parameters[0] * scores + parameters[1]
        return float(np.sum(weights * (np.logaddexp(0, logits) - right * logits)))

    found = minimize(loss, np.array([1.0, 0.0]))
    return float(found.x[0]), float(found.x[1])


def report(held: Scored, slope: float, intercept: float) -> None:
    probabilities = 1 / (1 + np.exp(-(slope * held.scores + intercept)))
    answerable = held.right[held.answerable].astype(float)
    low, high = mean_interval(answerable)
    print(f"\n{held.name}: n {len(held.scores)}, answerable {len(answerable)}")
    print(f"  best sentence right, of the answerable: {answerable.mean():.3f} [{low:.3f}, {high:.3f}]")
    print(f"  right against wrong, AUROC {auroc(held.scores, held.right):.3f}")
    print(f"  mean probability {probabilities.mean():.3f}, right {held.right.mean():.3f}")
    for threshold in THRESHOLDS:
        shown = probabilities >= threshold
        if shown.any():
            kept = held.right[shown].sum() / max(1, held.right.sum())
            print(f"  from {threshold:.2f}: {shown.mean():.3f} answered, {held.right[shown].mean():.3f} right; {kept:.3f} kept")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    sets = [scored(read_run(path)) for path in parser.parse_args().runs]
    weights = np.concatenate([np.full(len(held.scores), 1 / len(held.scores)) for held in sets])
    slope, intercept = fit(np.concatenate([held.scores for held in sets]), np.concatenate([held.right for held in sets]), weights)
    print(f"Logistic(slope={slope:.2f}, intercept={intercept:.2f})")
    for held in sets:
        report(held, slope, intercept)


if __name__ == "__main__":
    main()
