"""Examples of the description of an index and of the status of a server."""

from __future__ import annotations

INDEX: dict[str, object] = {
    "object": "index",
    "name": "default",
    "index_generation": 1,
    "articles": 44,
    "sentences": 702,
    "passages": 83,
    "changed_at": "2026-11-23T21:54:40Z",
    "last_added_at": "2026-11-23T21:54:40Z",
    "encoder": {
        "name": "multilingual-e5-small",
        "digest": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        "dimension": 384,
        "max_tokens": 512,
        "passage_prompt": "passage: ",
        "precision": "bfloat16",
    },
    "reader": {"name": "similarity"},
    "passage_rule": {"characters": 900, "overlap_sentences": 0, "title_tokens": 32},
    "digests": {"vectors.faiss": "9f2b6c0d…", "postings/meta.json": "4cc1e7aa…"},
}
HEALTH: dict[str, object] = {"status": "ok"}
READY: dict[str, object] = {"status": "ready", "index_generation": 1}
VERSION: dict[str, object] = {"name": "qa", "version": "0.1.0", "api": "v1"}
METRICS = """\
# HELP qa_answers_total Answers that were given; why nothing was found.
# TYPE qa_answers_total counter
qa_answers_total{reason="",status="answered"} 12.0
"""

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "describe_index": (INDEX,),
    "health": (HEALTH,),
    "readiness": (READY,),
    "version": (VERSION,),
}
