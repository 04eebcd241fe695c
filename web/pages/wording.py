"""An answer → the words that head it on a page: how sure it is, or that none is."""

from __future__ import annotations

from qa.api.answer import AnswerShape
from qa.api.sureness import Sureness, sureness_of, verdict_of


def sureness(answer: AnswerShape) -> Sureness:
    """Of an answer with citations."""
    return sureness_of(answer.status, answer.confidence.band)


def verdict(answer: AnswerShape) -> str:
    """What is said where nothing is cited."""
    return verdict_of(answer.answer, has_nearest=bool(answer.nearest))
