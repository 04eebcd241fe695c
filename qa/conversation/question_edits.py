"""A question and edits of it → the edited question, and the spans of the inserted words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.base.types import Span
from qa.conversation.mentions import Mention


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the characters from `start` to `end` by `written`; inserts it if both are equal. It comes from `mention`."""

    start: int
    end: int
    written: str
    mention: Mention

    @staticmethod
    def of(span: Span, written: str, mention: Mention) -> Edit:
        return Edit(span.start, span.end, written, mention)

    def overlaps(self, other: Edit) -> bool:
        return self.start < other.end and other.start < self.end


def edited(question: str, edits: Iterable[Edit]) -> tuple[str, tuple[Span, ...]]:
    """(the edited question, the spans of the inserted words in it). An edit that overlaps an earlier one is left out."""
    pieces: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            continue
        length += edit.start - at
        words = edit.written.strip(" ()")
        if words:
            begins = length + edit.written.index(words)
            spans.append(Span(begins, begins + len(words)))
        pieces += [question[at : edit.start], edit.written]
        length += len(edit.written)
        at = edit.end
    return "".join([*pieces, question[at:]]), tuple(spans)
