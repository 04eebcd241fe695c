"""A line → whether it ends as a sentence does, which distinguishes prose from headlines."""

from __future__ import annotations

import re

# “ and ‘ close a quotation in German; in French a blank stands before ».
_SENTENCE_END = re.compile(r"[.!?…。！？؟।॥۔։჻።](?:[\"'“”‘’»›)\]*_]|\s»)*(?:\s*\[\d+\])*\s*$")


def ends_like_a_sentence(text: str) -> bool:
    """Whether the last mark ends a sentence; closing quotes, brackets and footnote numbers may follow it."""
    return _SENTENCE_END.search(text) is not None
