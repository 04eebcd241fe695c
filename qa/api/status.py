"""The JSON of a server's status: whether it is alive, whether it can answer, and its version."""

from __future__ import annotations

from typing import Literal

from qa.api.shape import Shape


class HealthShape(Shape):
    """`server`: the random name by which commands of the same machine know that it serves their index; null without one."""

    status: Literal["ok"] = "ok"
    server: str | None = None


class ReadyShape(Shape):
    status: Literal["ready"] = "ready"
    index_generation: int


class VersionShape(Shape):
    name: Literal["qa"] = "qa"
    version: str
    api: Literal["v1"] = "v1"
