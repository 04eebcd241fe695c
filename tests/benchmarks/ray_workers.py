"""A local Ray cluster with a token: `qa add --ray` on it, a worker killed in the middle, compared with adding here.

    RAY_AUTH_MODE=token python tests/benchmarks/ray_workers.py articles.jsonl [--cpus 4]

No test of the suite: a cluster takes half a minute and 2 GB. Prints the passages a second of both, and fails where the vectors
are not the same, bit for bit, or where a cluster without a token is not refused.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from qa.base.errors import SettingsError
from qa.base.settings import load_settings
from qa.index.ray_encoder import RayEncoder
from qa.index.store import open_store
from qa.service.engine import ray_encoder
from qa.service.service import Service

_BEFORE_THE_KILL_SECONDS = 3


def vectors_of(folder: Path) -> np.ndarray:
    with open_store(folder) as store:
        return store.vectors_above(0, int(store.fact("dimension") or 0))[1]


def add(service: Service, articles: Path) -> float:
    """Add the file; its passages a second."""
    started = time.perf_counter()
    with service:
        report = service.add(articles)
    return report.passages / (time.perf_counter() - started)


def kill_one(encoder: RayEncoder) -> None:
    first, *_ = encoder.worker_processes()
    time.sleep(_BEFORE_THE_KILL_SECONDS)
    os.kill(first, signal.SIGKILL)
    print(f"killed the worker {first}", flush=True)


def check_refusal() -> None:
    mode = os.environ.pop("RAY_AUTH_MODE")
    try:
        ray_encoder(load_settings(), "auto")
    except SettingsError as error:
        print(f"without a token: {error}", flush=True)
    else:
        raise AssertionError("a cluster without a token was not refused")
    os.environ["RAY_AUTH_MODE"] = mode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--cpus", type=int, default=4)
    arguments = parser.parse_args()
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(16))
    check_refusal()
    ray = str(Path(sys.executable).with_name("ray"))
    head = [ray, "start", "--head", "--port", "0", "--num-cpus", str(arguments.cpus), "--include-dashboard", "false"]
    with tempfile.TemporaryDirectory() as temporary:
        print(
            f"here: {add(Service(load_settings(index=Path(temporary) / 'here')), arguments.articles):.0f} passages/s", flush=True
        )
        subprocess.run(head, check=True, stdout=subprocess.DEVNULL)
        try:
            settings = load_settings(index=Path(temporary) / "there")
            encoder = ray_encoder(settings, "auto")
            assert isinstance(encoder, RayEncoder)
            encoder.worker_processes()  # started and ready, as in a long job
            killing = threading.Thread(target=kill_one, args=[encoder])
            killing.start()
            rate = add(Service(settings, encoder=encoder, batch=32), arguments.articles)
            print(f"on Ray: {rate:.0f} passages/s", flush=True)
            killing.join()
        finally:
            subprocess.run([ray, "stop"], check=False, stdout=subprocess.DEVNULL)
        here, there = (vectors_of(Path(temporary) / name) for name in ("here", "there"))
        assert here.tobytes() == there.tobytes(), "the vectors differ"
        print(f"{len(here):,} vectors, the same bit for bit")


if __name__ == "__main__":
    main()
