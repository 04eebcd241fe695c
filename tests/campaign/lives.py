"""What other processes do to an index until they are killed, or meet a fault."""

from __future__ import annotations

import random
import resource
import signal
from datetime import datetime, timedelta, tzinfo
from multiprocessing.connection import Connection
from pathlib import Path

from ships import harbour

import qa.service.build
import qa.service.publish
from qa.base import fail_points
from qa.base.errors import StoreError
from qa.base.fail_points import FailPoint


def live(folder: Path, seed: int, told: Connection, point: FailPoint | None = None, after: int = 0) -> None:
    """Changes without end, each told once it is done; the process dies at the point in a change behind so many."""
    qa.service.publish.REMOVED_KEPT = timedelta(0)  # the change behind a removal deletes the text
    for count, (what, numbers, state) in enumerate(harbour.life(harbour.state_of(folder), seed)):
        fail_points._here = point if count >= after else None
        harbour.do(folder, what, numbers, state)
        told.send(what)


def live_with_less(folder: Path, seed: int, told: Connection, limit: str, more: int, changes: int) -> None:
    """So many changes, with a resource that is short from the second on; the error that ends it is told, "" for none."""
    try:
        for count, (what, numbers, state) in enumerate(harbour.life(harbour.state_of(folder), seed)):
            if count == changes:
                break
            if count == 1:
                _limit(limit, more, seed)
            harbour.do(folder, what, numbers, state)
            told.send(what)
        ended = ""
    except (StoreError, MemoryError) as error:
        ended = f"{type(error).__name__}: {error}"
    _limit("none", 0, seed)
    told.send(("ended", ended))


def add_ships(folder: Path, first: int, told: Connection) -> None:
    """Articles without end, each told once it is there."""
    while True:
        harbour.indexer(folder).add([harbour.article(first)])
        told.send(first)
        first += 1


def _limit(what: str, more: int, seed: int) -> None:
    match what:
        case "disk":
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            _set(resource.RLIMIT_FSIZE, more)
        case "memory":
            pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
            _set(resource.RLIMIT_AS, pages * resource.getpagesize() + more)
        case "handles":
            _set(resource.RLIMIT_NOFILE, len(list(Path("/proc/self/fd").iterdir())) + more)
        case "clock":
            _Clock.chance = random.Random(seed)
            qa.service.publish.datetime = qa.service.build.datetime = _Clock  # type: ignore[misc]
            qa.service.publish.REMOVED_KEPT = timedelta(minutes=10)
        case "none":
            for one in (resource.RLIMIT_FSIZE, resource.RLIMIT_AS, resource.RLIMIT_NOFILE):
                _set(one, resource.getrlimit(one)[1])


def _set(which: int, soft: int) -> None:
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


class _Clock(datetime):
    """A clock that jumps by up to ten years, either way, whenever somebody looks at it."""

    chance = random.Random(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + timedelta(seconds=cls.chance.uniform(-3e8, 3e8))
