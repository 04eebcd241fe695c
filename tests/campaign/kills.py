"""kill -9 at random moments and at every fail point: the index is whole, what was told stands, and nothing removed comes back."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import forked
import killed
import lives
from plan import Plan
from ships import harbour, service_of

from qa.base.fail_points import FailPoint
from qa.service.verification import verify_index

_MOST_ARTICLES = 40  # an index of more is left for a new one
_PATIENCE_SECONDS = 120.0
_KILLS_OF_OPERATIONS = 6


def new_index(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    harbour.indexer(folder).add(harbour.articles(1, 5))
    return folder


def kill(plan: Plan, folder: Path, point: FailPoint | None) -> bool:
    """Let a process change the index, and kill it at the point, or at some moment; whether the point was reached."""
    before, seed, after = harbour.state_of(folder), plan.chance.randrange(2**32), plan.chance.randrange(3)
    ours, theirs = forked.CONTEXT.Pipe(duplex=False)
    process = forked.start(lives.live, folder, seed, theirs, point, after)
    theirs.close()
    told = told_by(ours)
    first = list(itertools.islice(told, 1))  # it has begun
    if point is None:
        time.sleep(plan.chance.uniform(0, 0.3))
        process.kill()
    first += told
    process.join(_PATIENCE_SECONDS)
    where = f"seed {seed}, {point.name if point else 'at random'}, after {after}, {len(first)} told"
    if process.exitcode != -signal.SIGKILL:
        process.kill()
        plan.fault(f"kills: the process ended with {process.exitcode}; {where}")
    check(plan, folder, before, seed, len(first), where)
    plan.outcome.tried["kills at a fail point" if point else "kills at random moments"] += 1
    plan.outcome.tried["changes that were told"] += len(first)
    return point is not None and process.exitcode == -signal.SIGKILL


def told_by(pipe: forked.Connection) -> Iterator[Any]:
    """What the process tells until it ends."""
    try:
        while pipe.poll(_PATIENCE_SECONDS):
            yield pipe.recv()
    except EOFError:
        return


def check(plan: Plan, folder: Path, before: harbour.State, seed: int, told: int, where: str) -> None:
    """Note what is wrong: the state must be the one after the last change that was told, or after the next one."""
    states = [before, *(after for _, _, after in itertools.islice(harbour.life(before, seed), told + 1))]
    now = harbour.state_of(folder)
    if now not in states[-2:]:
        plan.fault(f"kills: {now} is neither {states[-2]} nor {states[-1]}; {where}")
    with service_of(folder) as service:
        for problem in verify_index(service, answers=0).problems:
            plan.fault(f"kills: {problem}; {where}")
        with service.snapshot() as snapshot:
            found = harbour.found(snapshot, "harbour")
    if found != {f"art-{number}" for number in now}:
        plan.fault(f"kills: {found} are found, {now} are stored; {where}")


def kill_operations(plan: Plan, folder: Path) -> None:
    """Snapshots, restoring and switching: killed at one opened, linked, renamed or deleted file after the other, or whenever."""
    new_index(folder)
    harbour.generations(folder).keep("spring")
    harbour.indexer(folder).add(harbour.articles(6, 3))
    harbour.beside(folder, "other words").make()
    for operation in killed.OPERATIONS:
        seed = plan.chance.randrange(2**32)
        program = [sys.executable, killed.__file__, str(folder), operation, str(seed), str(_KILLS_OF_OPERATIONS)]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        undone, after, lost = map(int, done.stdout.split() or (0, 0, -1))
        if lost or done.stderr:
            plan.fault(f"kills: {lost} of {operation} lost something, seed {seed}: {done.stderr[-500:]}")
        plan.outcome.tried["kills of a snapshot, a restore or a switch"] += undone + after


def rounds(plan: Plan) -> Iterator[None]:
    """One round after the other: every fail point, twice as many random moments, and operations on the whole index."""
    folder = new_index(plan.folder / "killed")
    while True:
        kill_operations(plan, plan.folder / "operations")
        for point in (*FailPoint, *(None,) * (2 * len(FailPoint))):
            if len(harbour.state_of(folder)) > _MOST_ARTICLES:
                new_index(folder)
            if not kill(plan, folder, point) and point is not None:
                plan.fault(f"kills: {point.name} was not reached")
            yield
