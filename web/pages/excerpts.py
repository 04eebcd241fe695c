"""An article's text → the one line of it that a list shows."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 200  # characters; a page cuts the line where it ends
_BEFORE = 20  # characters before a word that was searched for


def excerpt(text: str, words: Sequence[str] = ()) -> str:
    """The beginning of the text, or what stands around the first of the words that is in it."""
    folded = text.casefold() if words else ""
    at = min((place for place in (folded.find(word.casefold()) for word in words) if place >= 0), default=0)
    if at <= _BEFORE:
        return " ".join(text[: 2 * _LONGEST].split())[:_LONGEST]
    start = text.find(" ", at - _BEFORE, at) + 1 or at - _BEFORE
    return "… " + " ".join(text[start : start + 2 * _LONGEST].split())[:_LONGEST]
