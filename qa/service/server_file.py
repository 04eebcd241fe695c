"""The file in an index folder that names the server which runs on it, for the commands of the same machine.

A server answers without loading its models first. A command uses it where it would answer the same: the same index, version of
qa and settings. What a killed server leaves behind is never believed: its process must live, on this machine since it was
started, and the server must know the name that stands in the file, which only the owner of the file can read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import platform
import secrets
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.base.settings import Settings, groups
from qa.base.version import __version__
from qa.index.layout import NEW_SUFFIX, SERVER_FILE

_log = logging.getLogger(__name__)
_BOOT = Path("/proc/sys/kernel/random/boot_id")  # on Linux: another one after each start of the machine
_NEEDED_FOR_AN_ANSWER = ("index", "search", "answer", "remote")  # groups of settings


@dataclass(frozen=True, slots=True)
class RunningServer:
    """`name` is a random one, `machine` is the one on which `pid` counts, `settings` is their digest."""

    address: str
    pid: int
    index: str
    machine: str
    version: str
    settings: str
    needs_token: bool
    name: str


_FILE = TypeAdapter(RunningServer)


@contextlib.contextmanager
def announced(folder: Path, address: str, settings: Settings, *, needs_token: bool) -> Iterator[None]:
    """The file stands there meanwhile. Nothing is written where there is no such folder, or none that can be written to."""
    server = RunningServer(
        address=address,
        pid=os.getpid(),
        index=str(folder.resolve()),
        machine=_machine(),
        version=__version__,
        settings=_digest(settings),
        needs_token=needs_token,
        name=secrets.token_urlsafe(16),
    )
    try:
        _write(server, folder)
    except OSError as error:
        _log.info("commands will not find this server: %s", error)
    try:
        yield
    finally:
        if _read(folder) == server:  # another one may have come since
            (folder / SERVER_FILE).unlink(missing_ok=True)


def name_of_server(folder: Path) -> str | None:
    """The name in the file, by which a server shows that it serves this folder."""
    server = _read(folder)
    return server.name if server is not None else None


def running_server(folder: Path, settings: Settings) -> RunningServer | None:
    """The server of this machine that would answer as these settings do; None without one."""
    server = _read(folder)
    if server is None or not _is_alive(server):
        return None
    expected = (str(folder.resolve()), __version__, _digest(settings))
    return server if (server.index, server.version, server.settings) == expected else None


def _write(server: RunningServer, folder: Path) -> None:
    new = folder / (SERVER_FILE + NEW_SUFFIX)
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(asdict(server), stream, indent=1)
    new.replace(folder / SERVER_FILE)


def _read(folder: Path) -> RunningServer | None:
    try:
        return _FILE.validate_json((folder / SERVER_FILE).read_bytes())
    except (OSError, ValidationError):  # there is none, or it is damaged, or of another version
        return None


def _is_alive(server: RunningServer) -> bool:
    if server.machine != _machine() or server.pid <= 0:
        return False
    if sys.platform == "win32":  # where asking for a process in this way would end it
        return True
    try:
        os.kill(server.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # of another user
        return True
    return True


def _machine() -> str:
    with contextlib.suppress(OSError):
        return f"{platform.node()} {_BOOT.read_text('utf-8').strip()}"
    return platform.node()


def _digest(settings: Settings) -> str:
    """SHA-256 of the settings that an answer depends on; that the folder is the same is asked by itself."""
    names = {name for group in _NEEDED_FOR_AN_ANSWER for name in groups()[group]} - {"index"} | {"max_question_characters"}
    return hashlib.sha256(settings.model_dump_json(include=names).encode()).hexdigest()
