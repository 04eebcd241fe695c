"""A machine that fails: no room, no memory, no handles, a clock that jumps, a slow disk, killed parsers, two writers.

What was told stands afterwards, the index is whole, and the error says what is missing.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import forked
import lives
from files import right_files
from kills import check, new_index, told_by
from plan import Plan
from ships import harbour

from qa.base.errors import StorageError
from qa.base.settings import load_settings
from qa.base.types import Article, Refusal
from qa.corpus.article_reader import ArticleReader

_PATIENCE_SECONDS = 120
_CHANGES = 5
_MORE = {"disk": 120_000, "memory": 24 * 2**20, "handles": 8, "clock": 1}  # at most, beyond what is in use
_SLOW_DISK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
int fsync(int file) { usleep(20000); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file); }
int fdatasync(int file) { usleep(20000); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file); }
"""


def try_shortage(plan: Plan, what: str) -> None:
    """Changes by a process that soon has too little of something."""
    folder = new_index(plan.folder / "short")
    seed, more = plan.chance.randrange(2**32), plan.chance.randrange(_MORE[what])
    before = harbour.state_of(folder)
    ours, theirs = forked.CONTEXT.Pipe(duplex=False)
    process = forked.start(lives.live_with_less, folder, seed, theirs, what, more, _CHANGES)
    theirs.close()
    told = list(told_by(ours))
    process.join(_PATIENCE_SECONDS)
    where = f"{what}, {more:,} more, seed {seed}"
    done = [one for one in told if isinstance(one, str)]
    (_, ended), *_ = [one for one in told if not isinstance(one, str)] or [("", "killed")]
    aborted = what == "memory" and process.exitcode in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGTRAP)
    if process.exitcode != 0 and not aborted:
        process.kill()
        plan.fault(f"faults: the process ended with {process.exitcode}; {where}")
    elif "damaged" in ended or (ended.startswith("MemoryError") and what != "memory"):
        plan.fault(f"faults: {ended}; {where}")
    check(plan, folder, before, seed, len(done), where)
    result = "no memory for a library, which ended the process" if aborted else "refused" if ended else "done"
    plan.outcome.tried[f"{what}: {result}"] += 1


def try_full_disk(plan: Plan) -> None:
    """Changes in a file system of less than a megabyte, and questions once it is full; and once it is read-only."""
    folder = plan.folder / "small"
    folder.mkdir(exist_ok=True)
    size = plan.chance.randrange(400, 900)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        plan.outcome.figures["a file system of its own"] = "cannot be mounted here"
        return
    try:
        _fill(plan, folder / "index", f"{size} kB")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        _ask(plan, folder / "index", f"{size} kB, read-only")
        try:
            harbour.indexer(folder / "index").add([harbour.article(900)])
            plan.fault("faults: a read-only index was written")
        except StorageError:
            plan.outcome.tried["read-only: refused"] += 1
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def _fill(plan: Plan, folder: Path, where: str) -> None:
    before: harbour.State = {}
    harbour.indexer(folder).add(harbour.articles(1, 2))
    before, seed, done = harbour.state_of(folder), plan.chance.randrange(2**32), 0
    for what, numbers, after in itertools.islice(harbour.life(before, seed), 400):
        try:
            harbour.do(folder, what, numbers, after)
            done += 1
        except StorageError:
            plan.outcome.tried["full disk: refused"] += 1
            break
    _ask(plan, folder, where)
    check(plan, folder, before, seed, done, f"full disk of {where}, seed {seed}")


def _ask(plan: Plan, folder: Path, where: str) -> None:
    try:
        reader = harbour.reader(folder)
        with reader.snapshot() as snapshot:
            harbour.found(snapshot, "harbour")
        reader.close()
        plan.outcome.tried["searches on a full or read-only disk"] += 1
    except Exception as error:
        plan.fault(f"faults: a search ended with {error!r} on {where}")


def try_two_writers(plan: Plan) -> None:
    """Two processes that add at once, one of them killed: what either told is there."""
    folder = new_index(plan.folder / "two")
    pipes = [forked.CONTEXT.Pipe(duplex=False) for _ in range(2)]
    processes = [forked.start(lives.add_ships, folder, 1_000 * (1 + at), theirs) for at, (_, theirs) in enumerate(pipes)]
    for _, theirs in pipes:
        theirs.close()
    told = [list(itertools.islice(told_by(ours), 1)) for ours, _ in pipes]
    time.sleep(plan.chance.uniform(0, 1))
    for process in processes:
        process.kill()
    for (ours, _), numbers in zip(pipes, told, strict=True):
        numbers.extend(told_by(ours))
    for process in processes:
        process.join()
    stored = harbour.state_of(folder)
    lost = [number for numbers in told for number in numbers if number not in stored]
    if lost:
        plan.fault(f"faults: two writers lost {lost}")
    check(plan, folder, stored, 0, 0, "two writers")
    plan.outcome.tried["two writers, both killed"] += 1


def try_killed_parsers(plan: Plan) -> None:
    """Files whose parser is killed again and again: each is an article or is refused."""
    folder = plan.folder / "parsed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(3):
        for name, content in right_files().items():
            (folder / f"{number}-{name}").write_bytes(content)
    with ArticleReader([folder], settings=load_settings()) as reader:
        for item in reader:
            child = reader._parser._child
            if child is not None and plan.chance.random() < 0.5:
                child._process.kill()
            if not isinstance(item, Article | Refusal):
                plan.fault(f"faults: {item!r} was read")
            plan.outcome.tried["files read with killed parsers"] += 1


def try_slow_disk(plan: Plan) -> None:
    """Changes where each sync takes 20 ms more, killed in between."""
    shim = plan.folder / "slow.so"
    if not shim.exists():
        source = plan.folder / "slow.c"
        source.write_text(_SLOW_DISK, "utf-8")
        compiler = shutil.which("cc")
        if compiler is None:
            plan.outcome.figures["a slow disk"] = "no compiler here"
            return
        subprocess.run([compiler, "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    folder, seed = new_index(plan.folder / "slow"), plan.chance.randrange(2**32)
    before = harbour.state_of(folder)
    process = subprocess.Popen(
        [sys.executable, harbour.__file__, "live", folder, str(seed)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "LD_PRELOAD": str(shim)},
    )  # fmt: skip
    assert process.stdout is not None
    told = [process.stdout.readline()]
    time.sleep(plan.chance.uniform(0, 2))
    process.kill()
    told += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    check(plan, folder, before, seed, sum(line.endswith("\n") for line in told), f"a slow disk, seed {seed}")
    plan.outcome.tried["changes on a slow disk, killed"] += 1


TRIALS: tuple[Callable[[Plan], None], ...] = (
    *(lambda plan, what=what: try_shortage(plan, what) for what in _MORE),  # type: ignore[misc]
    try_full_disk,
    try_two_writers,
    try_killed_parsers,
    try_slow_disk,
)


def rounds(plan: Plan) -> Iterator[None]:
    """One after the other, over and over."""
    for trial in itertools.cycle(TRIALS):
        trial(plan)
        yield
