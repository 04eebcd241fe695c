"""The tables of README's "How good it is", made of the runs in tests/quality/runs.

    python tests/quality/results.py [--print]

Writes them between the two marks in README.md; a test holds them against the runs.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qa.base.stages import ANSWER
from qa.evaluation.figures import WORDING, Figure, figures
from qa.evaluation.runs import Run, read_run

ROOT = Path(__file__).resolve().parents[2]
RUNS = ROOT / "tests" / "quality" / "runs"
README = ROOT / "README.md"
BEGIN = "<!-- results: written by `python tests/quality/results.py` -->"
END = "<!-- end of results -->"

NAMES = {
    "samples": "our samples",
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
SEARCHED = (
    ("dense", "MRR@10"),
    ("lexical", "MRR@10"),
    ("merged", "MRR@10"),
    ("merged", "success@1"),
    ("merged", "success@5"),
    ("merged", "recall@100"),
    ("recency", "MRR@10"),
    ("distinct", "success@5"),
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
    ("recency", "MRR@10"),
    (ANSWER, "accuracy@1"),
    (ANSWER, "decision accuracy"),
    (WORDING, "F1"),
}

Figures = Mapping[tuple[str, str], Figure]


def tables(folder: Path = RUNS) -> str:
    """The tables as Markdown, of the runs that are there, in the order of NAMES."""
    runs = {name: read_run(folder / f"{name}.jsonl.gz") for name in NAMES if (folder / f"{name}.jsonl.gz").exists()}
    held = {name: {(one.stage, one.measure): one for one in figures(run)} for name, run in runs.items()}
    parts = (
        ("**Finding the passage.**", _searched(runs, held)),
        ("**Answering.**", _answered(held)),
        ("**Knowing when not to answer.**", _decided(held)),
        ("**Follow-ups**: F1 between the words that were searched for and a human's stand-alone wording.", _worded(held)),
    )
    return "\n\n".join(f"{heading}\n\n{_table(list(rows))}" for heading, rows in parts)


def _searched(runs: Mapping[str, Run], held: Mapping[str, Figures]) -> Iterator[Sequence[str]]:
    yield ("set", "articles", "judged by", "n", *(f"{stage} {measure}" for stage, measure in SEARCHED))
    for name, found in held.items():
        if SEARCHED[0] in found:
            index, outcomes = runs[name].facts.index, runs[name].outcomes
            judged = next(outcome.judged_by for outcome in outcomes if outcome.ranked)
            articles = f"{index.articles:,}" if index else ""
            yield (NAMES[name], articles, judged, *_cells(found, SEARCHED))


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
            interval = f" [{_short(figure.low)}, {_short(figure.high)}]" if key in WITH_INTERVAL else ""
            yield f"{_short(figure.value)}{interval}" + ("" if figure.n == n else f" ({figure.n:,})")


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|" + "---|" * len(rows[0]), *body))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--print", action="store_true", help="print the tables and leave README as it is")
    made = tables()
    if parser.parse_args().print:
        print(made)
        return
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
