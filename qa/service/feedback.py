"""Feedback on kept answers and on the sentences that they show: given, replaced, withdrawn and read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from qa.base.errors import SentenceNotFound
from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.types import Reason
from qa.service.kept_answers import KeptAnswers
from qa.service.state.answers import KeptAnswer
from qa.service.state.feedback import FeedbackLog
from qa.service.state.file import StateFile

_ON_SENTENCES = (Verdict.RIGHT, Verdict.WRONG)


class Feedback:
    """The feedback on the answers of one index folder."""

    def __init__(self, folder: Path, answers: KeptAnswers) -> None:
        self._answers = answers
        self._log = FeedbackLog(StateFile(folder))

    def on(self, answer_id: str) -> JudgedAnswer:
        """An answer with its feedback; AnswerNotFound when it is not kept and has none."""
        return self._log.judged_answer(answer_id) or _without_feedback(self._answers.answer(answer_id))

    def give(self, answer_id: str, verdict: Verdict | None, *, sentence: tuple[str, int] | None = None) -> JudgedAnswer:
        """Judge an answer, or its sentence that it shows as `citations` or `nearest` under a number; None withdraws that.

        Raises:
            AnswerNotFound, SentenceNotFound: it is not kept, or shows no such sentence.
            StorageError: the folder cannot be written.
            ValueError: a verdict on sentences for the whole answer, or the other way round.
        """
        if verdict is not None and (verdict in _ON_SENTENCES) != (sentence is not None):
            raise ValueError(f"{verdict} is no verdict on {'a sentence' if sentence else 'a whole answer'}")
        answer = self.on(answer_id)
        if sentence is not None and answer.sentence(*sentence) is None:
            raise SentenceNotFound(answer_id, *sentence)
        self._log.judge(answer, verdict, said_at=datetime.now(UTC).isoformat(timespec="microseconds"), sentence=sentence)
        return self._log.judged_answer(answer_id) or _withdrawn(answer)

    def all(self) -> list[JudgedAnswer]:
        """Every answer with feedback."""
        return self._log.judged()


def _without_feedback(kept: KeptAnswer) -> JudgedAnswer:
    answer = json.loads(kept.body)  # maybe an earlier qa's, which may lack what the shape has now
    return JudgedAnswer(
        kept.id,
        answer["standalone_question"],
        answer["asked_at"],
        is_narrowed=any(answer["filters"].values()) or answer["reason"] == Reason.NO_ARTICLES,
        sentences=tuple(
            JudgedSentence(quote.shown, quote.number, quote.article_id, quote.article_digest, quote.span) for quote in kept.quotes
        ),
    )


def _withdrawn(answer: JudgedAnswer) -> JudgedAnswer:
    sentences = tuple(replace(one, verdict=None, said_at=None) for one in answer.sentences)
    return replace(answer, verdict=None, said_at=None, sentences=sentences)
