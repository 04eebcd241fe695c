"""How what qa does grows with the index: the same measured over indexes of several sizes, in turn, in one run.

    python tests/benchmarks/scale.py articles.jsonl.gz questions.jsonl.gz --folder DIR [--sizes 100000 1000000] [--asked 100]

The indexes are made first, in DIR, each from the one before, and stay there: a run that was cut off goes on. Their articles and
vectors are made of real ones, as `made_news.py` says; all else is what `qa add` does. Without `--measure-only`, that
takes an hour a million passages and more.

Answers are those of `qa serve` over HTTP, with the packaged encoder and reader; `search` is what it took of them until the
passages were ranked. Both servers get each question in turn. Memory is the proportional set size of the server after that. Ten
articles of 1,500 characters are added, then deleted at once, each by a service that has its model but has not opened the index.
Printed is each measure by size, how much it grew, and whether that is more than the square root of the passages did.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx
import numpy as np
from encoders import proportional_memory
from http_answers import read_questions, start
from made_news import MovedVectors, made_articles, pool_of_vectors, read_articles

from qa.base.settings import load_settings
from qa.corpus.articles import make_article
from qa.index.encoder import TransformerEncoder
from qa.service.indexes import bytes_of
from qa.service.service import Service
from qa.service.verification import verify_index

ADDED_AT_ONCE = 640  # articles, after which a line is printed
POOL = 1_300
ROUNDS = 3  # of adding and deleting


def build(folder: Path, size: int, real: Sequence[dict[str, str]], encoder: MovedVectors) -> None:
    with Service(load_settings(index=folder), encoder=encoder) as index:
        counts = index.counts() if index.exists() else None
        articles, passages = (counts.articles, counts.passages) if counts else (0, 0)
        made = made_articles(real, start=articles)
        while passages < size:
            started = time.perf_counter()
            report = index.add_articles(itertools.islice(made, ADDED_AT_ONCE))
            articles, passages = articles + report.added, passages + report.passages
            rate = report.passages / (time.perf_counter() - started)
            print(f"{folder.name}: {passages:,} passages of {articles:,} articles, {rate:.0f} a second", flush=True)


def build_all(folder: Path, sizes: Sequence[int], real: Sequence[dict[str, str]], encoder: MovedVectors) -> None:
    """Each from a copy of the one before, which holds the same articles first."""
    for before, size in zip([None, *sizes], sizes, strict=False):
        unfinished, finished = folder / f"{size} unfinished", folder / str(size)
        if finished.exists():
            continue
        if before is not None and not unfinished.exists():
            shutil.copytree(folder / str(before), unfinished)
        build(unfinished, size, real, encoder)
        unfinished.rename(finished)


class Measured:
    """The numbers of one index, by what was measured."""

    def __init__(self, folder: Path, server_flags: Sequence[str] = ()) -> None:
        self.folder = folder
        self.numbers: dict[str, list[float]] = {}
        self.server, self.url, ready = start(str(folder), *server_flags)
        self.note("ready to answer, s", ready)

    def note(self, name: str, number: float) -> None:
        self.numbers.setdefault(name, []).append(number)

    def ask(self, question: str) -> dict[str, float]:
        """Milliseconds by stage, and of the `whole` request."""
        started = time.perf_counter()
        response = httpx.post(f"{self.url}/v1/answers", json={"question": question}, timeout=120).raise_for_status()
        stages: dict[str, float] = response.json()["timings_ms"]
        return {**stages, "whole": 1000 * (time.perf_counter() - started)}

    def timed(self, name: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        self.note(name, time.perf_counter() - started)

    def close(self) -> None:
        self.server.terminate()
        self.server.wait()


def ask_in_turn(indexes: Sequence[Measured], questions: Sequence[str]) -> None:
    for question in questions:
        for index in indexes:
            took = index.ask(question)
            index.note("search p50, ms", took["encode"] + took["search"])
            index.note("answer p50, ms", took["whole"])
    for index in indexes:
        for name in ("search p50, ms", "answer p50, ms"):
            index.note(name.replace("p50", "p95"), float(np.percentile(index.numbers[name], 95)))
        index.note("memory of qa serve, MB", proportional_memory(index.server.pid))


def change_in_turn(indexes: Sequence[Measured], real: Sequence[dict[str, str]], question: str) -> None:
    encoder = TransformerEncoder()
    encoder.embed_question("loaded")
    for number in range(ROUNDS):
        new = [make_article(f"{one['text'][:1_500]} {number}", given_id=f"new-{place}") for place, one in enumerate(real[:10])]
        for index in indexes:
            with Service(load_settings(index=index.folder), encoder=encoder) as service:
                index.timed("adding ten articles, s", lambda service=service, new=new: service.add_articles(new))  # type: ignore[misc]
            index.timed("first answer after it, s", lambda index=index: index.ask(question))  # type: ignore[misc]
            with Service(load_settings(index=index.folder), encoder=encoder) as service:
                ids = [article.id for article in new]
                index.timed("deleting ten articles, s", lambda service=service, ids=ids: service.remove(ids, now=True))  # type: ignore[misc]


def show(indexes: Sequence[Measured], passages: Sequence[int]) -> None:
    root = (passages[-1] / passages[0]) ** 0.5
    print(f"{'':28}" + "".join(f"{count:>14,}" for count in passages) + f"{'growth':>9}   (square root {root:.2f})")
    for name in indexes[0].numbers:
        medians = [statistics.median(index.numbers[name]) for index in indexes]
        grown = medians[-1] / medians[0]
        print(f"{name:28}" + "".join(f"{one:14,.2f}" for one in medians) + f"{grown:9.2f}   {'more' if grown > root else ''}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--asked", type=int, default=100)
    parser.add_argument("--measure-only", action="store_true", help="over the indexes of these sizes, however far they are")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    real = read_articles(given.articles)
    pool = given.folder / "vectors of real passages.npy"
    if not pool.exists():
        np.save(pool, pool_of_vectors(real, most=POOL))
    encoder = MovedVectors(np.load(pool))
    if not given.measure_only:
        build_all(given.folder, given.sizes, real, encoder)
    folders = [given.folder / str(size) for size in given.sizes]
    counts = [Service(load_settings(index=folder), encoder=encoder).counts() for folder in folders]
    questions = read_questions(given.questions)[: given.asked + 5]
    with ExitStack() as servers:
        indexes = [Measured(folder) for folder in folders]
        for index in indexes:
            servers.callback(index.close)
            for question in questions[:5]:  # the first answers are slower
                index.ask(question)
        ask_in_turn(indexes, questions[5:])
        change_in_turn(indexes, real, questions[0])
    for index in indexes:
        index.note("size on disk, MB", bytes_of(index.folder) / 1e6)
    passages = [count.passages for count in counts]
    show(indexes, passages)
    for index in indexes:
        index.numbers.clear()
        with Service(load_settings(index=index.folder), encoder=encoder) as service:
            service.load()
            index.timed("qa verify, s", lambda service=service: verify_index(service, answers=0))  # type: ignore[misc]
    show(indexes, passages)  # by itself, as it takes minutes


if __name__ == "__main__":
    main()
