"""The JSON of a server's status: whether it is alive, whether it can answer, and its version."""

from __future__ import annotations

from typing import Literal

from qa.api.shape import Shape


class HealthShape(Shape):
    status: Literal["ok"] = "ok"


class ReadyShape(Shape):
    status: Literal["ready"] = "ready"
    index_generation: int


class VersionShape(Shape):
    name: Literal["qa"] = "qa"
    version: str
    api: Literal["v1"] = "v1"
