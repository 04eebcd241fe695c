"""Tokens of a question, a title and a passage → the windows that the packaged reader reads.

    <s> question </s></s> title </s> passage </s>

A passage that is too long becomes several overlapping windows, each with the title; nothing of it is cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.answer.token_cache import Tokens
from qa.base.errors import QuestionError
from qa.base.protocols import Rows

QUESTION_TOKENS, TITLE_TOKENS, TEXT_TOKENS = 48, 24, 232  # of a window, at most, as the reader is trained
SPECIAL_TOKENS = 5
_MOST_TOKENS = QUESTION_TOKENS + TITLE_TOKENS + TEXT_TOKENS + SPECIAL_TOKENS  # what question and title leave is the passage's
_SMALLEST_ROOM = 128  # for the passage, beside a longer question
_OVERLAP = 64  # tokens that consecutive windows of a passage share


@dataclass(frozen=True, slots=True, eq=False)
class TokenWindow:
    """One input. From place `first` on, `ids` (t,) holds the tokens `tokens` of the passage."""

    ids: Rows
    first: int
    tokens: slice


def check_length(question: Sequence[int], *, positions: int) -> None:
    """QuestionError for a question that leaves no room for a passage in a model of so many positions."""
    most = positions - TITLE_TOKENS - _SMALLEST_ROOM - SPECIAL_TOKENS
    if len(question) > most:
        raise QuestionError(f"The question has {len(question)} tokens; the reader takes {most}. Ask it in fewer words.")


def tokens_before(question: Sequence[int], title: Sequence[int], *, begin: int, end: int) -> list[int]:
    """What stands before the passage in a window; an empty title leaves no trace."""
    return [begin, *question, end, end, *([*title, end] if title else [])]


def token_windows(question: Sequence[int], title: Tokens, passage: Tokens, *, begin: int, end: int) -> list[TokenWindow]:
    """At least one, also for an empty passage."""
    before = tokens_before(question, title.ids[:TITLE_TOKENS].tolist(), begin=begin, end=end)
    room = max(_SMALLEST_ROOM, _MOST_TOKENS - len(before) - 1)
    made = []
    for start in range(0, max(1, passage.count - _OVERLAP), room - _OVERLAP):
        tokens = slice(start, min(passage.count, start + room))
        made.append(TokenWindow(np.array([*before, *passage.ids[tokens].tolist(), end]), len(before), tokens))
    return made
