"""An article's sentences and one that is quoted → what stands before and behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.lead_ins import MOST_SENTENCES, lead_in
from qa.base.types import Article, Sentence, SentenceKind, Span
from qa.corpus.display.displayed import Displayed

_EACH_SIDE = 2  # sentences
_LONGEST = 500  # characters of one side


@dataclass(frozen=True, slots=True)
class Around:
    """Empty where the article begins or ends with the quote."""

    before: str
    behind: str


def around(article: Article, sentences: Sequence[Sentence], index: int) -> Around:
    """The two sentences before and the two behind, without boilerplate, and without those that the quote is shown with."""
    text, displayed = article.text, Displayed(article)
    told = [sentence for sentence in sentences if sentence.kind is not SentenceKind.BOILERPLATE]
    before = [sentence.span for sentence in told if sentence.index < index]
    shown = lead_in(sentences[index].span.of(text), text, before[-MOST_SENTENCES:])
    if shown is not None:
        before = [span for span in before if span.end <= before[-1].end - len(shown)]
    behind = [sentence.span for sentence in told if sentence.index > index]
    return Around(_last_part(_joined(displayed, before[-_EACH_SIDE:])), _first_part(_joined(displayed, behind[:_EACH_SIDE])))


def _joined(displayed: Displayed, spans: Sequence[Span]) -> str:
    return " ".join(" ".join(displayed.shown(span).text.split()) for span in spans)


def _last_part(words: str) -> str:
    return words if len(words) <= _LONGEST else f"…{words[-_LONGEST:]}"


def _first_part(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
