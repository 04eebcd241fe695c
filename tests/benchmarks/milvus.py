"""An index sent to Milvus Lite, and the same questions searched for in its own files, in Milvus, and in Milvus alone.

    python tests/benchmarks/milvus.py INDEX [--questions 100]

The index is copied first, and nothing of it is embedded again. The questions are sentences of the index, spread evenly. Prints
the passages a second that were sent, the milliseconds of a search (p50, p95), and how many of the first ten passages are those of
the local index.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.base.settings import load_settings
from qa.index.milvus.server import MilvusPlace
from qa.index.store import StoreWriter, open_store
from qa.service.service import Service
from qa.service.uploading import Uploader
from qa.service.verification import sample_questions


def start_server(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(folder), "--host", "127.0.0.1"]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.1)


def copied(index: Path, target: Path) -> Path:
    """The store of an index in a new folder, as it is now."""
    target.mkdir()
    with open_store(index) as store:
        store.copy_to(target)
    return target


def send(folder: Path, uri: str, dimension: int) -> float:
    """Send the store; the seconds it takes."""
    uploader = Uploader(MilvusPlace(uri, "benchmark", timeout_seconds=120), dimension)
    writer = StoreWriter.open(folder)
    started = time.perf_counter()
    uploader.begin(writer, rebuild=True)
    uploader.send(writer)
    uploader.announce(writer)
    seconds = time.perf_counter() - started
    writer.close()
    return seconds


def searched(service: Service, questions: Sequence[str]) -> tuple[list[float], list[list[str]]]:
    """The milliseconds of each search, and the ids of its first ten passages."""
    service.search(questions[0], read=0)
    times, found = [], []
    for question in questions:
        started = time.perf_counter()
        hits = service.search(question, read=0).hits
        times.append((time.perf_counter() - started) * 1000)
        found.append([hit.passage.id for hit in hits])
    return times, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    arguments = parser.parse_args()
    with open_store(arguments.index) as store:
        questions = list(sample_questions(store, arguments.questions))
        passages, dimension = store.counts().passages, int(store.fact("dimension") or 0)
    with tempfile.TemporaryDirectory() as temporary:
        process, uri = start_server(Path(temporary) / "milvus")
        try:
            folder = copied(arguments.index, Path(temporary) / "index")
            seconds = send(folder, uri, dimension)
            print(f"{passages:,} passages sent in {seconds:.0f} s, {passages / seconds:,.0f} a second", flush=True)
            remote = {"engine": "milvus", "uri": uri, "collection": "benchmark", "engine_timeout_seconds": 120}
            places: dict[str, Callable[[], Service]] = {
                "its own files": lambda: Service(load_settings(index=arguments.index)),
                "Milvus, with the folder": lambda: Service(load_settings(index=folder, **remote)),
                "Milvus alone": lambda: Service(load_settings(index=Path(temporary) / "none", **remote)),
            }
            first: list[list[str]] = []
            for name, opened in places.items():
                with opened() as service:
                    times, found = searched(service, questions)
                first = first or found
                shared = statistics.mean(
                    len(set(one) & set(other)) / max(1, len(other)) for one, other in zip(found, first, strict=True)
                )
                p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
                print(f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, {shared:.3f} of the first ten (n {len(times)})", flush=True)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
