"""An answer → what heads it on a page: how sure it is, that none is, or the sentences that the reader chose."""

from __future__ import annotations

from qa.api.answer import AnswerShape
from qa.api.changed_citation import ChangedCitationShape
from qa.api.citation import CitationShape
from qa.api.sureness import Sureness, sureness_of, verdict_of
from qa.base.feedback import JudgedAnswer, Verdict


def sureness(answer: AnswerShape) -> Sureness:
    """Of an answer with citations."""
    return sureness_of(answer.status, answer.confidence.band, answer.check)


def changed_of(answer: AnswerShape, number: int) -> ChangedCitationShape | None:
    """What became of this citation since; None where it still stands in its article."""
    return next((one for one in answer.changed_citations if one.number == number), None)


def verdict(answer: AnswerShape) -> str:
    """What is said where nothing is cited."""
    return verdict_of(answer.answer, has_nearest=bool(answer.nearest))


def chosen_of(answer: AnswerShape, judged: JudgedAnswer | None) -> list[CitationShape]:
    """The nearest sentences of which the reader said that they answer the question."""
    right = (
        {one.number for one in judged.sentences if one.shown == "nearest" and one.verdict is Verdict.RIGHT} if judged else set()
    )
    return [citation for citation in answer.nearest if citation.number in right]
