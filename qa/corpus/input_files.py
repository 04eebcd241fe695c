"""The paths that a user gave → the files to read, folders in sorted order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.base.types import Refusal
from qa.corpus.byte_streams import STANDARD_INPUT
from qa.corpus.fetch import is_address
from qa.corpus.formats.detection import SUFFIXES, suffix_format


@dataclass(frozen=True, slots=True)
class InputFile:
    """An absolute path, a web address, or "-". `size` is in bytes, None if it is unknown before reading."""

    path: str
    size: int | None


def input_files(paths: Sequence[str]) -> tuple[list[InputFile | Refusal], list[str]]:
    """(the files and addresses in reading order, each once; the files and folders that were skipped).

    Inside folders, hidden files, hidden folders and unknown suffixes are skipped, and links to folders are not followed.
    A file that is named itself is never skipped.
    """
    files: dict[str, InputFile | Refusal] = {}
    skipped: list[str] = []
    for path in paths:
        is_file_system = path != STANDARD_INPUT and not is_address(path)
        absolute = os.path.abspath(path) if is_file_system else path
        if not is_file_system or not os.path.isdir(absolute):
            files.setdefault(absolute, InputFile(absolute, _size(absolute)))
            continue
        inside = list(_walk(absolute))
        left_out = [item for item in inside if isinstance(item, str)]
        kept = {item.origin if isinstance(item, Refusal) else item.path: item for item in inside if not isinstance(item, str)}
        skipped += left_out
        if not kept:
            kept[absolute] = Refusal(absolute, _nothing_here(len(left_out)))
        for name, item in kept.items():
            files.setdefault(name, item)
    return list(files.values()), skipped


def _walk(folder: str) -> Iterator[InputFile | Refusal | str]:
    """Each file, the path of each skipped file or folder, and a refusal for each folder that cannot be listed."""
    closed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        yield from (os.path.join(place, name) for name in sorted(folders) if name.startswith("."))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(place, name)
            wanted = not name.startswith(".") and suffix_format(name)
            yield InputFile(path, _size(path)) if wanted else path
    for error in closed:
        yield Refusal(str(error.filename), f"the folder cannot be listed: {error.strerror}; check who may read it")


def _size(path: str) -> int | None:
    """In bytes; 0 for a missing file, which is reported when it is read."""
    if path == STANDARD_INPUT or is_address(path):
        return None
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _nothing_here(skipped: int) -> str:
    contents = f"none of its {skipped:,} files can be read" if skipped else "the folder is empty"
    return f"{contents}; expected files ending in {', '.join(SUFFIXES)}, or these with .gz"
