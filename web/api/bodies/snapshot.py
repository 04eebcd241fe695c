"""The body that keeps a snapshot."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.api.bodies.fields import Body, with_example
from web.api.examples.snapshot import KEEP_BODY


class SnapshotBody(Body):
    model_config = with_example(KEEP_BODY)

    name: Annotated[
        str | None, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", description="Default: the time now.")
    ] = None
