"""Answers over HTTP: p50 and p95 of the whole request as a client sees it, and of each stage as the answers report.

    python tests/benchmarks/http_answers.py --index DIR questions.jsonl.gz [--rounds 3] [--most 500]

Starts `qa serve` over an index and prints how long that took until ready. It then asks every question of a JSONL file (a field
`question`), one after the other. Last it asks the same in Python, without HTTP, to show the share of HTTP.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np

import qa
from qa.service.service import Service

STAGES = ("encode", "search", "read", "compose", "total")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=500)
    given = parser.parse_args()
    questions = read_questions(given.questions)[: given.most]
    server, url, ready_seconds = start(given.index)
    print(f"{len(questions)} questions, {given.rounds} rounds; ready {ready_seconds:.1f} s after `qa serve` was started")
    try:
        with httpx.Client(base_url=url, timeout=120) as client, qa.open(given.index) as service:
            service.load()
            for number in range(1, given.rounds + 1):
                print(f"round {number}")
                over_http(client, questions)
                in_python(service, questions)
    finally:
        server.terminate()
        server.wait()


def read_questions(path: Path) -> list[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["question"] for line in lines]


def start(index: str, *flags: str) -> tuple[subprocess.Popen[str], str, float]:
    """With these flags of `qa serve`: its process, its address, and the seconds from starting it to its being ready."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "qa", "--index", index, "serve", "--port", "0", *flags]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "QA_REQUESTS_PER_MINUTE": "0"})
    assert server.stdout is not None
    url = server.stdout.readline().split()[0]
    if not server.stdout.readline().startswith("Ready"):
        raise SystemExit("the server did not become ready")
    return server, url, time.perf_counter() - started


def over_http(client: httpx.Client, questions: list[str]) -> None:
    whole, stages = [], []
    for question in questions:
        started = time.perf_counter()
        response = client.post("/v1/answers", json={"question": question})
        whole.append(1000 * (time.perf_counter() - started))
        response.raise_for_status()
        stages.append(response.json()["timings_ms"])
    show("over HTTP, whole request", whole)
    for stage in STAGES:
        show(f"  of it {stage}", [timings[stage] for timings in stages if stage in timings])


def in_python(service: Service, questions: list[str]) -> None:
    whole = []
    for question in questions:
        started = time.perf_counter()
        service.ask(question)
        whole.append(1000 * (time.perf_counter() - started))
    show("in Python", whole)


def show(name: str, milliseconds: list[float]) -> None:
    p50, p95 = np.percentile(milliseconds, [50, 95])
    print(f"  {name:28} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   n {len(milliseconds)}")


if __name__ == "__main__":
    main()
