"""An index folder → its library, with the answers that are kept beside it and the feedback on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.api.answer import AnswerShape
from qa.base.feedback import JudgedAnswer, Verdict
from qa.base.quotes import VerifiedQuote
from qa.base.types import Answer
from qa.service.feedback import Feedback
from qa.service.kept_answers import KeptAnswers
from qa.service.library import Library
from qa.service.state.answers import KeptAnswer


class LibraryWithAnswers(Library):
    """What needs no model: the articles of a folder, and the answers that were given."""

    def __init__(self, folder: Path, *, keep_answers_days: int) -> None:
        super().__init__(folder)
        self._answers = KeptAnswers(self.folder, self.opened, days=keep_answers_days)
        self._feedback = Feedback(self.folder, self._answers)

    def keep(self, answer: Answer) -> bool:
        """Keep an answer for `keep_answers_days`; whether that was done. `KeptAnswers.keep` says more."""
        return self._answers.keep(answer)

    def kept_answer(self, answer_id: str) -> KeptAnswer:
        """An answer as it was given; AnswerNotFound when it is not kept."""
        return self._answers.answer(answer_id)

    def verify(self, answer_id: str) -> list[VerifiedQuote]:
        """Whether the article of each citation of a kept answer still contains its quote, in order. AnswerNotFound."""
        return self._answers.verify(answer_id)

    def as_of_now(self, answers: Sequence[AnswerShape]) -> list[AnswerShape]:
        """The answers, kept or not, with what became of the sentences that they cite."""
        return self._answers.as_of_now(answers)

    def feedback(self, answer_id: str) -> JudgedAnswer:
        """An answer with its feedback; AnswerNotFound when it is not kept and has none."""
        return self._feedback.on(answer_id)

    def judge(self, answer_id: str, verdict: Verdict | None, *, sentence: tuple[str, int] | None = None) -> JudgedAnswer:
        """Give feedback on an answer or on one of its sentences; `Feedback.give` says more."""
        return self._feedback.give(answer_id, verdict, sentence=sentence)

    def judged(self) -> list[JudgedAnswer]:
        """Every answer with feedback."""
        return self._feedback.all()
