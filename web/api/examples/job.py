"""Examples of jobs."""

from __future__ import annotations

from pydantic import JsonValue

from web.api.examples.answer import ANSWER, MADE, QUESTION
from web.api.examples.article import ARTICLE_ID

RUNNING_JOB: dict[str, object] = {
    "object": "job",
    "id": "job_Qd0xW3n5Jt1uYb7sKc2mVA",
    "kind": "answers",
    "state": "running",
    "created_at": "2026-11-23T21:54:46Z",
    "started_at": "2026-11-23T21:54:46Z",
    "ended_at": None,
    "counts": {"total": 2, "done": 1, "failed": 0},
    "bytes": None,
    "problem": None,
    "items": [
        {
            "object": "answered",
            "position": 0,
            "question": QUESTION,
            "answer_id": MADE["id"],
            "answer": ANSWER,
            "problem": None,
        }
    ],
}
QUEUED_JOB: dict[str, object] = {
    **RUNNING_JOB,
    "state": "queued",
    "started_at": None,
    "counts": {"total": 2, "done": 0, "failed": 0},
    "items": [],
}
UPLOAD_JOB: dict[str, object] = {
    **RUNNING_JOB,
    "kind": "uploads",
    "state": "succeeded",
    "ended_at": "2026-11-23T21:54:58Z",
    "counts": {"total": 1, "done": 1, "failed": 0},
    "bytes": {"total": 20480, "done": 20480},
    "items": [
        {
            "object": "uploaded",
            "position": 0,
            "name": "harbour-post.jsonl",
            "added": 1,
            "changed": 0,
            "unchanged": 0,
            "refused": 1,
            "articles": [ARTICLE_ID],
            "refusals": [{"line": 7, "reason": "it has no text"}],
            "notices": [],
        }
    ],
}
UPLOAD_BODY: dict[str, JsonValue] = {"files": ["(the bytes of harbour-post.jsonl)"]}

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "ask_batch": (QUEUED_JOB,),
    "read_job": (RUNNING_JOB, UPLOAD_JOB),
    "cancel_job": ({**RUNNING_JOB, "state": "cancelled", "ended_at": "2026-11-23T21:54:47Z"},),
    "upload": (
        {**QUEUED_JOB, "kind": "uploads", "counts": {"total": 1, "done": 0, "failed": 0}, "bytes": {"total": 20480, "done": 0}},
    ),
    "rebuild_index": ({**QUEUED_JOB, "kind": "rebuild", "counts": {"total": 44, "done": 0, "failed": 0}},),
}
