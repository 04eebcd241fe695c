"""Whether a line ends as a sentence does: what tells prose from headlines."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"[.!?…。！？؟।॥۔։჻።][\"'”’»)\]*_]*(?:\s*\[\d+\])*\s*$")


def ends_like_a_sentence(text: str) -> bool:
    """Whether the last mark, closing quotes and brackets aside, ends a sentence."""
    return _SENTENCE_END.search(text) is not None
