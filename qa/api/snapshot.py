"""A kept snapshot → its JSON, and what restoring one has done."""

from __future__ import annotations

from typing import Literal

from qa.api.shape import Shape


class SnapshotShape(Shape):
    """If it cannot be read, `problem` says why, and the other fields are null or 0."""

    object: Literal["snapshot"] = "snapshot"
    name: str
    created_at: str | None
    index_generation: int
    articles: int
    passages: int
    encoder: str | None
    problem: str | None


class SnapshotListShape(Shape):
    object: Literal["list"] = "list"
    data: list[SnapshotShape]


class RestoredSnapshotShape(Shape):
    """`before` is the snapshot of the index as it was. `removed_since` articles were removed after the snapshot and stay so."""

    object: Literal["snapshot.restored"] = "snapshot.restored"
    snapshot: SnapshotShape
    before: SnapshotShape
    index_generation: int
    removed_since: int


class RemovedSnapshotShape(Shape):
    object: Literal["snapshot.removed"] = "snapshot.removed"
    name: str
