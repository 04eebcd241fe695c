"""A folder for the files of one request until they are added, and the removal of those whose process was killed."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "qa-upload-"
_LOCK = "in-use"
_NEW_SECONDS = 60  # a folder of this age may not have its lock yet


class UploadFolder:
    """A new folder in the temporary one, held by a lock that ends with this process. OSError where it cannot be made."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = FileLock(self.path / _LOCK)
        try:
            self._lock.acquire(timeout=0)
        except OSError:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    def delete(self) -> None:
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def delete_abandoned() -> None:
    """Delete this user's upload folders that no process holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _may_be_abandoned(folder) and _is_free(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _may_be_abandoned(folder: Path) -> bool:
    """Whether it is a real folder of this user's, and not a new one."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return is_own and stat.S_ISDIR(found.st_mode) and time.time() - found.st_mtime > _NEW_SECONDS


def _is_free(folder: Path) -> bool:
    try:
        with FileLock(folder / _LOCK).acquire(timeout=0):
            return True
    except (Timeout, OSError):
        return False
