"""Runs → the plots of a report, each with an explanation and a description in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.base.stages import ANSWER
from qa.evaluation.figures import Decisions, decisions
from qa.evaluation.measures import Floats, calibration_bins, risk_coverage
from qa.evaluation.report.curves import DEEPEST, latencies, probabilities_by_outcome, recall_by_depth
from qa.evaluation.report.plots import (
    Line,
    calibration_plot,
    latency_plot,
    milliseconds,
    probability_plot,
    recall_plot,
    risk_coverage_plot,
)
from qa.evaluation.report.svg import Words
from qa.evaluation.runs import Run

_MARKS = (("threshold", "answered from"), ("answered_threshold", "sure from"))  # settings


@dataclass(frozen=True, slots=True)
class Drawing:
    """`svg` is markup that was made here; `title` and `reading` are text."""

    title: str
    reading: str
    svg: str


def drawings(runs: Sequence[Run]) -> Iterator[Drawing]:
    """All plots of one run; of several runs, first those that compare them."""
    if len(runs) > 1:
        yield from _of_all(runs)
    for number, run in enumerate(runs, start=1):
        yield from _of_one(run, f"plot-{number}", f"{run.facts.name}: " if len(runs) > 1 else "", alone=len(runs) == 1)


def _of_all(runs: Sequence[Run]) -> Iterator[Drawing]:
    searching = {run.facts.name: recall_by_depth(run, run.searching_stages[-1]) for run in runs if run.searching_stages}
    if searching:
        yield _recall(searching, "plot-recall", "Recall of the last searching stage", None)
    answering = {run.facts.name: decisions(run) for run in runs if ANSWER in run.facts.stages}
    if any(held.ids for held in answering.values()):
        yield _risk(answering, "plot-risk", "Risk and coverage")


def _of_one(run: Run, name: str, before: str, *, alone: bool) -> Iterator[Drawing]:
    recalls = {stage: recall_by_depth(run, stage) for stage in run.searching_stages}
    if recalls and any(outcome.ranked for outcome in run.outcomes):
        yield _recall(recalls, f"{name}-recall", f"{before}Recall by stage", run.facts.read_passages)
    held = decisions(run)
    if ANSWER in run.facts.stages and held.ids:
        if alone:
            yield _risk({"": held}, f"{name}-risk", "Risk and coverage")
        yield _calibration(held, f"{name}-calibration", f"{before}Calibration")
        yield _probabilities(run, held, f"{name}-probabilities", f"{before}Probabilities given")
    if any(outcome.timings_ms for outcome in run.outcomes):
        yield _latency(run, f"{name}-latency", f"{before}Time by step")


def _recall(held: Mapping[str, Floats], name: str, title: str, read_passages: int | None) -> Drawing:
    depth = np.arange(1, DEEPEST + 1, dtype=np.float64)
    described = "; ".join(
        f"{label}: {_percent(y[0])} in the first, {_percent(y[9])} in the first 10, {_percent(y[-1])} in the first 100"
        for label, y in held.items()
    )
    svg = recall_plot(
        [Line(label, depth, y) for label, y in held.items()],
        Words(name, title, f"Share of judged items found. {described}."),
        read_passages=read_passages,
    )
    return Drawing(title, "The share of judged items in the first k hits, on a logarithmic axis of k.", svg)


def _risk(held: Mapping[str, Decisions], name: str, title: str) -> Drawing:
    lines = [Line(label or "all", *risk_coverage(one.probabilities, one.right)) for label, one in held.items() if one.ids]
    described = "; ".join(f"{line.label}: {_percent(line.y[-1])} wrong when all are answered" for line in lines)
    return Drawing(
        title,
        "How many are wrong when only so many are answered, the most probable first. Lower is better; dotted: 10\u202f%.",
        risk_coverage_plot(lines, Words(name, title, f"Share wrong over share answered. {described}.")),
    )


def _calibration(held: Decisions, name: str, title: str) -> Drawing:
    bins = calibration_bins(held.probabilities, held.right)
    described = "; ".join(f"{one.n:,} of {one.low:.1f} to {one.high:.1f}: {_percent(one.share_right)} right" for one in bins)
    return Drawing(
        title,
        "Of the answers with a probability, how many are right: on the dotted line as many as it says, below it fewer.",
        calibration_plot(bins, Words(name, title, f"Share right by probability. {described}.")),
    )


def _probabilities(run: Run, held: Decisions, name: str, title: str) -> Drawing:
    groups = [(label, values) for label, values in probabilities_by_outcome(held).items() if len(values)]
    described = "; ".join(f"{label}: {len(values):,}, half below {np.median(values):.2f}" for label, values in groups)
    return Drawing(
        title,
        "The probability of the best sentence, by outcome: the further apart the rows, the better qa can abstain.",
        probability_plot(groups, Words(name, title, f"How often each probability was given. {described}."), marks=_marks(run)),
    )


def _marks(run: Run) -> list[tuple[str, float]]:
    """The thresholds among the settings; a run may be written by hand."""
    marks = []
    for name, label in _MARKS:
        try:
            at = float(run.facts.settings[name])
        except (KeyError, ValueError):
            continue
        if 0 <= at <= 1:
            marks.append((f"{label} {at:g}", at))
    return marks


def _latency(run: Run, name: str, title: str) -> Drawing:
    taken = latencies(run)
    described = "; ".join(f"{one.stage}: {milliseconds(one.p50_ms)} and {milliseconds(one.p95_ms)}" for one in taken)
    return Drawing(
        title,
        "What half of the questions took at most, and what 19 of 20 did.",
        latency_plot(taken, Words(name, title, f"Median and 95th percentile in milliseconds. {described}.")),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
