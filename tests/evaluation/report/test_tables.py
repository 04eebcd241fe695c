"""Tables: how values are written, and which columns several runs have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.base.stages import ANSWER
from qa.evaluation.compare import Comparison, Difference
from qa.evaluation.figures import TIME, Figure
from qa.evaluation.report.slices import Group as Questions
from qa.evaluation.report.slices import Share, Slicing
from qa.evaluation.report.tables import Cell, Table, compared_table, facts_table, measure_tables, share_cell, slice_tables
from qa.evaluation.runs import DatasetFacts, Run, RunFacts

NAN = float("nan")
FACTS = RunFacts(
    name="before",
    created_at="2025-03-08T12:00:00+00:00",
    version="0.1.0",
    dataset=DatasetFacts("mill", "mill.jsonl", "spans", "d" * 64, 1, ()),
    index=None,
    settings={"lexical_weight": "0.5", "candidates": "100"},
    stages=("dense", "merged", ANSWER),
    read_passages=5,
    wording="question",
    source="qa",
    limit=None,
    seconds=1.5,
    processors=2,
    notes=(),
)
BEFORE = Run(FACTS, ())
AFTER = Run(replace(FACTS, name="after", settings={"lexical_weight": "0.3", "candidates": "100"}), ())
FIGURES = (
    Figure("dense", "MRR@10", 0.5, 0.4, 0.6, 40),
    Figure("merged", "MRR@10", 0.75, 0.65, 0.85, 40),
    Figure(ANSWER, "calibration error", 0.1, 0.05, 0.15, 50),
    Figure(TIME, "total p95, ms", 1_234.56, 1_200.0, 1_300.0, 50),
    Figure(TIME, "questions a second", 8.04, NAN, NAN, 50),
)
CHANGE = Difference("merged", "MRR@10", 0.75, 0.8, 0.05, -0.0004, 0.1, p=0.0004, p_holm=0.03, n=40, wins=12, losses=3)


def rows(table: Table) -> dict[str, tuple[Cell, ...]]:
    return {row.label: row.cells for group in table.groups for row in group.rows}


def comparison(*differences: Difference, unchanged: tuple[tuple[str, str], ...] = ()) -> Comparison:
    decided_by = ("merged", "MRR@10")
    return Comparison("before", "after", decided_by, (decided_by,), differences, unchanged=unchanged, won=("q1",), lost=())


def compared(difference: Difference) -> tuple[Cell, ...]:
    return rows(compared_table([BEFORE, AFTER], [FIGURES, FIGURES], [comparison(difference)]))[difference.measure]


def test_rankings_have_a_column_for_each_stage_and_the_rest_a_table_each() -> None:
    rankings, answers, time = measure_tables(BEFORE, FIGURES)
    assert (rankings.caption, rankings.columns) == ("Rankings, n = 40", ("dense", "merged"))
    assert rows(rankings) == {"MRR@10": (Cell("0.500", "0.400–0.600"), Cell("0.750", "0.650–0.850"))}
    assert (answers.caption, rows(answers)) == ("Answers", {"calibration error ↓": (Cell("0.100", "0.050–0.150"), Cell("50"))})
    assert rows(time) == {
        "total p95, ms": (Cell("1,234.6", "1,200.0–1,300.0"), Cell("50")),
        "questions a second": (Cell("8.0"), Cell("50")),
    }


def test_a_measure_over_few_questions_is_faint() -> None:
    (table,) = measure_tables(BEFORE, [replace(FIGURES[0], n=19)])
    assert rows(table)["MRR@10"] == (Cell("0.500", "0.400–0.600", is_faint=True),)


def test_several_runs_stand_beside_one_another_with_their_difference() -> None:
    table = compared_table(
        [BEFORE, AFTER],
        [FIGURES, FIGURES[1:]],
        [comparison(CHANGE, unchanged=(("dense", "MRR@10"),))],
    )
    assert table.columns == ("before", "after", "difference", "p", "p, Holm", "better / worse")
    assert table.spans == (("", 2), ("after − before", 4))
    assert [group.heading for group in table.groups] == ["dense", "merged", ANSWER, TIME]
    (dense,), (merged,) = (group.rows for group in table.groups[:2])
    assert [cell.text for cell in dense.cells] == ["0.500", "–", "same", "", "", ""]
    assert [cell.text for cell in merged.cells] == ["0.750", "0.750", "+0.050", "< 0.001", "0.030", "12 / 3"]
    assert merged.cells[2].note == "±0.000 to +0.100"


@pytest.mark.parametrize(
    ("measure", "difference", "p_holm", "tone"),
    [
        ("MRR@10", 0.05, 0.03, "better"),
        ("MRR@10", -0.05, 0.03, "worse"),
        ("MRR@10", -0.05, 0.06, ""),
        ("calibration error", -0.05, 0.03, "better"),
        ("calibration error", 0.05, 0.03, "worse"),
    ],
)
def test_only_a_significant_difference_has_a_tone(measure: str, difference: float, p_holm: float, tone: str) -> None:
    change = replace(CHANGE, measure=measure, difference=difference, p_holm=p_holm, stage="new")
    table = compared_table([BEFORE], [()], [comparison(change)])
    (cells,) = rows(table).values()
    assert cells[1].tone == tone


def test_a_loss_is_written_with_a_minus() -> None:
    cells = compared(replace(CHANGE, difference=-0.05, low=-0.1, high=-0.01))
    assert (cells[2].text, cells[2].note) == ("−0.050", "−0.100 to −0.010")


def test_a_share_of_few_questions_is_faint_and_has_no_interval() -> None:
    assert share_cell(Share(10, 19)) == Cell("0.53", is_faint=True)
    assert share_cell(Share(10, 20)) == Cell("0.50", "0.30–0.70")  # Wilson
    assert share_cell(Share(0, 0)) == Cell("–", is_faint=True)


def test_slices_of_several_runs_stand_beside_one_another() -> None:
    def sliced(found: int) -> list[Slicing]:
        return [Slicing("kind", (Questions("fact", ("q",) * 20, Share(found, 20), Share(0, 0), Share(0, 0)),))]

    (table,) = slice_tables([BEFORE, AFTER], [sliced(10), sliced(12)])
    assert table.columns == ("n", *("success@5", "accuracy@1", "answered") * 2)
    assert table.spans == (("", 1), ("before", 3), ("after", 3))
    assert [cell.text for cell in rows(table)["fact"]] == ["20", "0.50", "–", "–", "0.60", "–", "–"]


def test_facts_that_differ_are_marked() -> None:
    table = facts_table([BEFORE, AFTER])
    notes = {row.label: row.note for group in table.groups for row in group.rows}
    assert (notes["settings"], notes["set"]) == ("differs", "")
    assert [cell.text for cell in rows(table)["settings"]] == [
        "candidates 100, lexical_weight 0.5",
        "candidates 100, lexical_weight 0.3",
    ]
