"""Readers and writers in several processes, some of them killed."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import harbour
import pytest

from qa.base.errors import IndexBusy
from qa.index.edition import open_edition
from qa.index.layout import EDITIONS_FOLDER
from qa.index.store import Store


def _assert_whole(folder: Path) -> set[str]:
    """Every file is as its digest says and every stored article is found; their ids."""
    with contextlib.closing(Store.open(folder)) as store:
        assert store.integrity_problems() == []
        edition = store.fact("edition")
        assert edition is not None
        open_edition(folder, edition)
        ids = {stored.article.id for stored in store.articles()}
    with contextlib.closing(harbour.reader(folder)) as reader, reader.snapshot() as snapshot:
        assert harbour.found(snapshot, "harbour") == ids
        for id_ in list(ids)[:3]:
            assert harbour.found(snapshot, f"vessel{id_.removeprefix('art-')}") == {id_}
    return ids


def test_a_reader_follows_what_another_process_writes_without_being_opened_again(folder: Path, run: Callable[..., str]) -> None:
    with contextlib.closing(harbour.reader(folder)) as reader:
        with reader.snapshot() as snapshot:
            before = snapshot.generation
            assert harbour.found(snapshot, "vessel6") == set()
        run("add", folder, 6, 1, 64)
        with reader.snapshot() as snapshot:
            assert snapshot.generation == before + 1
            assert harbour.found(snapshot, "vessel6") == {"art-6"}
        run("remove", folder, 6)
        with reader.snapshot() as snapshot:
            assert snapshot.generation == before + 2
            assert harbour.found(snapshot, "vessel6") == set()


def test_a_snapshot_in_use_does_not_change_while_another_process_writes(folder: Path, run: Callable[..., str]) -> None:
    with contextlib.closing(harbour.reader(folder)) as reader, reader.snapshot() as snapshot:
        run("add", folder, 6, 3, 1)
        run("remove", folder, 1)
        assert harbour.found(snapshot, "harbour") == {f"art-{number}" for number in range(1, 6)}


def test_readers_answer_while_another_process_adds(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    writer = start("add", folder, 6, 30, 3)
    generations = []
    with contextlib.closing(harbour.reader(folder)) as reader:
        while writer.poll() is None:
            with reader.snapshot() as snapshot:
                generations.append(snapshot.generation)
                assert harbour.found(snapshot, "vessel2") == {"art-2"}
                assert len(harbour.found(snapshot, "harbour")) == 5 + 3 * (snapshot.generation - 1)
    assert writer.returncode == 0
    assert generations == sorted(generations)
    assert len(set(generations)) > 2  # it saw some of the steps between
    assert _assert_whole(folder) == {f"art-{number}" for number in range(1, 36)}


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_add_keeps_its_finished_batches_and_the_next_one_goes_on(
    folder: Path, seed: int, start: Callable[..., subprocess.Popen[str]], run: Callable[..., str]
) -> None:
    writer = start("add", folder, 6, 150, 3)
    assert writer.stdout is not None
    told = int(writer.stdout.readline())
    time.sleep(random.Random(seed).uniform(0, 0.5))
    writer.send_signal(signal.SIGKILL)
    told = max([told, *map(int, writer.stdout.read().split())])
    assert writer.wait() == -signal.SIGKILL, "it ended before it was killed"
    kept = len(_assert_whole(folder)) - 5
    assert kept % 3 == 0
    assert told <= kept <= told + 3  # the last batch may have been finished but not told
    assert int(run("add", folder, 6, 150, 64).splitlines()[-1]) == 150 - kept
    assert len(_assert_whole(folder)) == 155
    assert len(list((folder / EDITIONS_FOLDER).iterdir())) <= 2  # the current one and the one before: orphans are swept


@pytest.mark.timeout(1800)
def test_an_index_that_is_killed_again_and_again_loses_nothing_that_was_told(
    folder: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    """Ten times here; `KILLS=100 python -m pytest tests/faults -k again_and_again` does it a hundred times."""
    chance = random.Random(int(os.environ.get("KILLS_SEED", "1")))
    done = 0
    for seed in range(int(os.environ.get("KILLS", "10"))):
        before = harbour.state_of(folder)
        writer = start("live", folder, seed)
        assert writer.stdout is not None
        told = [writer.stdout.readline()]
        time.sleep(chance.uniform(0, 1))
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
        assert writer.wait() == -signal.SIGKILL, writer.stderr and writer.stderr.read()
        told = [line for line in told if line.endswith("\n")]
        states = [after for _, _, after in itertools.islice(harbour.life(before, seed), len(told) + 1)]
        now = harbour.state_of(folder)
        assert now in ([states[-2]] if told else [before]) + [states[-1]]  # the last change may be done and not told
        assert _assert_whole(folder) == {f"art-{number}" for number in now}
        done += len(told)
    assert done >= int(os.environ.get("KILLS", "10"))


def test_who_waits_too_long_for_the_lock_is_told_for_whom(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    holder = start("hold", folder)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(IndexBusy, match=rf"for more than 0\.3 s by process {holder.pid} \(harbour\.py hold") as raised:
        harbour.indexer(folder, lock_timeout_seconds=0.3).add([harbour.article(6)])
    assert raised.value.path == folder
    with contextlib.closing(harbour.reader(folder)) as reader, reader.snapshot() as snapshot:  # reading needs no lock
        assert harbour.found(snapshot, "vessel1") == {"art-1"}


def test_who_waits_gets_the_lock_when_its_holder_is_killed(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    holder = start("hold", folder)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    holder.kill()
    harbour.indexer(folder).add([harbour.article(6)])
    assert "art-6" in _assert_whole(folder)


def test_two_processes_add_in_turns(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    writers = [start("add", folder, first, 8, 2) for first in (10, 20)]
    for writer in writers:
        out, err = writer.communicate(timeout=100)
        assert writer.returncode == 0, out + err
    assert _assert_whole(folder) == {f"art-{number}" for number in [*range(1, 6), *range(10, 18), *range(20, 28)]}
