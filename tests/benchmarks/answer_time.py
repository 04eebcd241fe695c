"""Where the time of an answer goes: by stage, by operation of torch, and by function of ours.

    python tests/benchmarks/answer_time.py --index DIR questions.jsonl.gz [--most 40] [--trace FILE]

Asks in Python, one question after the other, each once. The first pass is timed; the second, over other questions, is profiled,
which slows what is done in small steps. `--trace` keeps the whole profile, which https://ui.perfetto.dev shows as flames.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
from pathlib import Path

import numpy as np
from http_answers import STAGES, read_questions
from torch.profiler import ProfilerActivity, profile

import qa
from qa.service.service import Service

SHOWN = 12


def stages(service: Service, questions: list[str]) -> None:
    timings = [service.ask(question).trace.timings_ms for question in questions]
    for stage in STAGES:
        p50, p95 = np.percentile([one[stage] for one in timings if stage in one], [50, 95])
        print(f"{stage:10} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   n {len(timings)}")


def operations(service: Service, questions: list[str], trace: Path | None) -> None:
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        for question in questions:
            service.ask(question)
    found = sorted(profiled.key_averages(), key=lambda one: -one.self_cpu_time_total)
    for one in found[:SHOWN]:
        milliseconds, calls = one.self_cpu_time_total / 1000 / len(questions), one.count / len(questions)
        print(f"{milliseconds:8.2f} ms an answer  {calls:7.1f} calls  {one.key}")
    if trace is not None:
        profiled.export_chrome_trace(str(trace))


def functions(service: Service, questions: list[str]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for question in questions:
        service.ask(question)
    profiler.disable()
    rows = pstats.Stats(profiler).stats.items()  # type: ignore[attr-defined]
    ours = [(spent, calls, place) for place, (_, calls, _, spent, _) in rows if "/qa/" in place[0]]
    for spent, calls, (file, _, name) in sorted(ours, reverse=True)[: 2 * SHOWN]:
        module = file.rpartition("/qa/")[2]
        print(f"{1000 * spent / len(questions):8.2f} ms an answer  {calls / len(questions):7.1f} calls  qa/{module} {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", required=True)
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--trace", type=Path)
    given = parser.parse_args()
    questions = read_questions(given.questions)[: 3 * given.most + 3]
    with qa.open(given.index) as service:
        for question in questions[:3]:  # the first answers are slower
            service.ask(question)
        first, second, third = (questions[3 + part * given.most :][: given.most] for part in range(3))
        stages(service, first)
        print("\nOperations of torch, without what they call:")
        operations(service, second, given.trace)
        print("\nFunctions, with all that they call:")
        functions(service, third)


if __name__ == "__main__":
    main()
