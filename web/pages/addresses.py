"""What a page shows → the address of the page."""

from __future__ import annotations

from urllib.parse import quote


def conversation_address(conversation_id: str) -> str:
    return f"/c/{quote(conversation_id, safe='')}"
