"""Many clients at once: answers a second, their p50, p95 and p99, how many were turned away, and the server's memory.

    python tests/benchmarks/load.py --index DIR questions.jsonl.gz [--clients 1 8 32 300] [--seconds 60] [--workers 1]

Starts `qa serve` over an index, and asks from this process with one connection for each client. A client asks its next question
as soon as it has an answer. When it is turned away (503), it waits as the server asks. Latencies count from the request that was
answered. Memory is the server's own in all of its processes, without files.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
from http_answers import read_questions, start


class Load:
    """What some number of clients met within some seconds."""

    def __init__(self, clients: int, seconds: float) -> None:
        self.clients = clients
        self.seconds = seconds
        self.milliseconds: list[float] = []
        self.statuses: Counter[str] = Counter()

    async def run(self, url: str, questions: Iterator[str]) -> None:
        limits = httpx.Limits(max_connections=self.clients, max_keepalive_connections=self.clients)
        async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
            started = time.perf_counter()
            until = started + self.seconds
            await asyncio.gather(*(self._ask(client, questions, until) for _ in range(self.clients)))
            self.seconds = time.perf_counter() - started

    async def _ask(self, client: httpx.AsyncClient, questions: Iterator[str], until: float) -> None:
        while time.perf_counter() < until:
            sent = time.perf_counter()
            try:
                response = await client.post("/v1/answers", json={"question": next(questions)})
            except httpx.HTTPError as error:
                self.statuses[type(error).__name__] += 1
                continue
            self.statuses[str(response.status_code)] += 1
            if response.status_code == 200:
                self.milliseconds.append(1000 * (time.perf_counter() - sent))
            elif response.status_code == 503:
                await asyncio.sleep(float(response.headers["retry-after"]))

    def show(self, megabytes: float) -> None:
        p50, p95, p99 = np.percentile(self.milliseconds, [50, 95, 99])
        errors = self.statuses.total() - self.statuses["200"] - self.statuses["503"]
        print(
            f"{self.clients:7} {len(self.milliseconds):7} {len(self.milliseconds) / self.seconds:9.1f} "
            f"{p50:8.0f} {p95:8.0f} {p99:8.0f} {self.statuses['503']:8} {errors:7} {megabytes:9.0f}",
            flush=True,
        )


def memory(process: int) -> float:
    """MB of memory of the process and of those it started, without files, from Linux's /proc."""
    its_own = int(Path(f"/proc/{process}/status").read_text().partition("RssAnon:")[2].split()[0]) / 1_000
    return its_own + sum(map(memory, map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", required=True)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32, 300])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    server, url, _ = start(given.index, "--workers", str(given.workers))
    questions = itertools.cycle(read_questions(given.questions))
    try:
        asyncio.run(Load(1, 5).run(url, questions))  # the first answers are slower
        print(f"{memory(server.pid):.0f} MB before")
        print("clients answers answers/s   p50 ms   p95 ms   p99 ms      503  errors  MB after", flush=True)
        for clients in given.clients:
            load = Load(clients, given.seconds)
            asyncio.run(load.run(url, questions))
            load.show(memory(server.pid))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
