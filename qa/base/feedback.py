"""Feedback on answers and on the sentences that they show. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.base.types import Span


class Verdict(StrEnum):
    """A user's judgement: HELPFUL or NOT_HELPFUL for an answer, RIGHT or WRONG for one sentence that it showed."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence that an answer showed, by its position only, with its feedback.

    `shown` is `citations` or `nearest`; `number` counts from 1 in that list. `verdict` is RIGHT or WRONG. Without feedback,
    `verdict` and `said_at` are None.
    """

    shown: str
    number: int
    article_id: str
    article_digest: str
    span: Span
    verdict: Verdict | None = None
    said_at: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """The feedback on an answer, with everything that evaluating it needs. It outlives the answer and holds no article text.

    `question` stands alone. `asked_at` and `said_at` are RFC 3339 in UTC. `is_narrowed`: filters excluded some articles.
    `verdict` is HELPFUL or NOT_HELPFUL for the whole answer. Without feedback on the whole, `verdict` and `said_at` are None.
    """

    id: str
    question: str
    asked_at: str
    is_narrowed: bool
    sentences: tuple[JudgedSentence, ...]
    verdict: Verdict | None = None
    said_at: str | None = None

    @property
    def is_abstention(self) -> bool:
        return not any(sentence.shown == "citations" for sentence in self.sentences)

    def sentence(self, shown: str, number: int) -> JudgedSentence | None:
        """The sentence of this number among those shown as `citations` or `nearest`."""
        return next((one for one in self.sentences if (one.shown, one.number) == (shown, number)), None)
