"""The runs in tests/quality/runs → the tables of tests/quality/README.md, and the one table of README.md.

    python tests/quality/results.py [--print]

Writes them between the marks of each file. A test compares both files with the runs.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qa.base.stages import AFTER_READING, ANSWER, READ, SEARCH_STAGES
from qa.base.types import Status
from qa.evaluation.figures import WORDING, Figure, figures
from qa.evaluation.report.slices import Share
from qa.evaluation.runs import QuestionOutcome, Run, read_run

ROOT = Path(__file__).resolve().parents[2]
QUALITY = ROOT / "tests" / "quality"
RUNS = QUALITY / "runs"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"

NAMES = {
    "samples": "our samples",
    "everyday_samples": "everyday, our samples",
    "everyday_bbc": "everyday, BBC news",
    "realtimeqa_2024": "news of 2024",
    "realtimeqa_2024_autumn": "news of autumn 2024",
    "squad11_dev": "SQuAD 1.1",
    "squad20_dev": "SQuAD 2.0",
    "selqa": "SelQA",
    "xquad_de": "XQuAD, German",
    "xquad_es": "XQuAD, Spanish",
    "xquad_ru": "XQuAD, Russian",
    "ir_time": "TIME",
    "ir_cisi": "CISI",
    "cast": "CAsT, as typed",
    "cast_standalone": "CAsT, in the human wording",
    "canard": "CANARD, as typed",
}
ON_THE_FIRST_PAGE = ("realtimeqa_2024", "squad20_dev", "selqa", "xquad_de")
FOUND = (SEARCH_STAGES[-1], "success@5")
FIRST_RIGHT = (ANSWER, "accuracy@1")
SEARCHED = (
    ("dense", "MRR@10"),
    ("lexical", "MRR@10"),
    ("merged", "MRR@10"),
    ("merged", "success@1"),
    ("merged", "success@5"),
    ("merged", "recall@100"),
    ("ranked", "MRR@10"),
    FOUND,
)
ORDERED = tuple(
    (stage, measure) for measure in ("MRR@10", "success@1", "success@5") for stage in (SEARCH_STAGES[-1], AFTER_READING, READ)
)
ANSWERED = ("accuracy@1", "F1", "citation precision", "citation F1", "exact citations")
DECIDED = (
    "decision accuracy",
    "abstention AUROC",
    "confidence AUROC",
    "coverage at 90 % precision",
    "risk-coverage area",
    "calibration error",
)
WITH_INTERVAL = {
    ("merged", "MRR@10"),
    ("ranked", "MRR@10"),
    FIRST_RIGHT,
    (ANSWER, "decision accuracy"),
    (WORDING, "F1"),
}

Figures = Mapping[tuple[str, str], Figure]


def measured(folder: Path) -> tuple[dict[str, Run], dict[str, Figures]]:
    """The runs that are there, in the order of NAMES, and the figures of each by stage and measure."""
    runs = {name: read_run(folder / f"{name}.jsonl.gz") for name in NAMES if (folder / f"{name}.jsonl.gz").exists()}
    return runs, {name: {(one.stage, one.measure): one for one in figures(run)} for name, run in runs.items()}


def tables(runs: Mapping[str, Run], held: Mapping[str, Figures]) -> str:
    """The tables of tests/quality/README.md as Markdown."""
    parts = (
        ("At a glance", _at_a_glance(runs, held)),
        ("Finding the passage", _searched(runs, held)),
        ("The order before and after reading", _ordered(held)),
        ("Answering", _answered(held)),
        ("Knowing when not to answer", _decided(held)),
        ("Follow-ups: F1 between the words that were searched for and a human's stand-alone wording", _worded(held)),
    )
    filled = ((heading, list(rows)) for heading, rows in parts)
    return "\n\n".join(f"### {heading}\n\n{_table(rows)}" for heading, rows in filled if len(rows) > 1)


def first_page(runs: Mapping[str, Run], held: Mapping[str, Figures]) -> str:
    """The one table of README.md as Markdown."""
    names = [name for name in ON_THE_FIRST_PAGE if name in runs]
    rows = ((NAMES[name], *_shares(held[name], _shown_wrong(runs[name]))) for name in names)
    return _table([("set", "found in the first 5", "first sentence right", "wrong when shown"), *rows])


def _shares(found: Figures, wrong: Share) -> Iterator[str]:
    yield from (f"{100 * value:.0f}\u202f%" for value in (found[FOUND].value, found[FIRST_RIGHT].value, wrong.value))


def _at_a_glance(runs: Mapping[str, Run], held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    yield ("set", "questions", "n", "found in the first 5", "first sentence right", "shown", "wrong when shown")
    for name, found in held.items():
        if FIRST_RIGHT in found:
            run, wrong = runs[name], _shown_wrong(runs[name])
            shares = [_with_interval(one.value, one.low, one.high) for one in (found[FOUND], found[FIRST_RIGHT])]
            shown_wrong = _with_interval(wrong.value, *wrong.interval)
            yield (NAMES[name], f"{len(run.outcomes):,}", f"{found[FOUND].n:,}", *shares, f"{wrong.n:,}", shown_wrong)


def _shown_wrong(run: Run) -> Share:
    """Of the answers that were shown, those whose first sentence answers nothing; where it is known what would be right."""
    shown = [outcome for outcome in run.outcomes if _is_shown(outcome) and (outcome.ranked or outcome.answerable is False)]
    return Share(sum(outcome.answer is None or not outcome.answer.best_right for outcome in shown), len(shown))


def _is_shown(outcome: QuestionOutcome) -> bool:
    return outcome.answer is not None and outcome.answer.status is not Status.NOT_FOUND


def _searched(runs: Mapping[str, Run], held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    yield ("set", "articles", "judged by", "n", *(f"{stage} {measure}" for stage, measure in SEARCHED))
    for name, found in held.items():
        if SEARCHED[0] in found:
            index, outcomes = runs[name].facts.index, runs[name].outcomes
            judged = next(outcome.judged_by for outcome in outcomes if outcome.ranked)
            articles = f"{index.articles:,}" if index else ""
            yield (NAMES[name], articles, judged, *_cells(found, SEARCHED))


def _ordered(held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    """Passages before and after reading, and the sentences that were read; for runs that measured both orders."""
    yield ("set", "n", *(f"{stage} {measure}" for stage, measure in ORDERED))
    for name, found in held.items():
        if (AFTER_READING, "MRR@10") in found:
            yield (NAMES[name], *_cells(found, ORDERED))


def _answered(held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    yield ("set", "n", *ANSWERED)
    for name, found in held.items():
        if (ANSWER, ANSWERED[0]) in found:
            yield (NAMES[name], *_cells(found, [(ANSWER, measure) for measure in ANSWERED]))


def _decided(held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    yield ("set", "n", *DECIDED)
    for name, found in held.items():
        if (ANSWER, "abstention AUROC") in found:
            yield (NAMES[name], *_cells(found, [(ANSWER, measure) for measure in DECIDED]))


def _worded(held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    yield ("set", "n", "F1")
    for name, found in held.items():
        if (WORDING, "F1") in found and not name.endswith("_standalone"):
            yield (NAMES[name], *_cells(found, [(WORDING, "F1")]))


def _cells(found: Figures, keys: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The n of the first figure, then every figure; one over other questions has its own n behind it."""
    n = found[keys[0]].n
    yield f"{n:,}"
    for key in keys:
        figure = found.get(key)
        if figure is None or math.isnan(figure.value):
            yield "–"
        else:
            written = _with_interval(figure.value, figure.low, figure.high) if key in WITH_INTERVAL else _short(figure.value)
            yield written + ("" if figure.n == n else f" ({figure.n:,})")


def _with_interval(value: float, low: float, high: float) -> str:
    return f"{_short(value)} [{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|" + "---|" * len(rows[0]), *body))


def written(path: Path, table: str) -> str:
    """The file with the table between its marks."""
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def pages(folder: Path = RUNS) -> dict[Path, str]:
    """The files that quote figures, as the runs of the folder have them."""
    runs, held = measured(folder)
    made = {QUALITY / "README.md": tables(runs, held), ROOT / "README.md": first_page(runs, held)}
    return {path: written(path, table) for path, table in made.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--print", action="store_true", help="print both files and leave them as they are")
    printing = parser.parse_args().print
    for path, page in pages().items():
        if printing:
            print(page)
        else:
            path.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
