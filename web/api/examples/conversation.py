"""Examples of conversations."""

from __future__ import annotations

from pydantic import JsonValue

from web.api.examples.answer import ANSWER

CONVERSATION: dict[str, object] = {
    "object": "conversation",
    "id": "cnv_p5rBdU3H6mQ9sT1vXw2yZA",
    "title": "The last sailmaker",
    "created_at": "2026-11-23T21:54:40.120Z",
    "updated_at": "2026-11-23T21:54:47.004Z",
    "turns": [ANSWER],
}
SAVED = "# How old was Mrs. Sorrowby?\n\n## How old was Mrs. Sorrowby?\n\n> She died at the age of 94. \\[1\\]\n"
CONVERSATIONS: dict[str, object] = {
    "object": "list",
    "data": [
        {
            "object": "conversation.line",
            "id": "cnv_p5rBdU3H6mQ9sT1vXw2yZA",
            "title": "The last sailmaker",
            "updated_at": "2026-11-23T21:54:47.004Z",
            "questions": 1,
        }
    ],
    "next_cursor": None,
}
REMOVED_CONVERSATION: dict[str, object] = {
    "object": "conversation.removed",
    "id": "cnv_p5rBdU3H6mQ9sT1vXw2yZA",
    "restorable_until": "2026-11-23T22:04:47Z",
}
BEGIN_BODY: dict[str, JsonValue] = {"title": "The last sailmaker"}
RENAME_BODY: dict[str, JsonValue] = {"title": "The last sailmaker of Candle Lane"}

ANSWERS: dict[str, tuple[dict[str, object], ...]] = {
    "begin_conversation": ({**CONVERSATION, "turns": []},),
    "list_conversations": (CONVERSATIONS,),
    "read_conversation": (CONVERSATION,),
    "export_conversation": (CONVERSATION,),
    "rename_conversation": (CONVERSATION,),
    "remove_conversation": (REMOVED_CONVERSATION,),
}
