"""Runs of asterisks, underscores and tildes in a stretch of words → edits that take away those that emphasise.

Source: CommonMark 0.31.2, "An algorithm for parsing nested emphasis and links"; GitHub Flavored Markdown, 6.5.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.corpus.display.edits import Edit


@dataclass(slots=True)
class MarkRun:
    """`count` equal marks from `start` on are left of `length` ones."""

    mark: str
    start: int
    count: int
    length: int
    can_open: bool
    can_close: bool


def mark_run(text: str, start: int, end: int) -> MarkRun:
    """The run of marks from `start` to `end` of a stretch; its ends count as blanks."""
    before, behind = text[start - 1 : start] or " ", text[end : end + 1] or " "
    opens = not behind.isspace() and (not _is_punctuation(behind) or before.isspace() or _is_punctuation(before))
    closes = not before.isspace() and (not _is_punctuation(before) or behind.isspace() or _is_punctuation(behind))
    if text[start] == "_":
        both = opens and closes
        opens, closes = opens and (not both or _is_punctuation(before)), closes and (not both or _is_punctuation(behind))
    return MarkRun(text[start], start, end - start, end - start, opens, closes)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def emphasis_edits(runs: Sequence[MarkRun]) -> Iterator[Edit]:
    """The edits of the runs of one stretch, or of one link's words, in order; the runs are used up."""
    openers: list[MarkRun] = []
    bottoms: dict[tuple[str, bool, int], int] = {}  # below these heights no opener of that kind was found
    for run in runs:
        while run.can_close and run.count:
            kind = (run.mark, run.can_open, run.length % 3)
            at = _opener(openers, run, bottoms.get(kind, 0))
            if at is None:
                bottoms[kind] = len(openers)
                break
            opener = openers[at]
            used = 2 if opener.count > 1 and run.count > 1 else 1
            opener.count -= used
            yield Edit(opener.start + opener.count, opener.start + opener.count + used)
            yield Edit(run.start, run.start + used)
            run.start += used
            run.count -= used
            del openers[at + 1 if opener.count else at :]
            bottoms = {kind: min(height, len(openers)) for kind, height in bottoms.items()}
        if run.can_open and run.count:
            openers.append(run)


def _opener(openers: Sequence[MarkRun], closer: MarkRun, bottom: int) -> int | None:
    return next((at for at in range(len(openers) - 1, bottom - 1, -1) if _match(openers[at], closer)), None)


def _match(opener: MarkRun, closer: MarkRun) -> bool:
    if opener.mark != closer.mark:
        return False
    if closer.mark == "~":
        return opener.length == closer.length == 2
    both = opener.can_close or closer.can_open
    return not both or (opener.length + closer.length) % 3 != 0 or (opener.length % 3 == 0 and closer.length % 3 == 0)
