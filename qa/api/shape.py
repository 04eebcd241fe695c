"""The base of every JSON shape of API v1: its fields alone are accepted, and a shape cannot be changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from qa.base.web_addresses import linkable, own_page

Linkable = Annotated[str | None, AfterValidator(linkable)]  # an address elsewhere, null for one that may not be linked
OwnPage = Annotated[str, AfterValidator(own_page)]  # an address here


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def rounded_timings(timings_ms: Mapping[str, float]) -> dict[str, float]:
    """Milliseconds to one decimal."""
    return {name: round(value, 1) for name, value in timings_ms.items()}
