"""A folder → descriptions of the index folders in it. No model is loaded."""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path

from qa.api.shape import Shape
from qa.base.errors import StoreError
from qa.index.layout import STORE_FILE
from qa.index.statements import stored_rows
from qa.index.store import open_store


class IndexShape(Shape):
    """One index folder. If it cannot be opened, `problem` says why, and the other fields are null or 0."""

    name: str
    articles: int = 0
    passages: int = 0
    encoder: str | None = None
    dimension: int | None = None
    changed_at: str | None = None
    bytes: int
    problem: str | None = None


def indexes_in(folder: Path) -> list[IndexShape]:
    """The index folders in the folder, by name."""
    if not folder.is_dir():
        return []
    return [_described(inside) for inside in sorted(folder.iterdir()) if (inside / STORE_FILE).is_file()]


def _described(folder: Path) -> IndexShape:
    size = bytes_of(folder)
    try:
        with open_store(folder) as store, stored_rows():
            counts, facts = store.counts(), store.facts()
            dimension = int(facts["dimension"]) if "dimension" in facts else None
    except StoreError as error:
        return IndexShape(name=folder.name, bytes=size, problem=str(error))
    return IndexShape(
        name=folder.name,
        articles=counts.articles,
        passages=counts.passages,
        encoder=facts.get("encoder"),
        dimension=dimension,
        changed_at=facts.get("changed_at"),
        bytes=size,
    )


def bytes_of(folder: Path) -> int:
    """The size of the folder's files. Files that editions share count once."""
    sizes: dict[tuple[int, int], int] = {}
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # a writer may have deleted it
            status = file.stat()
            if stat.S_ISREG(status.st_mode):
                sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())
