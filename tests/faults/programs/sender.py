"""What another process does to an index that Milvus searches, until it is killed at a fail point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import harbour
from word_encoder import WordEncoder

from qa.base import fail_points
from qa.base.fail_points import SendingPoint
from qa.base.settings import load_settings
from qa.service.service import Service


def change(folder: Path, place: Mapping[str, str], what: str, point: SendingPoint) -> None:
    """Add ship 4 with a new text for ship 1, or delete ship 1."""
    fail_points._here = point
    service = Service(load_settings(index=folder, reader="none", **place), encoder=WordEncoder())  # type: ignore[arg-type]
    if what == "delete":
        service.remove("art-1", now=True)
    else:
        service.add_articles([harbour.article(1, text="The lantern burns above the northern quay."), harbour.article(4)])
