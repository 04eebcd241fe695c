"""An answer → the words that head it on a page: how sure it is, or that none is."""

from __future__ import annotations

from typing import NamedTuple

from qa.api.answer import AnswerShape
from qa.base.types import Band, Status

MAY_HELP = "No sure answer. These may help."


class Sureness(NamedTuple):
    """`kind` names it for the look, `words` say it, `meaning` is the advice that goes with it."""

    kind: str
    words: str
    meaning: str


LIKELY = Sureness("likely", "Likely", "the quote very probably answers the question")
UNSURE = Sureness("unsure", "Unsure", "the quote may answer the question; read its source")
CHECK = Sureness("check", "Check this", "the quote may well not answer the question; read its source first")


def sureness(answer: AnswerShape) -> Sureness:
    """Of an answer with citations."""
    if answer.status is Status.ANSWERED:
        return LIKELY
    return CHECK if answer.confidence.band is Band.LOW else UNSURE


def verdict(answer: AnswerShape) -> str:
    """What is said where nothing is cited."""
    return MAY_HELP if answer.nearest else answer.answer
