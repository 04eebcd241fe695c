"""Figures, comparisons, slices and facts → tables of text, for one run or for several beside one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from qa.base.stages import ANSWER
from qa.evaluation.compare import Comparison, Difference
from qa.evaluation.figures import LOWER_IS_BETTER, TIME, Figure
from qa.evaluation.report.slices import FEW, Share, Slicing, found_depth
from qa.evaluation.report.slices import Group as SliceGroup
from qa.evaluation.runs import Run

NOTHING = "–"
_MAIN_SETTINGS = (
    "passage_characters",
    "passage_overlap_sentences",
    "candidates",
    "lexical_weight",
    "threshold",
    "answered_threshold",
    "max_citations",
)
_CAPTIONS = {ANSWER: "Answers", TIME: "Time"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and in small beside it what qualifies it; `is_faint` where it says little, `tone` is "better" or "worse"."""

    text: str
    note: str = ""
    is_faint: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading of their own; an empty one has none."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`label` heads the column of row labels; `spans` head several columns together: (text, how many)."""

    caption: str
    label: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    spans: tuple[tuple[str, int], ...] = ()
    is_text: bool = False

    @property
    def noted(self) -> list[bool]:
        """Whether any cell of each column has a note."""
        rows = [row for group in self.groups for row in group.rows]
        return [any(row.cells[column].note for row in rows) for column in range(len(self.columns))]


# Measures


def measure_tables(run: Run, held: Sequence[Figure]) -> tuple[Table, ...]:
    """Ranking measures with a column for each stage, then those of answers and of time."""
    by = {(figure.stage, figure.measure): figure for figure in held}
    ranking = tuple(stage for stage in run.facts.stages if stage != ANSWER and any(figure.stage == stage for figure in held))
    tables = []
    if ranking:
        measures = dict.fromkeys(figure.measure for figure in held if figure.stage in ranking)
        rows = tuple(Row(measure, tuple(_figure_cell(by.get((stage, measure))) for stage in ranking)) for measure in measures)
        counts = dict.fromkeys(f"{figure.n:,}" for figure in held if figure.stage in ranking)
        tables.append(Table(f"Rankings, n = {' or '.join(counts)}", "measure", ranking, (Group("", rows),)))
    for stage in dict.fromkeys(one.stage for one in held if one.stage not in ranking):
        caption = _CAPTIONS.get(stage, stage.capitalize())
        rows = tuple(Row(_named(one.measure), (_figure_cell(one), Cell(f"{one.n:,}"))) for one in held if one.stage == stage)
        tables.append(Table(caption, "measure", ("value", "n"), (Group("", rows),)))
    return tuple(tables)


def _figure_cell(figure: Figure | None) -> Cell:
    if figure is None or isnan(figure.value):
        return Cell(NOTHING, is_faint=True)
    written = number(figure.measure)
    return Cell(written(figure.value), _between(figure.low, figure.high, written), is_faint=figure.n < FEW)


def _between(low: float, high: float, written: Callable[[float], str]) -> str:
    """`0.61–0.72`; with signs in words, since a dash would be read as one."""
    if isnan(low) or isnan(high):
        return ""
    between = " to " if written(low)[0] in "+−±" else "–"
    return f"{written(low)}{between}{written(high)}"


def number(measure: str) -> Callable[[float], str]:
    """How the values of a measure are written: milliseconds and rates with a digit, all else with three."""
    if measure.endswith(", ms") or measure == "questions a second":
        return lambda value: f"{value:,.1f}"
    return lambda value: f"{value:.3f}"


def _named(measure: str) -> str:
    return f"{measure} ↓" if measure in LOWER_IS_BETTER else measure


# Several runs


def compared_table(runs: Sequence[Run], held: Sequence[Sequence[Figure]], comparisons: Sequence[Comparison]) -> Table:
    """A column for each run, then for each comparison the difference, its p, and how many questions became better or worse."""
    tables = [{(figure.stage, figure.measure): figure for figure in one} for one in held]
    differing = [{(one.stage, one.measure): one for one in comparison.differences} for comparison in comparisons]
    same = [set(comparison.unchanged) for comparison in comparisons]
    keys = [*dict.fromkeys([key for table in tables for key in table] + [key for table in differing for key in table])]
    stages = dict.fromkeys(stage for stage, _ in keys)
    groups = []
    for stage in stages:
        measures = [measure for of, measure in keys if of == stage]
        rows = tuple(
            Row(
                _named(measure),
                (
                    *(_figure_cell(table.get((stage, measure))) for table in tables),
                    *(
                        cell
                        for table, unchanged in zip(differing, same, strict=True)
                        for cell in _difference_cells(table.get((stage, measure)), is_same=(stage, measure) in unchanged)
                    ),
                ),
            )
            for measure in measures
        )
        groups.append(Group(stage, rows))
    return Table(
        "Measures of every run",
        "measure",
        (*(run.facts.name for run in runs), *("difference", "p", "p, Holm", "better / worse") * len(comparisons)),
        tuple(groups),
        spans=(("", len(runs)), *((f"{one.name} − {one.baseline}", 4) for one in comparisons)),
    )


def _difference_cells(one: Difference | None, *, is_same: bool) -> Iterator[Cell]:
    """`is_same`: equal on every question, so that there is nothing to test."""
    if one is None:
        yield Cell("same" if is_same else "", is_faint=is_same)
        yield from (Cell(""),) * 3
        return
    tone = ("worse" if one.is_worse else "better") if one.is_significant else ""
    yield Cell(_signed(one.difference), _between(one.low, one.high, _signed), tone=tone)
    yield Cell(_p(one.p))
    yield Cell(_p(one.p_holm), tone=tone)
    yield Cell(f"{one.wins:,} / {one.losses:,}" if one.wins or one.losses else NOTHING)


def _signed(value: float) -> str:
    written = f"{value:+.3f}"
    return "±0.000" if float(written) == 0 else written.replace("-", "−")


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


# Slices


def slice_tables(runs: Sequence[Run], sliced: Sequence[Sequence[Slicing]]) -> tuple[Table, ...]:
    """One table for each way to group the questions, the runs beside one another."""
    ways = dict.fromkeys(slicing.by for slicings in sliced for slicing in slicings)
    return tuple(_slice_table(by, runs, sliced) for by in ways)


def _slice_table(by: str, runs: Sequence[Run], sliced: Sequence[Sequence[Slicing]]) -> Table:
    tables = [{one.name: one for slicing in slicings if slicing.by == by for one in slicing.groups} for slicings in sliced]
    names = dict.fromkeys(name for table in tables for name in table)
    rows = []
    for name in names:
        groups = [table.get(name) for table in tables]
        n = next(len(group.question_ids) for group in groups if group)
        shares = [share for group in groups for share in _shares(group)]
        rows.append(Row(name, (Cell(f"{n:,}", is_faint=n < FEW), *map(share_cell, shares))))
    columns = tuple(column for run in runs for column in (f"success@{found_depth(run)}", "accuracy@1", "answered"))
    spans = (("", 1), *((run.facts.name, 3) for run in runs)) if len(runs) > 1 else ()
    return Table(f"By {by}", by, ("n", *columns), (Group("", tuple(rows)),), spans=spans)


def _shares(group: SliceGroup | None) -> tuple[Share, Share, Share]:
    nothing = Share(0, 0)
    return (group.found, group.best_right, group.answered) if group else (nothing, nothing, nothing)


def share_cell(share: Share) -> Cell:
    """A share with its interval; faint and without one where the questions are few."""
    if not share.n:
        return Cell(NOTHING, is_faint=True)
    low, high = share.interval
    return Cell(f"{share.value:.2f}", f"{low:.2f}–{high:.2f}" if share.n >= FEW else "", is_faint=share.n < FEW)


# Facts


def facts_table(runs: Sequence[Run]) -> Table:
    """What each run was made with; a row on which they differ is marked."""
    rows = [list(_facts(run).items()) for run in runs]
    labels = dict.fromkeys(label for row in rows for label, _ in row)
    held = [dict(row) for row in rows]
    return Table(
        "What was measured",
        "",
        tuple(run.facts.name for run in runs),
        (Group("", tuple(_facts_row(label, [one.get(label, NOTHING) for one in held]) for label in labels)),),
        is_text=True,
    )


def settings_table(runs: Sequence[Run]) -> Table:
    labels = dict.fromkeys(name for run in runs for name in run.facts.settings)
    rows = tuple(_facts_row(label, [run.facts.settings.get(label, NOTHING) for run in runs]) for label in labels)
    return Table("Settings", "", tuple(run.facts.name for run in runs), (Group("", rows),), is_text=True)


def _facts_row(label: str, values: Sequence[str]) -> Row:
    return Row(label, tuple(map(Cell, values)), "differs" if len(set(values)) > 1 else "")


def _facts(run: Run) -> dict[str, str]:
    facts, index = run.facts, run.facts.index
    judged = dict.fromkeys(outcome.judged_by.value for outcome in run.outcomes)
    ranked = sum(outcome.ranked for outcome in run.outcomes)
    unanswerable = sum(outcome.answerable is False for outcome in run.outcomes)
    rows = {
        "set": f"{facts.dataset.name} ({facts.dataset.format}), {facts.dataset.path}",
        "set's digest": facts.dataset.digest[:16],
        "questions": f"{len(run.outcomes):,} asked, {ranked:,} with something to find, {unanswerable:,} unanswerable"
        + (f"; {facts.limit:,} of the set, evenly" if facts.limit else ""),
        "judged by": ", ".join(judged),
        "measured": facts.created_at.replace("T", " ").replace("+00:00", " UTC"),
        "stages": " → ".join(facts.stages),
        "asked as": "a stand-alone question" if facts.wording == "standalone" else "typed",
        "made by": f"qa {facts.version}" if facts.source == "qa" else f"the TREC run {facts.source}",
    }
    if index:
        rows["index"] = f"{index.path}, generation {index.generation:,}: {index.articles:,} articles, {index.passages:,} passages"
        rows["encoder"] = f"{index.encoder} ({index.precision}), {index.encoder_digest[:16]}"
    if chosen := [f"{name} {facts.settings[name]}" for name in _MAIN_SETTINGS if name in facts.settings]:
        rows["settings"] = ", ".join(chosen)
    if facts.read_passages:
        rows["read"] = f"{facts.read_passages:,} passages of {run.searching_stages[-1]}"
    if facts.seconds:
        rows["time"] = f"{facts.seconds:,.1f} s on {facts.processors:,} processors"
    return rows
