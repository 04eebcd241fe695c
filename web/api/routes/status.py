"""/healthz, /readyz, /metrics and /version: for programs that monitor the server."""

from __future__ import annotations

from fastapi import APIRouter, Response

from qa.api.status import HealthShape, ReadyShape, VersionShape
from qa.base.version import __version__
from qa.service.server_file import name_of_server
from web.api.examples.status import METRICS
from web.api.openapi import problems
from web.problems import NotReady
from web.runtime.dependencies import RunningDep
from web.runtime.metrics import CONTENT_TYPE

router = APIRouter(tags=["Health"])


@router.get("/healthz", summary="Is the process alive?", responses=problems())
async def health(running: RunningDep) -> HealthShape:
    """Always ok, from the first second on, even while the model is being loaded."""
    return HealthShape(server=name_of_server(running.service.folder))


@router.get("/readyz", summary="Can it answer?", responses=problems(503))
def readiness(running: RunningDep) -> ReadyShape:
    """503 until the model is loaded and the index is checked and opened. 503 also if the index cannot be read, or Milvus that
    searches it cannot be reached, and while the server is stopping."""
    running.require_ready()
    if running.stopping:
        raise NotReady("The server is stopping.")
    running.service.reach_engine()
    return ReadyShape(index_generation=running.service.generation)


@router.get(
    "/metrics",
    summary="Metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus' text format.",
            "content": {"text/plain": {"schema": {"type": "string"}, "examples": {"example 1": {"value": METRICS}}}},
        },
        **problems(),
    },
)
async def metrics(running: RunningDep) -> Response:
    """Counts of requests, answers and problems, times of stages, and the size of the index, from the first second on."""
    return Response(await running.counted(), media_type=CONTENT_TYPE)


@router.get("/version", summary="Which version is this?", responses=problems())
async def version() -> VersionShape:
    """The versions of qa and of this API."""
    return VersionShape(version=__version__)
