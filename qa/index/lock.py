"""The lock that lets one process write at a time, and the name of its holder for error messages."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from qa.base.errors import IndexBusy, StorageError
from qa.index.layout import BESIDE_LOCK_FILE, SNAPSHOTS_LOCK_FILE, WRITER_FILE, WRITER_LOCK_FILE


@contextlib.contextmanager
def writer_lock(folder: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold the index folder's writer lock.

    Raises:
        IndexBusy: another process held it for `timeout_seconds`; the message names it.
        StorageError: the folder cannot be written.
    """
    holder = folder / WRITER_FILE
    try:
        lock = FileLock(folder / WRITER_LOCK_FILE)
        lock.acquire(timeout=timeout_seconds)
    except Timeout as error:
        raise IndexBusy(
            folder,
            f"{folder} has been locked for writing for more than {timeout_seconds:g} s by {_read(holder)}. "
            "Wait until it is done, or stop it; what it had finished is kept.",
        ) from error
    except OSError as error:
        raise StorageError(
            folder, f"{folder} cannot be written ({error.strerror or error}). Asking and searching still work."
        ) from error
    try:
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
        with contextlib.suppress(OSError):  # only needed for the message of waiting processes
            holder.write_text(f"process {os.getpid()} ({command}) since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", "utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.write_text("", "utf-8")  # its command may name an article that was deleted
        lock.release()


def snapshots_lock(folder: Path, *, timeout_seconds: float) -> contextlib.AbstractContextManager[None]:
    """Hold the lock of the index folder's snapshots. Who needs the writer's lock too takes that one first.

    Raises:
        IndexBusy: another process held it for `timeout_seconds`.
        StorageError: the folder cannot be written.
    """
    return _part_lock(folder, SNAPSHOTS_LOCK_FILE, f"on the snapshots of {folder}", timeout_seconds)


def beside_lock(folder: Path, *, timeout_seconds: float) -> contextlib.AbstractContextManager[None]:
    """Hold the lock of the index beside that of the folder, before any other; raises as `snapshots_lock` does."""
    return _part_lock(folder, BESIDE_LOCK_FILE, f"on the index beside {folder}", timeout_seconds)


@contextlib.contextmanager
def _part_lock(folder: Path, name: str, where: str, timeout_seconds: float) -> Iterator[None]:
    lock = FileLock(folder / name)
    try:
        lock.acquire(timeout=timeout_seconds)
    except Timeout as error:
        raise IndexBusy(folder, f"Another process has worked {where} for more than {timeout_seconds:g} s. Try again.") from error
    except OSError as error:
        raise StorageError(folder, f"{folder} cannot be written ({error.strerror or error}).") from error
    try:
        yield
    finally:
        lock.release()


def _read(holder: Path) -> str:
    try:
        return holder.read_text("utf-8") or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"
