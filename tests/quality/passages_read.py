"""The number of passages read for an answer → quality and time, and how often one of them holds an answer.

    python tests/quality/passages_read.py [SET] [--limit 300] [--numbers 3 5 10 20 50] [--plot FILE.svg]

Asks the same questions with each number (`QA_READ_PASSAGES`), by `qa evaluate`. The ceiling is the success of the last ranking
at the number. Time is that of a whole answer, one question after the other, and needs a machine that is otherwise idle.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from drawing import save
from matplotlib.figure import Figure

from qa.base.stages import SEARCH_STAGES
from qa.cli.app import main as qa
from qa.evaluation.measures import Floats
from qa.evaluation.resampling import mean_interval
from qa.evaluation.runs import QuestionOutcome, read_run

RANKED = SEARCH_STAGES[-1]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one number of passages gave; quality is (mean, low, high), times are milliseconds."""

    number: int
    ceiling: tuple[float, float, float]
    best_right: tuple[float, float, float]
    f1: tuple[float, float, float]
    p50: float
    p95: float


def measure(number: int, data: Path, limit: int) -> Measured:
    os.environ["QA_READ_PASSAGES"] = str(number)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run.jsonl.gz"
        if qa(["evaluate", str(data), "--limit", str(limit), "--keep", "0", "--out", str(out)]):
            raise SystemExit(1)
        outcomes = read_run(out).outcomes
    ranked = [outcome for outcome in outcomes if outcome.ranked]
    answers = [outcome.answer for outcome in ranked if outcome.answer is not None]
    times = [outcome.timings_ms["total"] for outcome in outcomes if "total" in outcome.timings_ms]
    return Measured(
        number,
        with_interval(np.array([held_within(outcome, number) for outcome in ranked], float)),
        with_interval(np.array([answer.best_right for answer in answers], float)),
        with_interval(np.array([answer.f1 for answer in answers if answer.f1 is not None], float)),
        float(np.percentile(times, 50)),
        float(np.percentile(times, 95)),
    )


def held_within(outcome: QuestionOutcome, number: int) -> bool:
    return any(found.rank <= number for found in outcome.stages[RANKED].found) if RANKED in outcome.stages else False


def with_interval(values: Floats) -> tuple[float, float, float]:
    return (float(values.mean()), *mean_interval(values))


def draw(measured: list[Measured], path: Path) -> None:
    figure = Figure(figsize=(10, 4), layout="constrained")
    quality, time = figure.subplots(1, 2)
    numbers = [one.number for one in measured]
    for label, values in (
        ("ceiling: a passage read holds the answer", [one.ceiling for one in measured]),
        ("accuracy@1", [one.best_right for one in measured]),
        ("F1 of the short answer", [one.f1 for one in measured]),
    ):
        means, lows, highs = map(np.array, zip(*values, strict=True))
        quality.errorbar(numbers, means, yerr=[means - lows, highs - means], marker="o", capsize=2, label=label)
    time.plot(numbers, [one.p50 for one in measured], marker="o", label="p50")
    time.plot(numbers, [one.p95 for one in measured], marker="o", label="p95")
    quality.set(xscale="log", xlabel="passages read", title="Quality, with 95 % intervals", ylim=(0, 1))
    time.set(xscale="log", yscale="log", xlabel="passages read", title="Milliseconds for an answer")
    for axes in (quality, time):
        axes.set_xticks(numbers, labels=[str(number) for number in numbers])
        axes.minorticks_off()
        axes.legend()
        axes.grid(alpha=0.3)
    save(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data/dev/realtimeqa_2024"), metavar="SET")
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--numbers", type=int, nargs="+", default=[3, 5, 10, 20, 50])
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    measured = [measure(number, arguments.data, arguments.limit) for number in arguments.numbers]
    for one in measured:
        quality = "  ".join(
            f"{name} {mean:.3f} [{low:.3f}, {high:.3f}]"
            for name, (mean, low, high) in (("ceiling", one.ceiling), ("accuracy@1", one.best_right), ("F1", one.f1))
        )
        print(f"{one.number:>3} passages: {quality}  p50 {one.p50:.0f} ms, p95 {one.p95:.0f} ms")
    if arguments.plot:
        draw(measured, arguments.plot)


if __name__ == "__main__":
    main()
