"""The lines of a text → the items of lists that state something, though they do not end as sentences do.

A list of "Adults: 2.40" states facts, and so does one of rules such as "Dogs must be kept on a lead". Names, titles and headlines
in a list state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MARKER = re.compile(r"\s*(?:[-*+•‣▪●○◦·–—]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+(?=\S)")
_LABELLED = re.compile(r"[^:|]{1,80}+:[*_]{0,3} \S")  # "Adults: 2.40"
_WORD = re.compile(r"[^\W\d_]{4,}")
_DASHES = "–—"
_FEWEST_WORDS = 4
_LOWER = 0.5  # of an item's longer words are in lower case at least; in a headline or a name fewer are


def stating_items(lines: Sequence[str], follows_heading: Sequence[bool]) -> list[bool]:
    """For each line, whether it is such an item. `follows_heading`: the line before it is a heading.

    Labelled items count where every item of their list is labelled. In a list below a heading those with a figure count, and
    those that read like a statement.
    """
    stating = [False] * len(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and MARKER.match(lines[end]):
            end += 1
        if end - start > 1:
            items = [MARKER.sub("", line, count=1) for line in lines[start:end]]
            is_told = follows_heading[start] and lines[start].lstrip()[0] not in _DASHES  # behind which names stand
            labelled = all(map(_LABELLED.match, items))
            stating[start:end] = [labelled or (is_told and _reads_like_a_statement(item)) for item in items]
        start = max(end, start + 1)
    return stating


def _reads_like_a_statement(item: str) -> bool:
    if _LABELLED.match(item) and any(map(str.isdecimal, item)):
        return True
    words = _WORD.findall(item)
    return len(item.split()) >= _FEWEST_WORDS and bool(words) and sum(word[0].islower() for word in words) >= _LOWER * len(words)
