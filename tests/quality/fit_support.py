"""Fit the logistic that turns a sentence's score into the probability that it supports an answer.

    python tests/quality/fit_support.py INDEX=QUESTIONS.jsonl.gz [INDEX=QUESTIONS.jsonl.gz …]

Asks every question of each set over its index (at most --most, evenly taken), takes the best sentence, and
notes whether it is right: it holds the judged evidence, or, for sets with answer strings only, an answer as
whole words in an article judged to hold it. Questions without an answer have no right sentence. Each set
weighs the same. Prints the fit, how well the score separates right from wrong, and what a threshold does.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from judging import NewsQuestion, bootstrap_interval
from numpy.typing import NDArray
from scipy.optimize import minimize

import qa
from qa.types import Evidence

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best sentence of one question: its score, whether it is right, and whether the set has an answer at all."""

    score: float
    right: bool
    answerable: bool


def is_right(record: dict[str, Any], evidence: Evidence, given_id: str) -> bool:
    judged = record.get("evidence")
    if isinstance(judged, list):
        quote = " ".join(evidence.quote.split())
        places = [(place["article_id"], " ".join(place["text"].split())) for place in judged]
        return any(given_id == article_id and (text in quote or quote in text) for article_id, text in places)
    news = NewsQuestion.from_record(record)
    return given_id in news.articles_with_answer and news.is_answer_in(evidence.quote)


def ask_all(index_folder: str, questions: Path, most: int) -> list[Outcome]:
    with gzip.open(questions, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    step = max(1, len(records) // most)
    outcomes = []
    with qa.open(index_folder) as index:
        given_ids = {stored.article.id: stored.article.given_id for stored in index.articles()}
        for record in records[::step]:
            evidence = index.ask(record["question"]).trace.evidence
            answerable = bool(record.get("answerable", record.get("answer_in_articles")))
            right = bool(evidence) and is_right(record, evidence[0], given_ids[evidence[0].article_id])
            outcomes.append(Outcome(evidence[0].score if evidence else 0.0, right, answerable))
    return outcomes


def fit(scores: Floats, right: Floats, weights: Floats) -> tuple[float, float]:
    """(slope, intercept) of the weighted logistic regression of `right` on `scores`."""

    def loss(parameters: Floats) -> float:
        logits = parameters[0] * scores + parameters[1]
        return float(np.sum(weights * (np.logaddexp(0, logits) - right * logits)))

    found = minimize(loss, np.array([1.0, 0.0]))
    return float(found.x[0]), float(found.x[1])


def separation(scores: Floats, right: Floats) -> float:
    """AUROC: how often a right sentence's score is above a wrong one's."""
    above = scores[right == 1][:, None] - scores[right == 0][None]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def report(name: str, outcomes: Sequence[Outcome], slope: float, intercept: float) -> None:
    scores = np.array([outcome.score for outcome in outcomes])
    right = np.array([float(outcome.right) for outcome in outcomes])
    probabilities = 1 / (1 + np.exp(-(slope * scores + intercept)))
    answerable = [float(outcome.right) for outcome in outcomes if outcome.answerable]
    low, high = bootstrap_interval(answerable)
    print(f"\n{name}: n {len(outcomes)}, answerable {len(answerable)}")
    print(f"  best sentence right, of the answerable: {np.mean(answerable):.3f} [{low:.3f}, {high:.3f}]")
    print(f"  right against wrong, AUROC {separation(scores, right):.3f}")
    print(f"  mean probability {probabilities.mean():.3f}, right {right.mean():.3f}")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
        shown = probabilities >= threshold
        if shown.any():
            kept = right[shown].sum() / max(1.0, right.sum())
            print(f"  from {threshold:.2f}: {shown.mean():.3f} answered, {right[shown].mean():.3f} right; {kept:.3f} kept")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="INDEX=QUESTIONS")
    parser.add_argument("--most", type=int, default=600, help="questions asked of each set")
    arguments = parser.parse_args()
    named = {pair: ask_all(pair.partition("=")[0], Path(pair.partition("=")[2]), arguments.most) for pair in arguments.sets}
    outcomes = [outcome for some in named.values() for outcome in some]
    weights = np.array([1 / len(some) for some in named.values() for _ in some])
    slope, intercept = fit(
        np.array([outcome.score for outcome in outcomes]), np.array([float(outcome.right) for outcome in outcomes]), weights
    )
    print(f"Logistic(slope={slope:.2f}, intercept={intercept:.2f})")
    for pair, some in named.items():
        report(pair, some, slope, intercept)


if __name__ == "__main__":
    main()
