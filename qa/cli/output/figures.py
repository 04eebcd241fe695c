"""A run → its figures with n and intervals, and the stages at which answers were lost."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

from qa.base.in_words import counted
from qa.base.stages import AFTER_READING, ANSWER
from qa.cli.output.screen import Screen
from qa.evaluation.figures import ORDERS, TIME, Figure, figures, losses
from qa.evaluation.runs import Run


def show_run(run: Run, screen: Screen) -> None:
    """The run's figures with n and intervals, by stage, and where answers were lost."""
    facts = run.facts
    screen.table(_about(run))
    screen.listed("Worth knowing:", (*facts.dataset.notes, *facts.notes))
    measured = figures(run)
    by_stage = [stage for stage in facts.stages if stage != ANSWER]
    screen.line()
    if any(figure.stage in by_stage for figure in measured):
        _show_stages(measured, by_stage, screen)
        screen.line()
    elsewhere = [figure for figure in measured if figure.stage not in by_stage]
    if elsewhere:
        _show_figures(elsewhere, screen)
        screen.line()
    _show_losses(run, screen)


def _about(run: Run) -> list[tuple[str, str]]:
    facts = run.facts
    judged = ", ".join(dict.fromkeys(outcome.judged_by for outcome in run.outcomes))
    ranked = sum(outcome.ranked for outcome in run.outcomes)
    unanswerable = sum(outcome.answerable is False for outcome in run.outcomes)
    rows = [
        ("Set", f"{facts.dataset.path} ({facts.dataset.format}), judged by {judged}"),
        ("Questions", f"{len(run.outcomes):,}: {ranked:,} with something to find, {unanswerable:,} without an answer"),
    ]
    if facts.index is not None:
        index = facts.index
        rows.append(("Index", f"{index.path}: {counted(index.articles, 'article')}, {counted(index.passages, 'passage')}"))
    return rows


def show_json(run: Run, screen: Screen) -> None:
    """The same as one JSON object; a missing figure is null."""
    shape = {
        "object": "evaluation",
        "facts": asdict(run.facts),
        "figures": [_numbers(asdict(figure)) for figure in figures(run)],
        "losses": [asdict(loss) for loss in losses(run)],
    }
    screen.json(json.dumps(shape, ensure_ascii=False, indent=2))


def _numbers(fields: dict[str, object]) -> dict[str, object]:
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in fields.items()}


def _show_stages(measured: Sequence[Figure], stages: Sequence[str], screen: Screen) -> None:
    """Measures down, stages across."""
    by_cell = {(figure.measure, figure.stage): figure for figure in measured}
    rows = []
    for measure in dict.fromkeys(figure.measure for figure in measured if figure.stage in stages):
        row = [by_cell.get((measure, stage)) for stage in stages]
        count = next(figure.n for figure in row if figure)
        rows.append((measure, *(_cell(figure) for figure in row), f"{count:,}"))
    screen.columns(("value [95 % interval]", *stages, "n"), rows)
    if AFTER_READING in stages:
        screen.line(ORDERS)


def _show_figures(measured: Sequence[Figure], screen: Screen) -> None:
    rows = [
        (
            figure.measure if figure.stage == ANSWER else f"{figure.stage}: {figure.measure}",
            _cell(figure, digits=1 if figure.stage == TIME else 3),
            f"{figure.n:,}",
        )
        for figure in measured
    ]
    screen.columns(("", "value [95 % interval]", "n"), rows)


def _cell(figure: Figure | None, *, digits: int = 3) -> str:
    if figure is None:
        return ""
    value = decimal(figure.value, digits)
    return value if math.isnan(figure.low) else f"{value} [{decimal(figure.low, digits)}, {decimal(figure.high, digits)}]"


def decimal(value: float, digits: int = 3) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _show_losses(run: Run, screen: Screen) -> None:
    lost = losses(run)
    total = sum(len(loss.question_ids) for loss in lost)
    if not total:
        return
    screen.line(f"Where the answers of {counted(total, 'question')} were lost:")
    width = max(len(loss.stage) for loss in lost)
    for loss in lost:
        count = len(loss.question_ids)
        screen.line(f"  {loss.stage.ljust(width)}  {count:>6,}  {100 * count / total:5.1f} %  {loss.explanation}")
