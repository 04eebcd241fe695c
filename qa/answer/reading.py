"""What a trained reader finds in passages, before anything is chosen: the seam between models and all that judges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.base.protocols import TitledText
from qa.base.types import Span


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """A short answer: its span in the passage's text, and its score.

    The score is the begin and end logits of the span less those of the first token, which stands for "no answer".
    """

    span: Span
    score: float


BestSpans = list[AnswerSpan | None]  # one for each sentence, or for each pair of consecutive sentences


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What a model read in one passage; logits, comparable over passages.

    `sentences` has the best span of each sentence, or partly in it; None for a sentence without tokens. `best` is the best
    of them. `no_answer` is the score of "no answer", which is taken off all scores: the lowest one, where the passage is read
    in several windows. `relevance` says whether the passage answers at all; a model without such a judgement has None.
    """

    sentences: tuple[AnswerSpan | None, ...]
    best: AnswerSpan | None
    no_answer: float
    relevance: float | None = None


class ReadingModel(Protocol):
    """A model that finds answers. Constructing is cheap; it loads at first use."""

    def load(self) -> None:
        """Load the model now; ModelError if it cannot be loaded."""

    def read(self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]) -> list[PassageReading]:
        """One reading for each passage.

        `sentences` are code points of the passage's text, in order and apart from one another. A span may cross the border
        of two consecutive ones; it is then the best span of both.

        Raises:
            QuestionError: the question leaves no room for a passage.
        """
