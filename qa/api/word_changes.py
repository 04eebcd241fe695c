"""Two sentences → the words in which they differ, for a page that shows what was edited."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_PAIRS = 250_000  # of words that are compared; two sentences of 500 words


class ChangedPiece(NamedTuple):
    """Consecutive characters, and whether the other sentence lacks them."""

    text: str
    is_changed: bool


def word_changes(was: str, now: str) -> tuple[list[ChangedPiece], list[ChangedPiece]]:
    """Either sentence in pieces that re-join to it. Sentences too long to be compared are one changed piece each."""
    old, new = _WORD.findall(was), _WORD.findall(now)
    if len(old) * len(new) > _MOST_PAIRS:
        return [ChangedPiece(was, True)], [ChangedPiece(now, True)]
    before: list[ChangedPiece] = []
    after: list[ChangedPiece] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for pieces, text in ((before, "".join(old[i1:i2])), (after, "".join(new[j1:j2]))):
            if text:
                pieces.append(ChangedPiece(text, kind != "equal"))
    return _joined(before), _joined(after)


def _joined(pieces: list[ChangedPiece]) -> list[ChangedPiece]:
    """Changed words with only white space between them as one piece."""
    joined: list[ChangedPiece] = []
    for piece in pieces:
        if len(joined) > 1 and piece.is_changed and joined[-2].is_changed and joined[-1].text.isspace():
            joined[-2:] = [ChangedPiece(joined[-2].text + joined[-1].text + piece.text, True)]
        else:
            joined.append(piece)
    return joined
