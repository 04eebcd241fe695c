"""python -m tests.campaign --minutes N [--seed S] [--part NAME]… [--out FOLDER]: try to break qa, and print what was tried.

The parts share the minutes. A log with every fault, and what repeats it, is written to FOLDER. The exit code is 1 with a fault.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import damage
import disturbances
import inputs
import kills
from files import right_files
from plan import Outcome, Plan
from requests_of_api import Requests
from ships import harbour, service_of
from soak import Soak

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers import ServerProcess

_SAMPLES = Path(__file__).parents[2] / "qa" / "evaluation" / "samples"
_SHARES = {"inputs": 0.3, "kills": 0.25, "damage": 0.1, "faults": 0.1, "soak": 0.25}  # of the minutes


@contextmanager
def _server(folder: Path, **settings: object) -> Iterator[ServerProcess]:
    from forked import ForkedProcess
    from servers import ServerProcess

    adding = ForkedProcess(["--index", str(folder), "add", str(_SAMPLES / "articles.jsonl")], _environment(), folder.parent)
    assert adding.wait(600) == 0, adding.stdout.read()
    server = ServerProcess(folder, requests_per_minute=0, **settings).wait_until_ready()
    try:
        yield server
    finally:
        server.kill()


def _environment() -> dict[str, str]:
    """With the rule of passages that `ServerProcess` has."""
    return {**os.environ, "HF_HUB_OFFLINE": "1", "QA_PASSAGE_CHARACTERS": "600", "QA_PASSAGE_OVERLAP_SENTENCES": "1"}


def _inputs(plan: Plan) -> None:
    harbour.indexer(plan.folder / "ships").add(harbour.articles(1, 12))
    run = Path(__file__).parents[1] / "quality" / "runs" / "samples.jsonl.gz"
    with _server(plan.folder / "served", max_upload_bytes=2**20) as server, service_of(plan.folder / "ships") as service:
        article = server.client.get("/v1/articles").json()["data"][0]["article_id"]
        answer = server.client.post("/v1/answers", json={"question": "Who designed the terminal?"}).json()["id"]
        ids = (article, answer, "1", "sorrowby-obituary", "citations", "2024-03-05", "en", "true", "asking", "base.css")
        requests = Requests(server.client.get("/openapi.json").json(), ids, right_files())
        _as_long_as_it_goes(plan, inputs.rounds(plan, server, requests, service, run))


def _soak(plan: Plan) -> None:
    with _server(plan.folder / "served") as server:
        soak = Soak(Plan(plan.chance.randrange(2**32), plan.seconds, plan.folder, plan.say), server)
        soak.run()
        plan.outcome = soak.outcome


def _as_long_as_it_goes(plan: Plan, rounds: Iterator[None]) -> None:
    for _ in itertools.takewhile(lambda _: plan.goes_on(), rounds):
        pass


PARTS: Mapping[str, Callable[[Plan], None]] = {
    "inputs": _inputs,
    "kills": lambda plan: _as_long_as_it_goes(plan, kills.rounds(plan)),
    "damage": lambda plan: _as_long_as_it_goes(plan, damage.rounds(plan)),
    "faults": lambda plan: _as_long_as_it_goes(plan, disturbances.rounds(plan)),
    "soak": _soak,
}


def _table(outcomes: Mapping[str, Outcome], seed: int, minutes: float) -> str:
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {system}"
    lines = [f"Seed {seed}, {minutes:g} minutes, {machine}", "", "| part | what | number |", "|---|---|---:|"]
    for part, outcome in outcomes.items():
        lines += [f"| {part} | {what} | {number:,} |" for what, number in sorted(outcome.tried.items())]
        lines += [f"| {part} | {what} | {figure} |" for what, figure in outcome.figures.items()]
        lines.append(f"| {part} | **faults** | **{len(outcome.faults)}** |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description="Try to break qa, and print what was tried.")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="only this part, which gets all the minutes; can be repeated"
    )
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "qa-campaign")
    given = parser.parse_args()
    parts = given.part or list(PARTS)
    shutil.rmtree(given.out, ignore_errors=True)
    outcomes = {}
    for part in parts:
        folder = given.out / part
        folder.mkdir(parents=True)
        share = _SHARES[part] / sum(_SHARES[one] for one in parts)
        with (given.out / "log.txt").open("a", encoding="utf-8") as log:

            def say(what: str, log: object = log, part: str = part) -> None:
                print(f"{time.strftime('%H:%M:%S')} {part}: {what}", file=log, flush=True)  # type: ignore[call-overload]

            say(f"begins, seed {given.seed}")
            plan = Plan(given.seed, 60 * given.minutes * share, folder, say)
            PARTS[part](plan)
            outcomes[part] = plan.outcome
            say(f"ends: {dict(plan.outcome.tried)}, {len(plan.outcome.faults)} faults")
    table = _table(outcomes, given.seed, given.minutes)
    (given.out / "table.md").write_text(table + "\n", "utf-8")
    print(table)
    faults = [fault for outcome in outcomes.values() for fault in outcome.faults]
    print(f"\n{len(faults)} faults; the log is {given.out / 'log.txt'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
