"""A citation ⇄ its JSON."""

from __future__ import annotations

from typing import Literal

from qa.api.display import DisplayShape, display_shape, shown_quote_of
from qa.api.place import PlaceShape, place_of, place_shape
from qa.api.shape import Linkable, OwnPage, Shape
from qa.api.source import SourceShape, source_of, source_shape
from qa.api.span import SpanShape, span_of, span_shape
from qa.base.types import Citation


class QuoteSelector(Shape):
    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class PositionSelector(Shape):
    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: int
    end: int


class LinksShape(Shape):
    sentence: OwnPage
    original: Linkable


class CitationShape(Shape):
    """`cited_text` stands at these code points of the article's version `article_digest`.

    `short_answer` is the part of it that answers, null if the reader found none. `score` has the reader's own scale; higher is
    better. `text_before`: the sentence before it, of a long one the last 1,000 characters. `undated`: nobody knows when the
    article was published. `lead_in`: the sentences, up to four, that a quote such as "She is 63." goes on from, of long ones the
    last 1,000 characters; they are no part of it. `display`: the quote as people read it, null where it is `cited_text`.
    """

    number: int
    type: Literal["char_location"] = "char_location"
    article_id: str
    given_id: str
    article_digest: str
    article_title: str
    cited_text: str
    start_char_index: int
    end_char_index: int
    sentence_index: int
    text_before: str | None
    also_in: list[PlaceShape]
    selector: tuple[QuoteSelector, PositionSelector]
    source: SourceShape
    links: LinksShape
    short_answer: SpanShape | None = None  # answers kept by an earlier version of qa have neither
    score: float = 0.0
    undated: bool = False
    lead_in: str | None = None
    display: DisplayShape | None = None


class NearestShape(CitationShape):
    """A sentence close to the question that does not answer it."""

    score: float


def citation_shape(citation: Citation) -> CitationShape:
    return CitationShape(
        number=citation.number,
        article_id=citation.article_id,
        given_id=citation.given_id,
        article_digest=citation.article_digest,
        article_title=citation.article_title,
        cited_text=citation.quote,
        start_char_index=citation.span.start,
        end_char_index=citation.span.end,
        sentence_index=citation.sentence_index,
        text_before=citation.text_before,
        also_in=[place_shape(place) for place in citation.also_in],
        selector=(
            QuoteSelector(exact=citation.quote, prefix=citation.prefix, suffix=citation.suffix),
            PositionSelector(start=citation.span.start, end=citation.span.end),
        ),
        source=source_shape(citation.source),
        links=LinksShape(sentence=citation.sentence_link, original=citation.original_link),
        short_answer=span_shape(citation.answer) if citation.answer is not None else None,
        score=round(citation.score, 4),
        undated=citation.source.published_at is None,
        lead_in=citation.lead_in,
        display=display_shape(citation.shown) if citation.shown is not None else None,
    )


def nearest_shape(citation: Citation) -> NearestShape:
    return NearestShape(**dict(citation_shape(citation)))


def citation_of(shape: CitationShape) -> Citation:
    quoted, _ = shape.selector
    return Citation(
        number=shape.number,
        article_id=shape.article_id,
        given_id=shape.given_id,
        article_digest=shape.article_digest,
        article_title=shape.article_title,
        sentence_index=shape.sentence_index,
        span=span_of(shape),
        quote=shape.cited_text,
        prefix=quoted.prefix,
        suffix=quoted.suffix,
        text_before=shape.text_before,
        also_in=tuple(place_of(place) for place in shape.also_in),
        source=source_of(shape.source),
        sentence_link=shape.links.sentence,
        original_link=shape.links.original,
        score=shape.score,
        answer=span_of(shape.short_answer) if shape.short_answer is not None else None,
        lead_in=shape.lead_in,
        shown=shown_quote_of(shape.display) if shape.display is not None else None,
    )
