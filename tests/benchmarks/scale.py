"""How what qa does grows with the index: the same measured over indexes of several sizes, in turn, in one run.

    python tests/benchmarks/scale.py articles.jsonl.gz questions.jsonl.gz --folder DIR [--sizes 100000 1000000] [--asked 100]

The indexes are made first, in DIR, each from the one before, and stay there: a run that was cut off goes on. Their articles and
vectors are made of real ones, as `made_news.py` says; all else is what `qa add` does. Without `--measure-only`, that
takes an hour a million passages and more.

Answers are those of `qa serve` over HTTP, with the packaged encoder and reader; `search` is what it took of them until the
passages were ranked. Both servers get each question in turn. Memory is the proportional set size of the server after that. Ten
articles of 1,500 characters are added, then removed, each by a service that has its model but has not opened the index. At the
end they are deleted at once, which makes all search files anew. What is done in this process also has its processor time,
which other programs change less. Printed is each measure by size, how much it grew, and whether that is more than the square
root of the passages did.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import numpy as np
from encoders import proportional_memory
from http_answers import read_questions, start
from made_news import MovedVectors, made_articles, pool_of_vectors, read_articles

from qa.base.settings import load_settings
from qa.base.types import Article
from qa.corpus.articles import make_article
from qa.index.encoder import TransformerEncoder
from qa.service.indexes import bytes_of
from qa.service.service import Service
from qa.service.verification import verify_index

ADDED_AT_ONCE = 640  # articles, stored together, after which a line is printed
POOL = 1_300
ROUNDS = 3  # of adding and deleting


def build(folder: Path, size: int, real: Sequence[dict[str, str]], encoder: MovedVectors) -> None:
    with Service(load_settings(index=folder), encoder=encoder, batch=10) as index:
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
        started, used = time.perf_counter(), time.process_time()
        work()
        self.note(f"{name}, s", time.perf_counter() - started)
        self.note(f"{name}, processor s", time.process_time() - used)

    def close(self) -> None:
        self.server.terminate()
        self.server.wait()


def processor_seconds(process: int) -> float:
    """What a process used of the processor until now, from Linux's /proc."""
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def ask_in_turn(indexes: Sequence[Measured], questions: Sequence[str]) -> None:
    for question in questions:
        for index in indexes:
            used = processor_seconds(index.server.pid)
            took = index.ask(question)
            index.note("search p50, ms", took["encode"] + took["search"])
            index.note("answer p50, ms", took["whole"])
            index.note("answer p50, processor ms", 1000 * (processor_seconds(index.server.pid) - used))
    for index in indexes:
        for name in ("search p50, ms", "answer p50, ms"):
            index.note(name.replace("p50", "p95"), float(np.percentile(index.numbers[name], 95)))
        index.note("memory of qa serve, MB", proportional_memory(index.server.pid))


def change_in_turn(indexes: Sequence[Measured], real: Sequence[dict[str, str]], question: str) -> None:
    encoder = TransformerEncoder()
    encoder.embed_question("loaded")
    for number in range(ROUNDS):
        new = new_articles(real, number)
        ids = [article.id for article in new]
        for index in indexes:
            with _opened(index, encoder) as service:
                index.timed("opening the index", service.load)
            with _opened(index, encoder) as service:
                index.timed("adding ten articles", partial(service.add_articles, new))
            index.timed("the first answer after it", partial(index.ask, question))
            with _opened(index, encoder) as service:
                index.timed("removing ten articles", partial(service.remove, ids))


def verify(indexes: Sequence[Measured], encoder: MovedVectors) -> None:
    for index in indexes:
        with _opened(index, encoder) as service:
            service.load()
            index.timed("qa verify", partial(verify_index, service, answers=0))


def delete(indexes: Sequence[Measured], real: Sequence[dict[str, str]], encoder: MovedVectors) -> None:
    ids = [article.id for number in range(ROUNDS) for article in new_articles(real, number)]
    for index in indexes:
        with _opened(index, encoder) as service:
            index.timed("deleting them at once", partial(service.remove, ids, now=True))


def new_articles(real: Sequence[dict[str, str]], number: int) -> list[Article]:
    return [
        make_article(f"{one['text'][:1_500]} {number}", given_id=f"new-{number}-{place}") for place, one in enumerate(real[:10])
    ]


def _opened(index: Measured, encoder: TransformerEncoder) -> Service:
    return Service(load_settings(index=index.folder), encoder=encoder)


def show(indexes: Sequence[Measured], passages: Sequence[int]) -> None:
    root = (passages[-1] / passages[0]) ** 0.5
    print(f"{'':34}" + "".join(f"{count:>14,}" for count in passages) + f"{'growth':>9}   (square root {root:.2f})")
    for name in indexes[0].numbers:
        medians = [statistics.median(index.numbers[name]) for index in indexes]
        grown = medians[-1] / medians[0]
        line = f"{name:34}" + "".join(f"{one:14,.2f}" for one in medians)
        print(f"{line}{grown:9.2f}   {'more' if grown > root else ''}", flush=True)


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
    for work in (partial(verify, indexes, encoder), partial(delete, indexes, real, encoder)):  # each takes minutes
        for index in indexes:
            index.numbers.clear()
        work()
        show(indexes, passages)


if __name__ == "__main__":
    main()
