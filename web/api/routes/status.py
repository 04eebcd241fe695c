"""/healthz, /readyz, /metrics and /version: for what watches the server."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from qa.base.version import __version__
from web.api import examples
from web.api.openapi import problems
from web.api.shapes import HealthShape, ReadyShape, VersionShape
from web.problems import NotReady
from web.runtime.metrics import CONTENT_TYPE
from web.runtime.running import Running, running

router = APIRouter(tags=["Status"])


@router.get("/healthz", summary="Is the process alive?", responses=problems())
async def health() -> HealthShape:
    """Always ok: it answers from the first second on, also while the model is being loaded."""
    return HealthShape()


@router.get("/readyz", summary="Can it answer?", responses=problems(503))
def readiness(app: Annotated[Running, Depends(running)]) -> ReadyShape:
    """503 until the model is loaded and the index has been checked and opened, whenever the index cannot be read, and once the
    server is stopping."""
    app.require_ready()
    if app.stopping:
        raise NotReady("The server is stopping.")
    return ReadyShape(index_generation=app.service.generation)


@router.get(
    "/metrics",
    summary="What has been counted",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus' text format.",
            "content": {"text/plain": {"schema": {"type": "string"}, "examples": {"example 1": {"value": examples.METRICS}}}},
        },
        **problems(),
    },
)
async def metrics(app: Annotated[Running, Depends(running)]) -> Response:
    """Requests, answers, the stages of answers, problems and the size of the index, from the first second on."""
    return Response(await app.counted(), media_type=CONTENT_TYPE)


@router.get("/version", summary="Which version is this?", responses=problems())
async def version() -> VersionShape:
    """The version of qa and that of this API."""
    return VersionShape(version=__version__)
