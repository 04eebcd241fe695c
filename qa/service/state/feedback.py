"""Feedback on answers and on the sentences that they showed. It outlives the answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.base.feedback import JudgedAnswer, JudgedSentence, Verdict
from qa.base.types import Span
from qa.service.state.file import StateFile


class FeedbackLog:
    """The feedback of one state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def cited(self, versions: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The versions, (article id, digest), among these that an answer with feedback shows."""
        return self._file.naming("judged_sentences", versions)

    def judge(
        self, answer: JudgedAnswer, verdict: Verdict | None, *, said_at: str, sentence: tuple[str, int] | None = None
    ) -> None:
        """Keep feedback on an answer, or on a sentence (shown, number) of it, in place of earlier feedback.

        None withdraws it; an answer without any feedback is deleted. The fields of `answer` are stored only if it is new here.
        `said_at` is RFC 3339 in UTC.

        Raises:
            StorageError: the file cannot be written.
        """
        values = (verdict, said_at if verdict else None, answer.id)
        with self._file.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO judged_answers VALUES (?, ?, ?, ?, NULL, NULL)",
                (answer.id, answer.question, answer.asked_at, answer.is_narrowed),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO judged_sentences VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                (
                    (answer.id, one.shown, one.number, one.article_id, one.article_digest, one.span.start, one.span.end)
                    for one in answer.sentences
                ),
            )
            if sentence is None:
                connection.execute("UPDATE judged_answers SET verdict = ?, said_at = ? WHERE answer = ?", values)
            else:
                statement = "UPDATE judged_sentences SET verdict = ?, said_at = ? WHERE answer = ? AND shown = ? AND number = ?"
                connection.execute(statement, (*values, *sentence))
            connection.execute(
                "DELETE FROM judged_answers WHERE answer = ? AND verdict IS NULL AND NOT EXISTS "
                "(SELECT 1 FROM judged_sentences AS one WHERE one.answer = judged_answers.answer AND one.verdict IS NOT NULL)",
                (answer.id,),
            )

    def judged(self) -> list[JudgedAnswer]:
        """Every answer with feedback, in the order of their ids."""
        return self._judged("")

    def judged_answer(self, answer_id: str) -> JudgedAnswer | None:
        """The answer with this id and its feedback; None without feedback."""
        return next(iter(self._judged("WHERE answer = ?", answer_id)), None)

    def _judged(self, which: str, *values: str) -> list[JudgedAnswer]:
        with self._file.reading("judged_answers") as connection:
            if connection is None:
                return []
            answers = connection.execute(
                f"SELECT answer, question, asked_at, narrowed, verdict, said_at FROM judged_answers {which} ORDER BY answer",
                values,
            ).fetchall()
            sentences: dict[str, list[JudgedSentence]] = {}
            for answer_id, shown, number, article_id, digest, start, end, verdict, said_at in connection.execute(
                "SELECT answer, shown, number, article, digest, start, end, verdict, said_at FROM judged_sentences "
                f"{which} ORDER BY shown, number",
                values,
            ):
                one = JudgedSentence(shown, number, article_id, digest, Span(start, end), _verdict(verdict), said_at)
                sentences.setdefault(answer_id, []).append(one)
        return [
            JudgedAnswer(id_, question, asked_at, bool(narrowed), tuple(sentences.get(id_, ())), _verdict(verdict), said_at)
            for id_, question, asked_at, narrowed, verdict, said_at in answers
        ]


def _verdict(stored: str | None) -> Verdict | None:
    return Verdict(stored) if stored else None
