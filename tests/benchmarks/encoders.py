"""The packaged encoders compared in turn: seconds to load, passages a second of `qa add`, and memory of `qa serve`.

    python tests/benchmarks/encoders.py articles.jsonl.gz questions.jsonl.gz [--most 300] [--rounds 3] [--asked 50]

Each round makes an index with one encoder, then with the other, each in a process of its own. Loading counts from the imported
library to the first vector. Ingest is all that `qa add` does. Memory is the proportional set size (PSS) of all of the server's
processes, once it has answered some questions, with one worker and with two: pages that processes share count once.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from http_answers import read_questions, start

from qa.base.settings import ENGLISH_ENCODER, PACKAGED_ENCODER

MAKE_AN_INDEX = """
import itertools, json, sys, time
from qa.base.settings import load_settings
from qa.base.types import Article
from qa.corpus.article_reader import ArticleReader
from qa.index.encoder import TransformerEncoder
from qa.service.service import Service

path, folder, most = sys.argv[1:]
encoder = TransformerEncoder(load_settings().encoder)
started, used = time.perf_counter(), time.process_time()
encoder.embed_question("ready")
loaded = time.perf_counter() - started, time.process_time() - used
settings = load_settings(index=folder)
with ArticleReader([path], settings=settings) as reader:
    articles = list(itertools.islice((item for item in reader if isinstance(item, Article)), int(most)))
with Service(settings, encoder=encoder) as index:
    started = time.perf_counter()
    report = index.add_articles(articles)
    print(json.dumps([*loaded, report.passages / (time.perf_counter() - started)]))
"""


def make_index(encoder: str, articles: str, folder: str, most: int) -> list[float]:
    """Seconds to load, those of the processor alone, and passages a second."""
    command = [sys.executable, "-c", MAKE_AN_INDEX, articles, folder, str(most)]
    environment = {**os.environ, "QA_ENCODER": encoder}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    numbers: list[float] = json.loads(done.stdout)
    return numbers


def proportional_memory(process: int) -> float:
    """MB of the process and of those it started, from Linux's /proc."""
    its_own = int(Path(f"/proc/{process}/smaps_rollup").read_text().partition("Pss:")[2].split()[0]) / 1_000
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return its_own + sum(map(proportional_memory, map(int, children)))


def served_memory(folder: str, workers: int, questions: list[str]) -> float:
    server, url, _ = start(folder, "--workers", str(workers))
    try:
        for question in questions:  # each on a connection of its own, so that every worker gets some
            httpx.post(f"{url}/v1/answers", json={"question": question}, timeout=60).raise_for_status()
        return proportional_memory(server.pid)
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--asked", type=int, default=50)
    given = parser.parse_args()
    encoders = (ENGLISH_ENCODER, PACKAGED_ENCODER)
    measured: dict[str, list[list[float]]] = {encoder: [] for encoder in encoders}
    asked = list(itertools.islice(itertools.cycle(read_questions(given.questions)), given.asked))
    with tempfile.TemporaryDirectory() as folder:
        for number, encoder in itertools.product(range(given.rounds), encoders):
            measured[encoder].append(make_index(encoder, given.articles, f"{folder}/{encoder} {number}", given.most))
        for encoder in encoders:
            wall, processor, passages = (statistics.median(column) for column in zip(*measured[encoder], strict=True))
            memory = [served_memory(f"{folder}/{encoder} 0", workers, asked) for workers in (1, 2)]
            print(
                f"{encoder}: loads in {wall:.2f} s ({processor:.2f} s of processor), {passages:.1f} passages a second, "
                f"{memory[0]:.0f} MB with one worker, {memory[1]:.0f} MB with two (n = {given.rounds} rounds)",
                flush=True,
            )


if __name__ == "__main__":
    main()
