"""A short answer → the same without what belongs to its sentence alone: a comma, a full stop, "and not twelve"."""

from __future__ import annotations

import re

from qa.base.types import Span

_OF_ONE_VALUE = re.compile(r"\W*(?:and |so )?(?:how (?:many|much|old|long|far|tall|high)|when|who)\b", re.IGNORECASE)
_ASKS_WHEN = re.compile(r"\W*(?:and |so )?when\b", re.IGNORECASE)
_DENIED = re.compile(r",? (?:and not|not|rather than|instead of)\s", re.IGNORECASE)
_SAID_OF_A_TIME = re.compile(
    r"(?:\d|day|morning|noon|evening|night|week|month|year|[a-z]ber|ary) (?:was|were|is|are|had|has|have)\s"
)

_ABBREVIATIONS = frozenset("mr mrs ms dr prof st jr sr inc ltd co corp bros no vs etc ca bzw usw nr mio mrd sra sres mme".split())
_BRACKETS = "()[]\"'“”„‘’«»"


def trimmed(question: str, text: str, words: Span) -> Span:
    """The span without what follows the value: what it denies ("nine and not twelve"), and a verb behind a time."""
    found = words.of(text)
    ends = [len(found)]
    if _OF_ONE_VALUE.match(question):
        ends += [match.start() for match in _DENIED.finditer(found)]
    if _ASKS_WHEN.match(question):
        ends += [match.start() + match[0].index(" ") for match in _SAID_OF_A_TIME.finditer(found)]
    end = min(ends)
    return without_final_mark(text, Span(words.start, words.start + end) if found[:end].strip() else words)


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
