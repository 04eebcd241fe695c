"""Paths as they were given → the files to read, folders in sorted order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.base.types import Refusal
from qa.corpus.byte_streams import STANDARD_INPUT
from qa.corpus.fetch import is_address
from qa.corpus.formats.detection import SUFFIXES, suffix_format


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An absolute path, an address of the web, or "-"; `size` in bytes, None where it is not known before."""

    path: str
    size: int | None


def find_files(paths: Sequence[str]) -> tuple[list[FoundFile | Refusal], int]:
    """The files and addresses in the order to read them, each once, and how many of folders were skipped.

    Skipped are hidden files and folders, and suffixes that no format knows; a file that is named itself
    is never skipped. Links to folders inside folders are not followed.
    """
    found: dict[str, FoundFile | Refusal] = {}
    skipped = 0
    for path in paths:
        is_file_system = path != STANDARD_INPUT and not is_address(path)
        absolute = os.path.abspath(path) if is_file_system else path
        if not is_file_system or not os.path.isdir(absolute):
            found.setdefault(absolute, FoundFile(absolute, _size(absolute)))
            continue
        inside = list(_walk(absolute))
        kept = {item.origin if isinstance(item, Refusal) else item.path: item for item in inside if item is not None}
        skipped += inside.count(None)
        if not kept:
            kept[absolute] = Refusal(absolute, _nothing_here(inside.count(None)))
        for name, item in kept.items():
            found.setdefault(name, item)
    return list(found.values()), skipped


def _walk(folder: str) -> Iterator[FoundFile | Refusal | None]:
    """Each file, a refusal for a folder that cannot be listed, None for each that is skipped."""
    closed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        yield from (None for name in folders if name.startswith("."))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(place, name)
            wanted = not name.startswith(".") and suffix_format(name)
            yield FoundFile(path, _size(path)) if wanted else None
    for error in closed:
        yield Refusal(str(error.filename), f"the folder cannot be listed: {error.strerror}; check who may read it")


def _size(path: str) -> int | None:
    """Bytes; 0 for what is not there, which reading it will report."""
    if path == STANDARD_INPUT or is_address(path):
        return None
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _nothing_here(skipped: int) -> str:
    held = f"none of its {skipped:,} files can be read" if skipped else "the folder is empty"
    return f"{held}; expected files ending in {', '.join(SUFFIXES)}, or these with .gz"
