"""An answer → its words on a page: how sure it is, that none is, the sentences that the reader chose, what spoke for one."""

from __future__ import annotations

from collections.abc import Sequence

from qa.api.answer import AnswerShape
from qa.api.changed_citation import ChangedCitationShape
from qa.api.citation import CitationShape
from qa.api.sureness import Sureness, sureness_of, verdict_of
from qa.base.feedback import JudgedAnswer, Verdict

_MOST_REASONS = 2
_PLAIN_REASONS = {  # by a part of the names of the ranker's features
    "cosine": "is close to the question in meaning",
    "names": "has the names in the question",
    "title": "stands under a title with the question’s words",
    "bm25": "has the question’s words",
    "coverage": "has the question’s words",
    "pairs": "has the question’s words side by side",
    "near_date_range": "was published on the days that the question names",
    "within": "was published shortly before the question was asked",
}


def plain_reasons(features: Sequence[str]) -> list[str]:
    """What the first of these features of a passage say for it, without the figures."""
    said = [next((words for part, words in _PLAIN_REASONS.items() if part in feature), None) for feature in features]
    return list(dict.fromkeys(filter(None, said)))[:_MOST_REASONS]


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
