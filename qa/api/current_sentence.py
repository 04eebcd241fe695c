"""A sentence of an article as it is now ⇄ its JSON."""

from __future__ import annotations

from qa.api.shape import OwnPage
from qa.api.span import SpanShape, span_of
from qa.base.quotes import CurrentSentence


class CurrentSentenceShape(SpanShape):
    """`link` is its place on the article's page. `display` is `text` as people read it, null where that is the same."""

    text: str
    sentence_index: int
    link: OwnPage
    display: str | None = None

    @property
    def shown(self) -> str:
        return self.display or self.text


def current_sentence_shape(sentence: CurrentSentence, article_id: str) -> CurrentSentenceShape:
    return CurrentSentenceShape(
        text=sentence.text,
        sentence_index=sentence.index,
        start_char_index=sentence.span.start,
        end_char_index=sentence.span.end,
        link=f"/articles/{article_id}#s{sentence.index}",
        display=sentence.display,
    )


def current_sentence_of(shape: CurrentSentenceShape) -> CurrentSentence:
    return CurrentSentence(shape.sentence_index, span_of(shape), shape.text, shape.display)
