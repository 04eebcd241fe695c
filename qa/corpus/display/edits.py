"""Edits of a source → the text that people read in its place, with offsets mapped both ways."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.base.types import Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The characters of the source from `start` to `end`, perhaps none, are shown as `text`."""

    start: int
    end: int
    text: str = ""


class Edits:
    """Edits in the order of the source, of which those at a place are found without looking at the others."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._starts = [edit.start for edit in edits]
        self._ends = list(accumulate((edit.end for edit in edits), max))  # of this edit or of one before it

    def at(self, span: Span) -> Sequence[Edit]:
        """Those that overlap the span or end where it begins; also some before it that lie within one of these."""
        return self._edits[bisect_left(self._ends, span.start) : bisect_left(self._starts, span.end)]


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of the source, and where they are shown. Where both are of one length, they are the same characters."""

    start: int
    end: int
    shown_start: int
    shown_end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A span of a source as people read it. Offsets of the source are those of the whole source."""

    text: str
    runs: tuple[_Run, ...]

    def shown(self, part: Span) -> Span | None:
        """Where a part of the source is shown; None where nothing of it is."""
        start = self._first_shown(part.start)
        end = self._last_shown(part.end)
        return Span(start, end) if start < end else None

    def source(self, part: Span) -> Span | None:
        """Which characters of the source a part of the shown text stands for; None for one that was put in."""
        inside = [run for run in self.runs if run.shown_start < part.end and part.start < run.shown_end and run.start < run.end]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        start = first.start + (max(0, part.start - first.shown_start) if _is_verbatim(first) else 0)
        end = last.end - (max(0, last.shown_end - part.end) if _is_verbatim(last) else 0)
        return Span(start, end)

    def _first_shown(self, offset: int) -> int:
        """Where the first character from this offset on is shown, behind what was put in before it."""
        for run in self.runs:
            if offset < run.end:
                within = max(0, offset - run.start) if _is_verbatim(run) else 0
                return run.shown_start + within
        return len(self.text)

    def _last_shown(self, offset: int) -> int:
        for run in reversed(self.runs):
            if run.start < offset:
                return min(run.shown_end, run.shown_start + offset - run.start) if _is_verbatim(run) else run.shown_end
        return 0


def _is_verbatim(run: _Run) -> bool:
    return run.end - run.start == run.shown_end - run.shown_start


def shown(source: str, span: Span, edits: Iterable[Edit]) -> Shown:
    """The span with its edits, given in order; an edit within the one before it is left out. Blanks at the ends are cut off.

    Of an edit that begins before the span nothing is shown.
    """
    pieces: list[tuple[int, int, str]] = []
    at = span.start
    for edit in edits:
        if edit.end < at or (edit.end == at and edit.start < at) or edit.start >= span.end:
            continue
        start, end = max(at, edit.start), min(edit.end, span.end)
        if at < start:
            pieces.append((at, start, source[at:start]))
        pieces.append((start, end, edit.text if edit.start >= at else ""))
        at = end
    if at < span.end:
        pieces.append((at, span.end, source[at : span.end]))
    return _assembled(pieces)


def _assembled(pieces: list[tuple[int, int, str]]) -> Shown:
    text = "".join(words for _, _, words in pieces)
    kept = text.strip()
    cut = len(text) - len(text.lstrip())
    runs: list[_Run] = []
    at = -cut
    for start, end, words in pieces:
        first, last = max(0, at), min(len(kept), at + len(words))
        if first < last:
            is_verbatim = end - start == len(words)
            lead, tail = (first - at, at + len(words) - last) if is_verbatim else (0, 0)
            runs.append(_Run(start + lead, end - tail, first, last))
        at += len(words)
    return Shown(kept, tuple(runs))
