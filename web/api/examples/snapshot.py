"""Examples of snapshots."""

from __future__ import annotations

from pydantic import JsonValue

KEEP_BODY: dict[str, JsonValue] = {"name": "before-cleanup"}
SNAPSHOT: dict[str, object] = {
    "object": "snapshot",
    "name": "before-cleanup",
    "created_at": "2026-11-23T21:58:12Z",
    "index_generation": 4,
    "articles": 44,
    "passages": 83,
    "encoder": "multilingual-e5-small",
    "problem": None,
}
_BEFORE = {**SNAPSHOT, "name": "before-restore-2026-11-24-071502", "created_at": "2026-11-24T07:15:02Z", "index_generation": 6}

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "keep_snapshot": (SNAPSHOT,),
    "list_snapshots": ({"object": "list", "data": [SNAPSHOT]},),
    "restore_snapshot": (
        {
            "object": "snapshot.restored",
            "snapshot": SNAPSHOT,
            "before": _BEFORE,
            "index_generation": 7,
            "removed_since": 1,
        },
    ),
    "remove_snapshot": ({"object": "snapshot.removed", "name": "before-cleanup"},),
}
