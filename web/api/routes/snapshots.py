"""/v1/index/snapshots: keep the index as it is, list what is kept, restore and remove it."""

from __future__ import annotations

from fastapi import APIRouter

from qa.api.snapshot import RemovedSnapshotShape, RestoredSnapshotShape, SnapshotListShape, SnapshotShape
from qa.service.generations import snapshot_shape
from web.api.bodies.snapshot import SnapshotBody
from web.api.openapi import IDEMPOTENCY_KEY, problems
from web.api.routes.json_route import JsonRoute
from web.problems import without_folders
from web.runtime.dependencies import RunningDep

router = APIRouter(prefix="/v1/index/snapshots", tags=["Index"], route_class=JsonRoute)


@router.post(
    "",
    summary="Keep a snapshot",
    responses=problems(403, 409, 410, 413, 415, 422, 429, 503),
    openapi_extra=IDEMPOTENCY_KEY,
)
def keep_snapshot(body: SnapshotBody, running: RunningDep) -> SnapshotShape:
    """The index as it is now: the articles with all that is made of them. Questions are answered and articles added meanwhile.

    Answers, conversations and tokens are no part of a snapshot.
    """
    running.require_ready()
    return snapshot_shape(running.service.generations.keep(body.name))


@router.get("", summary="List snapshots", responses=problems(403, 503))
def list_snapshots(running: RunningDep) -> SnapshotListShape:
    """The newest first. One that cannot be read has a `problem`."""
    running.require_ready()
    kept = running.service.generations.all()
    return SnapshotListShape(data=[snapshot_shape(one, said=without_folders) for one in kept])


@router.post(
    "/{name}/restore",
    summary="Restore a snapshot",
    responses=problems(403, 404, 409, 410, 422, 429, 503),
    openapi_extra=IDEMPOTENCY_KEY,
)
def restore_snapshot(name: str, running: RunningDep) -> RestoredSnapshotShape:
    """It becomes the index, at once and as a whole. The index as it was is kept as another snapshot, `before`.

    Articles that were removed since stay removed, as do answers, conversations and tokens what they are.
    """
    running.require_ready()
    restored = running.service.generations.restore(name)
    return RestoredSnapshotShape(
        snapshot=snapshot_shape(restored.snapshot),
        before=snapshot_shape(restored.before),
        index_generation=restored.generation,
        removed_since=restored.removed_since,
    )


@router.delete("/{name}", summary="Remove a snapshot", responses=problems(403, 404, 422, 429, 503))
def remove_snapshot(name: str, running: RunningDep) -> RemovedSnapshotShape:
    """It is deleted at once."""
    running.require_ready()
    running.service.generations.remove(name)
    return RemovedSnapshotShape(name=name)
