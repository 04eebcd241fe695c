"""Fresh answers over any index → whether each of their citations equals the stored text.

    python tests/quality/answers.py --index DIR [--answers 10000]

The questions are declarative sentences of the index itself, spread evenly over it, each with a question mark at its end. The
same index gives the same questions. Every citation and every nearest sentence is compared with the store's own text. The exit
code is 1 when there is a problem.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

import qa
from qa.base.errors import QuestionError
from qa.base.types import Answer, Status
from qa.index.store import Store
from qa.service.service import Service
from qa.service.verification import answer_problems, sample_questions

EVERY = 500  # questions between two lines of progress
_TRIES = 5  # another process may change the index between answer and check


def checked_answer(index: Service, question: str) -> tuple[Answer, list[str]]:
    """An answer with its problems, by a store of the same generation."""
    for _ in range(_TRIES):
        answer = index.ask(question)
        with contextlib.closing(Store.open(index.folder)) as store, store.reading():
            if store.generation == answer.index_generation:
                return answer, list(answer_problems(answer, store))
    return answer, [f"the index changed {_TRIES} times while it was checked; ask while nothing is added"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", required=True, type=Path)
    parser.add_argument("--answers", default=10_000, type=int, metavar="N", help="how many are asked (10,000)")
    arguments = parser.parse_args()
    statuses: Counter[str] = Counter()
    stages: defaultdict[str, list[float]] = defaultdict(list)
    citations = nearest = problems = 0
    with qa.open(arguments.index) as index:
        with contextlib.closing(Store.open(index.folder)) as store, store.reading():
            questions = list(sample_questions(store, arguments.answers))
        index.load()
        started = time.perf_counter()
        for asked, question in enumerate(questions, start=1):
            try:
                answer, found = checked_answer(index, question)
            except QuestionError as error:
                statuses["refused"] += 1
                print(f"refused: {error} {question!r}")
                continue
            statuses[answer.status] += 1
            citations += len(answer.citations)
            nearest += len(answer.nearest)
            problems += len(found)
            for problem in found:
                print(f"PROBLEM: {question!r}: {problem}")
            for stage, milliseconds in answer.trace.timings_ms.items():
                stages[stage].append(milliseconds)
            if asked % EVERY == 0:
                rate = asked / (time.perf_counter() - started)
                print(f"{asked:,} of {len(questions):,} asked, {rate:.1f}/s, {problems} problems", flush=True)
        seconds = time.perf_counter() - started
    counted = ", ".join(f"{statuses[name]:,} {name}" for name in (*Status, "refused"))
    print(f"{len(questions):,} asked of {arguments.answers:,} wanted: {counted}")
    print(f"{citations:,} citations and {nearest:,} nearest sentences checked: {problems} problems")
    print(f"{seconds:.1f} s, {len(questions) / seconds:.1f} answers/s, each checked")
    for stage, values in stages.items():
        p50, p95 = np.percentile(values, (50, 95))
        print(f"{stage:8} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms")
    return 1 if problems or not questions else 0


if __name__ == "__main__":
    sys.exit(main())
