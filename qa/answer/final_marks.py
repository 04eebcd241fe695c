"""A short answer → the same without the comma or full stop that belongs to its sentence."""

from __future__ import annotations

from qa.base.types import Span

_ABBREVIATIONS = frozenset("mr mrs ms dr prof st jr sr inc ltd co corp bros no vs etc ca bzw usw nr mio mrd sra sres mme".split())
_BRACKETS = "()[]\"'“”„‘’«»"


def without_final_mark(text: str, words: Span) -> Span:
    """The span without a comma, semicolon or colon at its end, nor the full stop of a sentence; at least one character stays."""
    found = words.of(text)
    kept = len(found.rstrip(",;:"))
    if _ends_with_full_stop(found[:kept]):
        kept -= 1
    return Span(words.start, words.start + kept) if kept else words


def _ends_with_full_stop(found: str) -> bool:
    """Whether its full stop ends a sentence, and is not that of "U.S.", "p.m.", "Inc." or an initial."""
    if not found.endswith("."):
        return False
    word = found[:-1].split()[-1] if found[:-1].split() else ""
    plain = word.strip(_BRACKETS)
    if plain.replace(".", "").isdecimal():
        return True
    if "." in plain or plain.lower() in _ABBREVIATIONS:
        return False
    return len(plain) > 1 and plain[-1].isalnum()
