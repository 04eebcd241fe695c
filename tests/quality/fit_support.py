"""Signs of first sentences and judged questions → the weights of their probability, and what the thresholds promise.

    python tests/quality/fit_support.py --data DIR --indexes DIR [--limit 300] [--plot FILE.svg] [--judged SET …]

Asks news, SQuAD 2.0, SelQA and XQuAD with the reader in force (`QA_READER`), each over the index of its name in a folder; and
news once more over an index of few articles, one for each question, as many people have only some.
A first sentence is right when it holds a judged answer, or any article's sentence when it has the words of one. Questions
without an answer are part of each: in news, those whose answer stands nowhere word for word; in SQuAD 2.0, its own; in the
others, every second question again without the articles that answer it. Last, questions of SQuAD 2.0 are asked over our samples,
which know nothing of them. Each of these sets weighs the same, the three languages together as one.

First sentences of news that hold no such words were read (tests/quality/checked): many answer in other words, and these are right
too.

It prints the fit, what the half of the questions that it was not fitted on says, and what the thresholds show. The plot shows
calibration, and risk over coverage. Nothing is fitted on the sets of --judged, which are asked whole.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from drawing import save
from matplotlib.figure import Figure
from scipy.optimize import minimize

from qa.base.errors import QuestionError
from qa.base.settings import load_settings
from qa.base.types import OF_ANY_TIME, Evidence, Filters, Signs, Span
from qa.evaluation.articles import AnswerWords, StoredArticles
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.judgements import Dataset
from qa.evaluation.judging import ItemisedQuestion, Itemiser
from qa.evaluation.measures import Booleans, Floats, auroc
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runner import moment_of
from qa.evaluation.runs import RankedSpan
from qa.index.store import open_store
from qa.service.service import Service

CHECKED = Path(__file__).parent / "checked"
SAMPLES = Path("qa/evaluation/samples")
NEWS, FEW, SQUAD, SELQA, XQUAD = "news", "news, few articles", "SQuAD 2.0", "SelQA", "XQuAD"
STRANGERS = "strangers"
MOST_CHARACTERS = 25_000  # of one of few articles
EVERY = 1_000_000  # questions: all of a set
BINS = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """A question whose first sentences were checked by reading: those that answer it, (article id, place)."""

    answerable: bool
    sentences: frozenset[tuple[str, Span]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: the signs of its first sentence, its probability as shipped, and what is known of it."""

    name: str
    signs: tuple[float, ...]
    probability: float
    right: bool
    answerable: bool


def checked(name: str) -> dict[str, Checked]:
    path = CHECKED / f"{name}.jsonl"
    lines = map(json.loads, path.read_text("utf-8").splitlines()) if path.exists() else iter(())
    return {
        one["question_id"]: Checked(
            one["answerable"], frozenset((place["article_id"], Span(place["start"], place["end"])) for place in one["sentences"])
        )
        for one in lines
    }


class Asking:
    """The questions of one set, asked over its index."""

    def __init__(self, name: str, path: Path, index: Path) -> None:
        self.name = name
        self.dataset = read_dataset(path, repeats=True)
        self.service = Service(load_settings(index=index))

    def asked(self, *, limit: int, without_answer: int, unanswerable_too: bool) -> Iterator[Asked]:
        """So many questions with an answer and without one; with `unanswerable_too`, also without the articles that answer."""
        with self.service as service, open_store(service.folder) as store:
            articles = StoredArticles(store)
            itemiser = Itemiser(articles.article, given={})
            stands_anywhere = AnswerWords(articles).stand_anywhere
            questions = [itemiser.itemise(one, stands_anywhere=stands_anywhere) for one in self.dataset.questions]
            known = checked(self.dataset.name)
            chosen = spread([one for one in questions if any(item.spans for item in one.items)], limit)
            none = spread([one for one in questions if not one.items and one.answerable is False], without_answer)
            for place, question in enumerate([*chosen, *none]):
                yield from self._asked(question, known.get(question.judged.id), OF_ANY_TIME)
                if unanswerable_too and place % 2 and question in chosen:
                    without = tuple(one.id for one in articles.all() if not holds(question, one.id, one.text))
                    stripped = replace(question, items=(), answerable=False)
                    yield from self._asked(stripped, None, replace(OF_ANY_TIME, article_ids=without))

    def strange(self, questions: Sequence[str]) -> Iterator[Asked]:
        """Questions that no article answers."""
        with self.service as service:
            for words in questions:
                yield from self._made(service.ask(words).trace.evidence, lambda _: False, answerable=False)

    def _asked(self, question: ItemisedQuestion, check: Checked | None, filters: Filters) -> Iterator[Asked]:
        judged = question.judged
        answerable = bool(question.items) or (check is not None and check.answerable)
        with contextlib.suppress(QuestionError):
            answer = self.service.ask(judged.question, asked_at=moment_of(judged.asked_at), filters=filters)
            yield from self._made(answer.trace.evidence, partial(is_right, question, check), answerable=answerable)

    def _made(self, evidence: Sequence[Evidence], is_right: Callable[[Evidence], bool], *, answerable: bool) -> Iterator[Asked]:
        if evidence and evidence[0].signs is not None:
            best = evidence[0]
            signs = tuple(asdict(best.signs).values())
            yield Asked(self.name, signs, best.probability, is_right(best) and answerable, answerable)


def is_right(question: ItemisedQuestion, check: Checked | None, best: Evidence) -> bool:
    """Whether the sentence was judged to answer, or checked; or has the words of an answer that stands in some judged article."""
    if check is not None and (best.article_id, best.span) in check.sentences:
        return True
    place = RankedSpan(best.article_id, best.span, 0.0)
    return bool(question.items) and (question.is_right(place) or question.is_answer_in(best.quote))


def holds(question: ItemisedQuestion, article_id: str, text: str) -> bool:
    return any(item.article_id == article_id for item in question.items) or question.is_answer_in(text)


One = TypeVar("One")


def spread(ones: Sequence[One], count: int) -> list[One]:
    """So many of them, evenly spread."""
    return [ones[place * len(ones) // count] for place in range(count)] if count < len(ones) else list(ones)


def make_index_of_few(dataset: Dataset, index: Path, folder: Path, count: int) -> None:
    """An index of a right article for each of so many questions, out of that of all."""
    with open_store(index) as store:
        articles = StoredArticles(store)
        itemiser = Itemiser(articles.article, given={})
        judged = [itemiser.itemise(one, stands_anywhere=lambda _: True) for one in dataset.questions]
        right = [[articles.article(item.article_id) for item in one.items if item.spans] for one in judged]
    short = [[one for one in of_question if one and len(one.text) <= MOST_CHARACTERS] for of_question in right]
    chosen = {first.id: first for first, *_ in spread([of_question for of_question in short if of_question], count)}
    with Service(load_settings(index=folder)) as service:
        service.add_articles(chosen.values())


def ask(data: Path, indexes: Path, limit: int) -> list[Asked]:
    def asking(name: str, folder: str) -> Asking:
        return Asking(name, data / folder, indexes / folder)

    made = list(asking(NEWS, "realtimeqa_2024").asked(limit=limit, without_answer=limit * 250 // 585, unanswerable_too=False))
    with tempfile.TemporaryDirectory() as folder:
        few = Asking(FEW, data / "realtimeqa_2024", Path(folder))
        make_index_of_few(few.dataset, indexes / "realtimeqa_2024", Path(folder), limit // 3)
        made += few.asked(limit=limit // 2, without_answer=0, unanswerable_too=True)
    made += asking(SELQA, "selqa").asked(limit=limit // 2, without_answer=0, unanswerable_too=True)
    made += asking(SQUAD, "squad20_dev").asked(limit=limit // 2, without_answer=limit // 2, unanswerable_too=False)
    for language in ("de", "es", "ru"):
        made += asking(XQUAD, f"xquad_{language}").asked(limit=limit // 6, without_answer=0, unanswerable_too=True)
    strange = spread(read_dataset(data / "squad20_dev").questions, limit // 5)
    made += Asking(STRANGERS, SAMPLES, indexes / "samples").strange([one.question for one in strange])
    return made


def fit(asked: Sequence[Asked]) -> Floats:
    """(f + 1,) weights and intercept of the logistic regression of what is right on the signs; each set weighs the same."""
    sizes = {name: sum(one.name == name for one in asked) for name in {one.name for one in asked}}
    weights = np.array([len(asked) / len(sizes) / sizes[one.name] for one in asked])
    signs, right = np.array([one.signs for one in asked]), np.array([one.right for one in asked], float)
    spreads = signs.std(axis=0) + 1e-9
    inputs = np.column_stack([signs / spreads, np.ones(len(signs))])

    def loss(parameters: Floats) -> float:
        logits = inputs @ parameters
        return float(np.sum(weights * (np.logaddexp(0, logits) - right * logits)) + parameters[:-1] @ parameters[:-1])

    found = np.asarray(minimize(loss, np.zeros(inputs.shape[1])).x)
    return np.append(found[:-1] / spreads, found[-1])


def by_halves(asked: Sequence[Asked]) -> list[Asked]:
    """Each question with the probability that a fit to the other half gives it."""
    made = []
    for half in (0, 1):
        *weights, intercept = fit([one for place, one in enumerate(asked) if place % 2 != half])
        held = [one for place, one in enumerate(asked) if place % 2 == half]
        logits = np.array([one.signs for one in held]) @ np.array(weights) + intercept
        made += [replace(one, probability=float(1 / (1 + np.exp(-logit)))) for one, logit in zip(held, logits, strict=True)]
    return made


def report(name: str, asked: Sequence[Asked], *, threshold: float, answered: float) -> None:
    probabilities, right, answerable = columns(asked)
    print(f"\n{name}: n {len(asked)}, answerable {answerable.sum()}, first sentence right {right.sum()}")
    if right.any():
        print(f"  AUROC: right against wrong {auroc(probabilities, right):.3f}", end="")
        print(f", answerable {auroc(probabilities, answerable):.3f}" if not answerable.all() else "")
    print(f"  mean probability {probabilities.mean():.3f}, right {right.mean():.3f}")
    shown = probabilities >= threshold
    for label, those in (("right first sentences", right), ("questions without an answer", ~answerable)):
        if those.any():
            low, high = mean_interval(shown[those].astype(float))
            print(f"  shown of {those.sum()} {label}: {shown[those].mean():.3f} [{low:.3f}, {high:.3f}]")
    classes = {
        "answered": probabilities >= answered,
        "weak": (probabilities >= threshold) & (probabilities < answered),
        "not found": probabilities < threshold,
    }
    for label, are in classes.items():
        if are.any():
            low, high = mean_interval(right[are].astype(float))
            print(f"  {label}: {are.sum()} ({are.mean():.3f}), right {right[are].mean():.3f} [{low:.3f}, {high:.3f}]")


def columns(asked: Sequence[Asked]) -> tuple[Floats, Booleans, Booleans]:
    """(n,) probabilities, which are right, and which are answerable."""
    return (
        np.array([one.probability for one in asked]),
        np.array([one.right for one in asked], bool),
        np.array([one.answerable for one in asked], bool),
    )


def reliability(probabilities: Floats, right: Booleans) -> Iterator[tuple[float, float, float, float]]:
    """(mean probability, share that is right, its interval) of parts of the questions, by probability, of one size."""
    for part in np.array_split(np.argsort(probabilities, kind="stable"), BINS):
        its = right[part].astype(float)
        yield float(probabilities[part].mean()), float(its.mean()), *mean_interval(its)


def draw(sets: dict[str, list[Asked]], path: Path) -> None:
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    fitted, risk = figure.subplots(1, 2)
    fitted.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name, asked in sets.items():
        probabilities, right, _ = columns(asked)
        means, shares, lows, highs = map(np.array, zip(*reliability(probabilities, right), strict=True))
        fitted.errorbar(means, shares, yerr=[shares - lows, highs - shares], marker="o", capsize=2, label=name)
        order = np.argsort(-probabilities, kind="stable")
        shown = np.arange(1, len(order) + 1)
        risk.plot(shown / len(order), np.cumsum(~right[order]) / shown, label=f"{name}, n {len(order)}")
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
    parser.add_argument("--indexes", type=Path, required=True, help="a folder of indexes, each named like its set")
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--judged", type=Path, nargs="*", default=[], help="sets, each with an index of its name in the folder")
    arguments = parser.parse_args()
    settings = load_settings()
    asked = ask(arguments.data, arguments.indexes, arguments.limit)
    *weights, intercept = fit(asked)
    names = [field.name for field in fields(Signs)]
    print(", ".join(f"{name} {weight:.3f}" for name, weight in zip(names, weights, strict=True)), f"intercept {intercept:.3f}")
    by_set = {name: [one for one in asked if one.name == name] for name in dict.fromkeys(one.name for one in asked)}
    for label, those in (("as shipped", asked), ("by halves", by_halves(asked))):
        for name in by_set:
            held = [one for one in those if one.name == name]
            report(f"{name}, {label}", held, threshold=settings.threshold, answered=settings.answered_threshold)
    for path in arguments.judged:
        every = Asking(path.name, path, arguments.indexes / path.name)
        held = list(every.asked(limit=EVERY, without_answer=EVERY, unanswerable_too=False))
        report(f"{path.name}, as shipped", held, threshold=settings.threshold, answered=settings.answered_threshold)
    if arguments.plot:
        draw(by_set, arguments.plot)


if __name__ == "__main__":
    main()
