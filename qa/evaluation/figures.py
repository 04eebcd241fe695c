"""A run → its figures, each with n and a 95 % interval; each question's own values; and where answers were lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from qa.base.stages import AFTER_READING, ANSWER, READ
from qa.base.types import Status
from qa.evaluation.judgements import JudgedBy
from qa.evaluation.measures import (
    Booleans,
    Floats,
    auroc,
    coverage_at_precision,
    expected_calibration_error,
    ranking_values,
    risk_coverage_area,
)
from qa.evaluation.resampling import Integers, mean_interval, percentile_intervals, statistic_interval
from qa.evaluation.runs import QuestionOutcome, Run, StageOutcome

STATEMENT_ACCURACY, RELATION_F1 = "statement accuracy", "relation F1"
TIME, WORDING = "time", "wording"  # the stages of figures of latency and of stand-alone questions
_ANY_ARTICLE_CUTS = (1, 5, 10, 50)
ORDERS = f"{AFTER_READING} orders the passages that were read by their best sentences; {READ} orders the sentences themselves."
_LOST_BELOW = 10  # rank behind which a passage counts as lost when nothing was read

Values = dict[tuple[str, str], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one stage: its value over n questions, and the 95 % bootstrap interval; NaN where there is none."""

    stage: str
    measure: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Loss:
    """The questions whose answer this stage lost, or, for the last one, that were answered correctly."""

    stage: str
    explanation: str
    question_ids: tuple[str, ...]


def question_values(run: Run) -> Values:
    """(stage, measure) → question id → value, over the questions that the measure is defined for; forgotten ones have 0."""
    values: Values = {}
    ranked = [outcome for outcome in run.outcomes if outcome.ranked]
    for stage in run.facts.stages:
        if stage != ANSWER:
            held = {outcome.id: _stage(outcome, stage) for outcome in ranked}
            values |= {(stage, measure): by_question for measure, by_question in ranking_values(held).items()}
            values |= {(stage, measure): by_question for measure, by_question in _any_article_values(run, stage).items()}
    if ANSWER in run.facts.stages:
        values |= {(ANSWER, measure): by_question for measure, by_question in _answer_values(run).items()}
    values[WORDING, "F1"] = {outcome.id: outcome.wording_f1 for outcome in run.outcomes if outcome.wording_f1 is not None}
    return {key: by_question for key, by_question in values.items() if by_question}


def _stage(outcome: QuestionOutcome, stage: str) -> StageOutcome:
    """The stage's outcome; everything missed where the run forgot the question."""
    return outcome.stages.get(stage, StageOutcome((), 0, (), (1,) * outcome.items))


def _any_article_values(run: Run, stage: str) -> dict[str, dict[str, float]]:
    """For sets with answer strings: whether the first k hits hold an answer, in any article."""
    ranks = {
        outcome.id: _stage(outcome, stage).any_article_rank
        for outcome in run.outcomes
        if outcome.ranked and outcome.judged_by is JudgedBy.ANSWERS
    }
    return {
        f"success@{k}, any article": {id_: float(rank is not None and rank <= k) for id_, rank in ranks.items()}
        for k in _ANY_ARTICLE_CUTS
    }


def _answer_values(run: Run) -> dict[str, dict[str, float]]:
    answers = {outcome.id: outcome.answer for outcome in run.outcomes if outcome.answer is not None}
    ranked = [outcome for outcome in run.outcomes if outcome.ranked]
    unanswerable = [outcome for outcome in run.outcomes if outcome.answerable is False]
    known = {outcome.id for outcome in (*ranked, *unanswerable)}
    cited = {id_: answer for id_, answer in answers.items() if answer.citations}
    return {
        "accuracy@1": _by_id(ranked, lambda outcome: outcome.answer is not None and outcome.answer.best_right),
        "answered": _by_id(ranked, lambda outcome: outcome.id in cited),
        "decision accuracy": _by_id([outcome for outcome in run.outcomes if outcome.id in known], _decides_right),
        "exact match": {id_: answer.exact_match for id_, answer in answers.items() if answer.exact_match is not None},
        "F1": {id_: answer.f1 for id_, answer in answers.items() if answer.f1 is not None},
        "citation precision": {id_: answer.right_citations / answer.citations for id_, answer in cited.items() if id_ in known},
        "citation recall": _by_id(ranked, _citation_recall),
        "citation F1": _by_id(ranked, _citation_f1),
        "exact citations": {id_: answer.exact_citations / answer.citations for id_, answer in cited.items()},
        "abstention precision": _by_id(
            [outcome for outcome in run.outcomes if outcome.id in known and _abstained(outcome)],
            lambda outcome: outcome.answerable is False,
        ),
        "abstention recall": _by_id(unanswerable, _abstained),
        STATEMENT_ACCURACY: {id_: float(answer.statements.leads) for id_, answer in answers.items() if answer.statements},
    }


def _abstained(outcome: QuestionOutcome) -> bool:
    """Whether it was asked, and not answered."""
    return bool(outcome.stages) and outcome.answer is not None and outcome.answer.status is Status.NOT_FOUND


def _by_id(outcomes: Iterable[QuestionOutcome], value: Callable[[QuestionOutcome], float]) -> dict[str, float]:
    return {outcome.id: float(value(outcome)) for outcome in outcomes}


def _decides_right(outcome: QuestionOutcome) -> bool:
    """Whether a right sentence was cited, or nothing where nothing answers."""
    if not outcome.ranked:
        return _abstained(outcome)
    return outcome.answer is not None and outcome.answer.right_citations > 0


def _citation_recall(outcome: QuestionOutcome) -> float:
    held = _stage(outcome, ANSWER)
    return len(held.found) / (len(held.found) + len(held.missed))


def _citation_f1(outcome: QuestionOutcome) -> float:
    answer = outcome.answer
    if answer is None or not answer.right_citations:
        return 0.0
    precision, recall = answer.right_citations / answer.citations, _citation_recall(outcome)
    return 2 * precision * recall / (precision + recall)


# Statistics of a whole set


@dataclass(frozen=True, slots=True)
class Decisions:
    """The questions whose right decision is known, with the probability that decided each."""

    ids: tuple[str, ...]
    probabilities: Floats  # (n,)
    right: Booleans  # (n,) whether the best sentence answers
    answerable: Booleans  # (n,)


STATISTICS: Mapping[str, Callable[[Floats, Booleans, Booleans], float]] = {
    "abstention AUROC": lambda probabilities, _right, answerable: auroc(probabilities, answerable),
    "confidence AUROC": lambda probabilities, right, _answerable: auroc(probabilities, right),
    "coverage at 90 % precision": lambda probabilities, right, _answerable: coverage_at_precision(probabilities, right),
    "risk-coverage area": lambda probabilities, right, _answerable: risk_coverage_area(probabilities, right),
    "calibration error": lambda probabilities, right, _answerable: expected_calibration_error(probabilities, right),
}
LOWER_IS_BETTER = frozenset({"risk-coverage area", "calibration error"})


def decisions(run: Run) -> Decisions:
    """Questions with something to find, and those that nothing answers; a forgotten one has the probability 0."""
    known = [outcome for outcome in run.outcomes if outcome.ranked or outcome.answerable is False]
    answers = [outcome.answer for outcome in known]
    return Decisions(
        tuple(outcome.id for outcome in known),
        np.array([answer.probability if answer else 0.0 for answer in answers]),
        np.array([answer is not None and answer.best_right for answer in answers], dtype=bool),
        np.array([outcome.ranked for outcome in known], dtype=bool),
    )


# Figures


def figures(run: Run) -> tuple[Figure, ...]:
    """Every figure of the run, by stage in the order of the trace."""
    means = [_mean(stage, measure, values) for (stage, measure), values in question_values(run).items()]
    of_answers = (*_statistics(run), *_relations(run)) if ANSWER in run.facts.stages else ()
    return (*means, *of_answers, *_latency(run))


def _mean(stage: str, measure: str, values: Mapping[str, float]) -> Figure:
    held = np.array(list(values.values()))
    return Figure(stage, measure, float(held.mean()), *mean_interval(held), len(held))


def _statistics(run: Run) -> Iterator[Figure]:
    held = decisions(run)
    if not held.ids:
        return
    for measure, statistic in STATISTICS.items():

        def of(rows: Integers, statistic: Callable[[Floats, Booleans, Booleans], float] = statistic) -> float:
            return statistic(held.probabilities[rows], held.right[rows], held.answerable[rows])

        value = of(np.arange(len(held.ids)))
        if not np.isnan(value):
            yield Figure(ANSWER, measure, value, *statistic_interval(of, len(held.ids)), len(held.ids))


def _relations(run: Run) -> Iterator[Figure]:
    """F1 of the statements beside the answers, of all questions together."""
    said = [outcome.answer.statements for outcome in run.outcomes if outcome.answer and outcome.answer.statements]
    counts = np.array([(one.right, one.false, one.missed) for one in said], dtype=float).reshape(-1, 3)

    def of(rows: Integers) -> float:
        right, false, missed = counts[rows].sum(axis=0)
        return float(2 * right / max(1.0, 2 * right + false + missed))

    if counts.any():
        yield Figure(ANSWER, RELATION_F1, of(np.arange(len(said))), *statistic_interval(of, len(said)), len(said))


_PERCENTS = (50, 95)


def _latency(run: Run) -> Iterator[Figure]:
    steps = dict.fromkeys(step for outcome in run.outcomes for step in outcome.timings_ms)
    for step in steps:
        taken = np.array([outcome.timings_ms[step] for outcome in run.outcomes if step in outcome.timings_ms])
        for percent, interval in zip(_PERCENTS, percentile_intervals(taken, _PERCENTS), strict=True):
            yield Figure(TIME, f"{step} p{percent}, ms", float(np.percentile(taken, percent)), *interval, len(taken))
    if run.facts.seconds:
        n = len(run.outcomes)
        yield Figure(TIME, "questions a second", n / run.facts.seconds, float("nan"), float("nan"), n)


# Where answers were lost


def losses(run: Run) -> tuple[Loss, ...]:
    """Every question that has something to find, under the stage that lost it, in the order of the data."""
    explained = _explanations(run)
    lost: dict[str, list[str]] = {stage: [] for stage in explained}
    for outcome in run.outcomes:
        if outcome.ranked:
            lost[_lost_by(outcome, run)].append(outcome.id)
    return tuple(Loss(stage, explanation, tuple(lost[stage])) for stage, explanation in explained.items())


_FOUND, _SEARCH = "found", "search"


def _explanations(run: Run) -> dict[str, str]:
    *_, last = run.searching_stages or ("search",)
    read = run.facts.read_passages
    explained = {
        _SEARCH: "no searcher ranked a passage that holds the answer",
        last: f"a searcher did, but it is not among the first {read or _LOST_BELOW} that {last} ranked",
    }
    if ANSWER not in run.facts.stages:
        return explained | {_FOUND: f"a passage that holds the answer is among the first {_LOST_BELOW} of {last}"}
    return explained | {
        READ: "the passage was read, but another sentence was taken for the best",
        ANSWER: "the right sentence was the best, but its probability is below the threshold",
        _FOUND: "answered with the right sentence first",
    }


def _lost_by(outcome: QuestionOutcome, run: Run) -> str:
    answer = outcome.answer
    if answer is not None and answer.best_right:
        return _FOUND if answer.status is not Status.NOT_FOUND else ANSWER
    ranks = {stage: _stage(outcome, stage).first_rank for stage in run.searching_stages}
    *_, last = run.searching_stages or ("search",)
    rank = ranks.get(last)
    if rank is not None and rank <= (run.facts.read_passages or _LOST_BELOW):
        return READ if ANSWER in run.facts.stages else _FOUND
    return last if any(rank is not None for rank in ranks.values()) else _SEARCH
