"""Feedback on an answer → its JSON."""

from __future__ import annotations

from typing import Literal

from qa.api.shape import Shape
from qa.base.feedback import JudgedAnswer, Verdict


class SentenceFeedbackShape(Shape):
    """The verdict on the sentence of this number: right or wrong."""

    number: int
    verdict: Verdict


class FeedbackShape(Shape):
    """All feedback on an answer: `verdict` on the whole, null if there is none, and verdicts on the sentences that it shows."""

    object: Literal["feedback"] = "feedback"
    answer_id: str
    verdict: Verdict | None
    citations: list[SentenceFeedbackShape]
    nearest: list[SentenceFeedbackShape]


def feedback_shape(answer: JudgedAnswer) -> FeedbackShape:
    return FeedbackShape(
        answer_id=answer.id,
        verdict=answer.verdict,
        citations=_sentences(answer, "citations"),
        nearest=_sentences(answer, "nearest"),
    )


def _sentences(answer: JudgedAnswer, shown: str) -> list[SentenceFeedbackShape]:
    return [
        SentenceFeedbackShape(number=sentence.number, verdict=sentence.verdict)
        for sentence in answer.sentences
        if sentence.shown == shown and sentence.verdict
    ]
