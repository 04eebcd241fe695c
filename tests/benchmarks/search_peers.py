"""qa beside txtai and Haystack, which people would pick instead: install size, ingest, search, memory, and what is found.

    python tests/benchmarks/search_peers.py SET --out FOLDER [--limit 500]

Each indexes the same articles in its own way and is asked the same questions, in a process of its own, one after the other. All
use all-MiniLM-L6-v2 (the extra minilm), and qa is measured with its own encoder too. The peers are installed the first time, into
FOLDER/environment. What they find is judged by characters, as in `qa evaluate --trec`. SET needs articles and judged questions.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from qa.base.types import Article
from qa.cli.app import main as qa
from qa.evaluation.datasets.reading import read_dataset
from qa.evaluation.figures import figures
from qa.evaluation.indexes import set_articles
from qa.evaluation.judgements import Dataset
from qa.evaluation.runner import taken
from qa.evaluation.runs import read_run
from qa.index.packaged_encoders import ENGLISH

PROGRAMS = Path(__file__).parent / "peer_programs"
INSTALLED = ("torch==2.13.0", "txtai==9.14.0", "haystack-ai==3.4.1", "sentence-transformers", "faiss-cpu")
CUTS = (1, 5, 10)


def environment(folder: Path) -> Path:
    """The Python of an environment with the peers; made the first time."""
    python = folder / "environment" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "environment", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *INSTALLED], check=True)
    return python


def write_set(dataset: Dataset, folder: Path, limit: int) -> None:
    """The set as the programs read it."""
    articles = [one for one in set_articles(dataset) if isinstance(one, Article)]
    rows = [{"id": one.given_id, "title": one.title, "text": one.text} for one in articles]
    _lines(folder / "articles.jsonl", rows)
    _lines(folder / "questions.jsonl", [{"id": one.id, "question": one.question} for one in taken(dataset, limit)])


def _lines(path: Path, rows: Sequence[dict[str, str]]) -> None:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")


def row(name: str, path: Path, folder: Path) -> str:
    """A row of the table: what was measured, and what was found by the judgements of the set."""
    measured = json.loads((folder / f"{name}.json").read_text())
    run = folder / f"{name}.jsonl.gz"
    if qa(["evaluate", str(path), "--trec", str(folder / f"{name}.trec"), "--out", str(run)]):
        raise SystemExit(1)
    asked = {json.loads(line)["id"] for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()}
    judged = read_run(run)
    only = replace(judged, outcomes=tuple(one for one in judged.outcomes if one.id in asked))
    found = {figure.measure: figure for figure in figures(only)}
    shares = " | ".join(
        f"{found[f'success@{k}'].value:.3f} [{found[f'success@{k}'].low:.3f}, {found[f'success@{k}'].high:.3f}]" for k in CUTS
    )
    p50, p95 = np.percentile(measured["search_ms"], (50, 95))
    rate, memory = measured["passages"] / measured["ingest_s"], measured["memory_mb"]
    return f"| {name} | {measured['passages']:,} | {rate:.0f} | {p50:.0f} ms | {p95:.0f} ms | {memory:.0f} MB | {shares} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=500, help="questions")
    arguments = parser.parse_args()
    folder: Path = arguments.out.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    theirs = environment(folder)
    write_set(read_dataset(arguments.set), folder, arguments.limit)
    programs = (
        (sys.executable, "qa_program.py", "qa"),
        (sys.executable, "qa_program.py", "qa, its English encoder"),
        (sys.executable, "qa_program.py", "qa, its English encoder, without reading"),
        (theirs, "txtai_program.py", "txtai"),
        (theirs, "haystack_program.py", "Haystack"),
    )
    for python, program, name in programs:
        subprocess.run([python, PROGRAMS / program, folder, name, ENGLISH.path()], check=True)
    print("| | passages | passages/s | search p50 | p95 | memory | " + " | ".join(f"success@{k}" for k in CUTS) + " |")
    print("\n".join(row(name, arguments.set, folder) for *_, name in programs))


if __name__ == "__main__":
    main()
