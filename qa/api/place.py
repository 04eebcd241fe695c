"""A place in another article that says the same ⇄ its JSON."""

from __future__ import annotations

from qa.answer.links import sentence_link
from qa.api.shape import OwnPage, Shape
from qa.api.source import SourceShape, source_of, source_shape
from qa.api.span import span_of
from qa.base.types import Place


class PlaceShape(Shape):
    """A place in another article that says the same: a sentence of the same words, or a passage that shares most of its words.

    `sentence_index` is that of the sentence, or of the passage's first sentence.
    """

    article_id: str
    article_digest: str
    article_title: str
    cited_text: str
    start_char_index: int
    end_char_index: int
    sentence_index: int
    source: SourceShape
    link: OwnPage


def place_shape(place: Place) -> PlaceShape:
    return PlaceShape(
        article_id=place.article_id,
        article_digest=place.article_digest,
        article_title=place.article_title,
        cited_text=place.quote,
        start_char_index=place.span.start,
        end_char_index=place.span.end,
        sentence_index=place.sentence_index,
        source=source_shape(place.source),
        link=sentence_link(place.article_id, place.article_digest, place.sentence_index),
    )


def place_of(shape: PlaceShape) -> Place:
    return Place(
        article_id=shape.article_id,
        article_title=shape.article_title,
        article_digest=shape.article_digest,
        sentence_index=shape.sentence_index,
        span=span_of(shape),
        quote=shape.cited_text,
        source=source_of(shape.source),
    )
