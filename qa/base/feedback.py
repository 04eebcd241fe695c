"""Feedback on answers and on the sentences that they show. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.base.types import Span


class Verdict(StrEnum):
    """What can be said of an answer as a whole, and of one sentence that it showed."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence that an answer showed, by its place alone. `verdict` is RIGHT or WRONG; None, as `said_at`: nothing was said."""

    shown: str
    number: int
    article_id: str
    article_digest: str
    span: Span
    verdict: Verdict | None = None
    said_at: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What was said of an answer, with all that a judgement needs of it: it outlives the answer, and holds no word of an article.

    `question` stands alone; `asked_at` is RFC 3339 in UTC. `is_narrowed`: not every article of an index that had some could
    answer. `verdict` is HELPFUL or NOT_HELPFUL, of the whole; None, as `said_at`: nothing was said.
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
