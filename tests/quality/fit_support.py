"""Reader's scores and judged questions → the fit of the probability that the first citation is right, and its plot.

    python tests/quality/fit_support.py [--data ../shared/data/dev] [--limit 600] [--plot FILE.svg]

Asks the news of 2024, SQuAD 2.0 and SelQA with the reader in force (`QA_READER`), each over the index of its own that `qa
evaluate` makes. A first sentence is right when it holds a judged answer. Some news questions have an answer that no article
holds word for word. Of these, only those in tests/quality/checked count: the sentences read first for them were checked by
reading. Each set weighs the same.

It prints the fit, how well the shipped probability separates right from wrong, and the effect of each threshold. The plot shows
calibration, and risk over coverage.
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from drawing import save
from matplotlib.figure import Figure
from scipy.optimize import minimize

from qa.answer.calibration import margins
from qa.base.errors import QuestionError
from qa.base.settings import NO_READER, Settings, load_settings
from qa.base.types import Evidence, Span
from qa.evaluation.articles import AnswerWords, StoredArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.indexes import index_folder
from qa.evaluation.judging import Itemiser
from qa.evaluation.measures import Booleans, Floats, auroc
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runner import moment_of, taken
from qa.evaluation.runs import RankedSpan
from qa.index.store import Store
from qa.service.service import Service

CHECKED = Path(__file__).parent / "checked"
SETS = ("realtimeqa_2024", "squad20_dev", "selqa")
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
BINS = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """A question whose sentences that were read first were checked by reading: those that answer it, (article id, place)."""

    answerable: bool
    sentences: frozenset[tuple[str, Span]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one set of which it is known what is right."""

    name: str
    scores: Floats  # (n,) of the best sentence, 0 where nothing was read
    margins: Floats  # (n,)
    probabilities: Floats  # (n,) as shipped
    right: Booleans  # (n,)
    answerable: Booleans  # (n,)


def checked(name: str) -> dict[str, Checked]:
    path = CHECKED / f"{name}.jsonl"
    lines = map(json.loads, path.read_text("utf-8").splitlines()) if path.exists() else iter(())
    return {
        one["question_id"]: Checked(
            one["answerable"], frozenset((place["article_id"], Span(place["start"], place["end"])) for place in one["sentences"])
        )
        for one in lines
    }


def ask(name: str, data: Path, limit: int, settings: Settings) -> Asked:
    dataset = read_dataset(data / name)
    folder = index_folder(dataset, None, settings.index)
    known = checked(name)
    rows = []
    with (
        Service(settings.model_copy(update={"index": folder})) as service,
        contextlib.closing(Store.open(folder)) as store,
        store.reading(),
    ):
        articles = StoredArticles(store)
        itemiser = Itemiser(articles.article, given={})
        stands_anywhere = AnswerWords(articles).stand_anywhere
        chosen = {judged.id for judged in taken(dataset, limit)} | set(known)
        for judged in (judged for judged in dataset.questions if judged.id in chosen):
            question = itemiser.itemise(judged, stands_anywhere=stands_anywhere)
            check = known.get(judged.id)
            if not question.items and check is None and (known or question.answerable is not False):
                continue
            with contextlib.suppress(QuestionError):
                evidence = service.ask(judged.question, asked_at=moment_of(judged.asked_at)).trace.evidence
                if not evidence:
                    continue
                best = evidence[0]
                if question.items:
                    right = question.is_right(RankedSpan(best.article_id, best.span, 0.0))
                else:
                    right = check is not None and (best.article_id, best.span) in check.sentences
                answerable = bool(question.items) or (check is not None and check.answerable)
                rows.append((best.score, margin(evidence, articles), best.probability, right, answerable))
    scores, distances, probabilities, right, answerable = map(np.array, zip(*rows, strict=True))
    return Asked(name, scores, distances, probabilities, right, answerable)


def margin(evidence: tuple[Evidence, ...], articles: StoredArticles) -> float:
    answers = [found.answer.of(text(found, articles)).casefold() if found.answer else found.quote for found in evidence]
    return margins([found.score for found in evidence], answers, [found.quote for found in evidence])[0]


def text(found: Evidence, articles: StoredArticles) -> str:
    article = articles.article(found.article_id)
    assert article is not None
    return article.text


def fit(features: Floats, right: Booleans, weights: Floats) -> Floats:
    """(f + 1,) weights and intercept of the weighted logistic regression of `right` (n,) on `features` (n, f)."""
    inputs = np.column_stack([features, np.ones(len(features))])

    def loss(parameters: Floats) -> float:
        logits = inputs @ parameters
        return float(np.sum(weights * (np.logaddexp(0, logits) - right * logits)))

    return np.asarray(minimize(loss, np.zeros(inputs.shape[1])).x)


def report(held: Asked) -> None:
    probabilities = held.probabilities
    answerable = held.right[held.answerable].astype(float)
    low, high = mean_interval(answerable)
    print(f"\n{held.name}: n {len(held.scores)}, answerable {len(answerable)}")
    print(f"  accuracy@1, of the answerable: {answerable.mean():.3f} [{low:.3f}, {high:.3f}]")
    alone = auroc(held.scores, held.right)
    print(f"  AUROC: right against wrong {auroc(probabilities, held.right):.3f}, by the score alone {alone:.3f}", end="")
    print(f", answerable {auroc(probabilities, held.answerable):.3f}" if not held.answerable.all() else "")
    print(f"  mean probability {probabilities.mean():.3f}, right {held.right.mean():.3f}")
    for threshold in THRESHOLDS:
        shown = probabilities >= threshold
        if shown.any():
            wrong = (~held.right[shown]).astype(float)
            low, high = mean_interval(wrong)
            kept = held.right[shown].sum() / max(1, held.right.sum())
            print(
                f"  from {threshold:.2f}: {shown.mean():.3f} answered, "
                f"{wrong.mean():.3f} [{low:.3f}, {high:.3f}] wrong; {kept:.3f} of the right kept"
            )


def reliability(held: Asked) -> Iterator[tuple[float, float, float, float]]:
    """(mean probability, share that is right, its interval) of parts of the questions, by probability, of one size."""
    for part in np.array_split(np.argsort(held.probabilities, kind="stable"), BINS):
        right = held.right[part].astype(float)
        yield float(held.probabilities[part].mean()), float(right.mean()), *mean_interval(right)


def draw(sets: list[Asked], path: Path) -> None:
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    fitted, risk = figure.subplots(1, 2)
    fitted.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for held in sets:
        means, shares, lows, highs = map(np.array, zip(*reliability(held), strict=True))
        fitted.errorbar(means, shares, yerr=[shares - lows, highs - shares], marker="o", capsize=2, label=held.name)
        order = np.argsort(-held.probabilities, kind="stable")
        answered = np.arange(1, len(order) + 1)
        risk.plot(answered / len(order), np.cumsum(~held.right[order]) / answered, label=f"{held.name}, n {len(order)}")
    fitted.set(
        xlabel="probability", ylabel="share that is right", title="Calibration, with 95 % intervals", xlim=(0, 1), ylim=(0, 1)
    )
    risk.set(xlabel="share answered, surest first", ylabel="share of those that is wrong", title="Risk and coverage", ylim=(0, 1))
    for axes in (fitted, risk):
        axes.legend()
        axes.grid(alpha=0.3)
    save(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"))
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    settings = load_settings()
    sets = [ask(name, arguments.data, arguments.limit, settings) for name in SETS]
    weights = np.concatenate([np.full(len(held.scores), 1000 / len(held.scores)) for held in sets])
    scores = np.concatenate([held.scores for held in sets])
    distances = np.concatenate([held.margins for held in sets])
    features = np.column_stack([scores] if settings.reader == NO_READER else [scores, distances])
    slope, *margin_slope, intercept = fit(features, np.concatenate([held.right for held in sets]), weights)
    print(f"slope {slope:.3f}, intercept {intercept:.3f}", *(f", margin_slope {one:.3f}" for one in margin_slope))
    for held in sets:
        report(held)
    if arguments.plot:
        draw(sets, arguments.plot)


if __name__ == "__main__":
    main()
