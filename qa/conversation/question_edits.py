"""Words that are put into a question, each with the mention that gave them → the question with them, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.base.types import Span
from qa.conversation.mentions import Mention


@dataclass(frozen=True, slots=True)
class Edit:
    """`written` in place of the characters from `start` to `end`, or between two where they are equal; `mention` gave it."""

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
    """The question with all edits that do not overlap one before them, and where their words stand in it."""
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
