"""How sure an answer is → the words that say so, the same wherever people or models read it."""

from __future__ import annotations

from typing import NamedTuple

from qa.base.types import Band, Status

MAY_HELP = "No sure answer. These may help."


class Sureness(NamedTuple):
    """`kind` names it for the look, `words` say it, `meaning` is the advice that goes with it, `explained` says more."""

    kind: str
    words: str
    meaning: str
    explained: str

    @property
    def told(self) -> str:
        """A sentence for text, which has no tooltips."""
        return f"{self.words}: {self.meaning}."


LIKELY = Sureness(
    "likely",
    "Likely",
    "the quote very probably answers the question",
    "qa is fairly sure that this quote answers the question. It can still be wrong: its source is one click away.",
)
UNSURE = Sureness(
    "unsure",
    "Unsure",
    "the quote may answer the question; read its source",
    "The quote may answer the question, or be about something close to it. Read what stands around it before you rely on it.",
)
CHECK = Sureness(
    "check",
    "Check this",
    "the quote may well not answer the question; read its source first",
    "This quote came closest, but it may well not answer the question. Read its source first.",
)


def sureness_of(status: Status, band: Band, check: str | None = None) -> Sureness:
    """Of an answer with citations; `check` is what became of the leading one since, if that is a reason to check it."""
    if check is not None:
        explained = f"Here, {check}. What the answer said may no longer hold: read the article as it is now."
        return Sureness(CHECK.kind, CHECK.words, check, explained)
    if status is Status.ANSWERED:
        return LIKELY
    return CHECK if band is Band.LOW else UNSURE


def verdict_of(text: str, *, has_nearest: bool) -> str:
    """What heads an answer without citations, whose `text` says that there is none."""
    return MAY_HELP if has_nearest else text
