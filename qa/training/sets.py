"""A folder of sets of judged questions, and what options say of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.base.errors import DatasetError, SettingsError


def sets_in(data: Path) -> list[Path]:
    """The folders in a folder, else the set itself."""
    if not data.exists():
        raise DatasetError(f"There is no file or folder {data}. Name a folder of sets of judged questions.")
    inside = sorted(path for path in data.iterdir() if path.is_dir()) if data.is_dir() else []
    has_own_files = data.is_dir() and any(path.is_file() and not path.name.startswith(".") for path in data.iterdir())
    return inside if inside and not has_own_files else [data]


def times(given: Sequence[str], known: Sequence[str], *, option: str) -> dict[str, int]:
    """What an option says as `SET=N`, by the set's name; SettingsError for what cannot be used."""
    counts: dict[str, int] = {}
    for one in given:
        name, _, count = one.rpartition("=")
        if not name or not count.isdecimal() or int(count) < 1:
            raise SettingsError(f"{option} {one}: expected SET=N, a set's name and a whole number from 1.")
        if name not in known:
            raise SettingsError(f"{option} {one}: there is no set of this name, only {', '.join(known)}.")
        counts[name] = int(count)
    return counts


def layers_in(given: str) -> list[int]:
    """The numbers of layers in `0,1,2`; SettingsError for what are none."""
    numbers = given.split(",")
    if not all(number.strip().isdecimal() for number in numbers):
        raise SettingsError(f"--layers {given}: expected whole numbers from 0 with commas between, such as 0,1,2,4,6,8.")
    return [int(number) for number in numbers]
