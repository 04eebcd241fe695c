"""The quality of the whole pipeline on the sample articles: no figure drops, and the tables quoted are those of the runs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from qa.evaluation.compare import compare
from qa.evaluation.figures import figures
from qa.evaluation.runs import Run, read_run

ROOT = Path(__file__).parents[2]
RUNS = ROOT / "tests" / "quality" / "runs"

# About two standard errors below what was measured when they were set: a real drop fails, another processor does not.
FLOORS = {
    ("dense", "success@10"): 0.84,
    ("lexical", "success@10"): 0.86,
    ("merged", "MRR@10"): 0.75,
    ("distinct", "success@5"): 0.87,
    ("ranked", "MRR@10"): 0.75,
    ("ranked", "recall@100"): 0.98,
    ("read", "success@5"): 0.77,
    ("answer", "accuracy@1"): 0.56,
    ("answer", "decision accuracy"): 0.53,
    ("answer", "confidence AUROC"): 0.74,
    ("answer", "exact citations"): 1.0,
}


@pytest.fixture(scope="module")
def fresh(evaluated_samples: Path) -> Run:
    """The samples asked now, by the settings' own defaults."""
    return read_run(evaluated_samples)


@pytest.mark.parametrize(("key", "floor"), FLOORS.items(), ids=lambda value: ": ".join(value) if isinstance(value, tuple) else "")
def test_no_figure_of_the_samples_drops(fresh: Run, key: tuple[str, str], floor: float) -> None:
    found = next(figure for figure in figures(fresh) if (figure.stage, figure.measure) == key)
    assert found.value >= floor, found


def test_nothing_is_significantly_worse_than_in_the_committed_run(fresh: Run) -> None:
    assert compare(read_run(RUNS / "samples.jsonl.gz"), fresh).regressions == []


@pytest.fixture(scope="module")
def results() -> ModuleType:
    """The program that makes the tables."""
    return program(Path(__file__).parent / "results.py")


@pytest.fixture(scope="module")
def pages(results: ModuleType) -> Mapping[Path, str]:
    """The pages that quote figures, as the committed runs have them."""
    made: Mapping[Path, str] = results.pages()
    return made


@pytest.mark.parametrize("name", ["tests/quality/README.md", "README.md"])
def test_the_figures_of_a_page_are_those_of_the_committed_runs(name: str, pages: Mapping[Path, str]) -> None:
    assert (ROOT / name).read_text("utf-8") == pages[ROOT / name]


def test_an_order_after_reading_stands_beside_the_order_of_passages_before_it(fresh: Run, results: ModuleType) -> None:
    held = {(one.stage, one.measure): one for one in figures(fresh)}
    _, _, table = results.tables({"samples": fresh}, {"samples": held}).partition("### The order before and after reading\n\n")
    heads, _, row = table.splitlines()[:3]
    columns = dict(zip(heads.split(" | "), row.split(" | "), strict=True))
    for stage in ("distinct", "after_reading", "read"):
        assert columns[f"{stage} MRR@10"] == f"{held[stage, 'MRR@10'].value:.3f}".removeprefix("0")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (found for held in value.values() for found in strings(held))
    elif isinstance(value, list):
        yield from (found for held in value for found in strings(held))


@pytest.mark.parametrize("path", sorted(RUNS.glob("*.jsonl.gz")), ids=lambda path: path.name)
def test_a_committed_run_holds_no_text(path: Path) -> None:
    _, *outcomes = gzip.decompress(path.read_bytes()).decode().splitlines()
    for outcome in map(json.loads, outcomes):
        assert not [found for found in strings(outcome) if " " in found and found not in ("how many", "how much")]
