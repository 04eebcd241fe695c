"""Question and passage → windows of tokens for a span model, each token with its offsets in the passage.

A passage that is too long for the model becomes several overlapping windows; nothing is cut off. The title is before the
passage, in the first window, and is never an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.base.errors import QuestionError
from qa.base.protocols import TitledText

Positions = NDArray[np.int64]

_OVERLAP = 64  # tokens that consecutive windows of a passage share
_SMALLEST_ROOM = 2 * _OVERLAP  # tokens that the question must leave for the passage


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model. `starts` and `ends` (t,) are code points of the passage's text, -1 for other tokens."""

    inputs: dict[str, list[int]]
    starts: Positions
    ends: Positions

    @property
    def length(self) -> int:
        return len(self.inputs["input_ids"])


def windows(tokenizer: Any, questions: Sequence[str], passages: Sequence[TitledText], *, most_tokens: int) -> list[list[Window]]:
    """The windows of each (question, passage), in order. Every token of a passage is in at least one.

    Raises:
        QuestionError: a question leaves no room for a passage.
    """
    _check_room(tokenizer, questions, most_tokens)
    if not passages:
        return []
    before = [f"{passage.title}\n" if passage.title else "" for passage in passages]
    encoded = tokenizer(
        list(questions),
        [title + passage.text for title, passage in zip(before, passages, strict=True)],
        truncation="only_second",
        max_length=most_tokens,
        stride=_OVERLAP,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    of_passages: list[list[Window]] = [[] for _ in passages]
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in encoded]
    for row, which in enumerate(encoded["overflow_to_sample_mapping"]):
        offsets = np.array(encoded["offset_mapping"][row], np.int64) - len(before[which])  # (t, 2)
        is_text = (
            np.array([part == 1 for part in encoded.sequence_ids(row)]) & (offsets[:, 0] >= 0) & (offsets[:, 1] > offsets[:, 0])
        )
        offsets[~is_text] = -1
        of_passages[which].append(Window({name: encoded[name][row] for name in names}, offsets[:, 0], offsets[:, 1]))
    return of_passages


def _check_room(tokenizer: Any, questions: Sequence[str], most_tokens: int) -> None:
    room = most_tokens - tokenizer.num_special_tokens_to_add(pair=True) - _SMALLEST_ROOM
    unique = list(dict.fromkeys(questions))
    lengths = map(len, tokenizer(unique, add_special_tokens=False)["input_ids"]) if unique else iter(())
    longest = max(lengths, default=0)
    if longest > room:
        raise QuestionError(f"The question has {longest} tokens; the reader takes {room}. Ask it in fewer words.")
