"""What every program of this folder does alike: read the set, time its library, write what it found.

The programs run in an environment of their own, without qa. Documents are named `<article id>:<start>-<end>`, in code points of
the article's text, so that any way to cut it can be judged.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

DEPTH = 10
Cut = tuple[str, int, int]  # article id, start and end in its text
Search = Callable[[str], Sequence[tuple[Cut, float]]]


def measure(index: Callable[[str, list[dict[str, Any]]], tuple[int, Search]]) -> None:
    """`index(model, articles)` gives the number of passages and a search.

    argv holds the folder that has the set and gets the run, the name of the run, and the folder of the model.
    """
    folder, name, model = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    articles, questions = list(_lines(folder / "articles.jsonl")), list(_lines(folder / "questions.jsonl"))
    started = time.perf_counter()
    passages, search = index(model, articles)
    ingest = time.perf_counter() - started
    search(questions[0]["question"])
    milliseconds = []
    with (folder / f"{name}.trec").open("w", encoding="utf-8") as run:
        for question in questions:
            started = time.perf_counter()
            found = search(question["question"])
            milliseconds.append(1_000 * (time.perf_counter() - started))
            for rank, ((article_id, start, end), score) in enumerate(found[:DEPTH], start=1):
                run.write(f"{question['id']} Q0 {article_id}:{start}-{end} {rank} {score:.6f} {name.replace(' ', '-')}\n")
    figures = {"passages": passages, "ingest_s": ingest, "search_ms": milliseconds, "memory_mb": _memory()}
    (folder / f"{name}.json").write_text(json.dumps(figures))


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph that is not blank."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _memory() -> float:
    """Proportional set size of this process, MB."""
    return int(Path("/proc/self/smaps_rollup").read_text().partition("Pss:")[2].split()[0]) / 1_000
