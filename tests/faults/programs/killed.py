"""Kill a process that works on an index, at one point after the other, and look at what it left.

python killed.py FOLDER OPERATION SEED KILLS: prints how many kills left the change undone, how many came after it was done, and
how many lost something.
Each works on a copy of FOLDER, which has a snapshot `spring` of articles 1 to 5, articles 1 to 8 now, and beside it
the same with other words.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import harbour
from word_encoder import WordEncoder

from qa.index.edition import open_edition
from qa.index.layout import EDITIONS_FOLDER, SNAPSHOTS_FOLDER
from qa.index.store import Store
from qa.service.saved_index import check_saved

_UNDONE, _DONE = 10, 11  # exit codes of `_check`
NOW, SPRING = set(range(1, 9)), set(range(1, 6))
OPERATIONS: dict[str, Callable[[Path], object]] = {
    "snapshot": lambda folder: harbour.generations(folder).keep("summer"),
    "restore": lambda folder: harbour.generations(folder).restore("spring"),
    "switch": lambda folder: harbour.beside(folder).switch(),
}


def _forked(work: Callable[[], object], *, dies_after: float | None = None) -> int:
    """How a process ended that did this work: its exit code, or minus the signal that killed it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # whatever it is, the parent's stack is not to be unwound twice
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if dies_after is not None:
        time.sleep(dies_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _counting(work: Callable[[], object], events: int, pipe: int | None = None) -> None:
    """Do the work and die at so many opened, linked, renamed or deleted files; tell through a pipe how many there were."""
    seen = 0

    def count(event: str, _: object) -> None:
        nonlocal seen
        if event.startswith(("os.", "open", "shutil.", "sqlite3.connect")) and event != "os.fork":
            seen += 1
            if seen == events:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    work()
    if pipe is not None:
        os.write(pipe, str(seen).encode())


def _check(folder: Path, operation: str) -> None:
    """The index is as before or as after, all of it; the next change of the snapshots leaves no trace of the interruption."""
    with contextlib.closing(Store.open(folder)) as store:
        encoder = WordEncoder(store.fact("encoder") or "")
    with contextlib.closing(harbour.reader(folder, encoder)) as reader, reader.snapshot() as snapshot:
        ids = {int(row.article.id.removeprefix("art-")) for row in snapshot.store.articles()}
        assert harbour.found(snapshot, "harbour") == {f"art-{number}" for number in ids}
    assert ids in ([NOW, SPRING] if operation == "restore" else [NOW]), ids
    snapshots = folder / SNAPSHOTS_FOLDER
    for kept in harbour.generations(folder).all():
        assert check_saved(snapshots / kept.name) == kept.holds
    names = {kept.name for kept in harbour.generations(folder).all()}
    assert "spring" in names
    harbour.generations(folder).keep("afterwards")
    harbour.indexer(folder, encoder).add([harbour.article(9)])
    is_switched = encoder.identity.name == "other words"
    if operation == "switch":
        harbour.beside(folder).switch(back=is_switched)  # the other way
        assert [left.name for left in folder.glob("beside?*") if left.name != "beside.lock"] == []
        assert check_saved(folder / "beside").encoder == encoder.identity.name
    with contextlib.closing(Store.open(folder)) as store:
        assert store.integrity_problems(indexes=True) == []
        assert (store.damaged_articles(), store.changed_rows(), store.cut_otherwise()) == ([], [], [])
        open_edition(folder, store.fact("edition") or "none")
    assert {made.name for made in snapshots.iterdir()} == {*names, "afterwards"}
    assert len(list((folder / EDITIONS_FOLDER).iterdir())) <= 2
    os._exit(_DONE if ids == SPRING or "summer" in names or is_switched else _UNDONE)


def _measured(work: Callable[[], object]) -> tuple[int, float]:
    """How many events the whole work has, and how many seconds it takes."""
    reading, writing = os.pipe()
    begun = time.monotonic()
    assert _forked(lambda: _counting(work, 0, writing)) == 0
    return int(os.read(reading, 20)), time.monotonic() - begun


def main(folder: Path, operation: str, seed: int, kills: int) -> None:
    chance, left = random.Random(seed), Counter[int]()
    with _copied(folder) as copy:
        events, seconds = _measured(lambda: OPERATIONS[operation](copy))
    while left.total() < kills:
        with _copied(folder) as copy:
            work = partial(OPERATIONS[operation], copy)
            if chance.random() < 0.5:
                ended = _forked(partial(_counting, work, chance.randint(1, events)))
            else:
                ended = _forked(work, dies_after=chance.uniform(0, seconds))
            assert ended in (0, -signal.SIGKILL), ended
            if ended:
                left[_forked(partial(_check, copy, operation))] += 1
    print(left[_UNDONE], left[_DONE], left.total() - left[_UNDONE] - left[_DONE])


@contextlib.contextmanager
def _copied(folder: Path) -> Iterator[Path]:
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    yield copy
    shutil.rmtree(copy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
