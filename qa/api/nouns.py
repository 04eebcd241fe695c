"""The JSON shapes of API v1 → the nouns that they were made from: the way back of `qa.api.schemas`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from qa.api.http_shapes import ArticleTextShape, VerifiedQuoteShape
from qa.api.schemas import (
    AnswerShape,
    CitationShape,
    ConfidenceShape,
    PeriodShape,
    PlaceShape,
    SourceShape,
    filters_of,
)
from qa.base.quotes import KeptQuote, VerifiedQuote
from qa.base.types import Answer, Article, Citation, Confidence, Period, Place, Source, Span, Trace


def answer_of(shape: AnswerShape) -> Answer:
    """The answer that a shape was made from, equal to it in all that the shape carries.

    Of its trace there are the timings alone: no rankings, no evidence. Times are rounded down to the second, probability and
    scores to 4 digits, timings to tenths of a millisecond. Citations of an answer that an earlier qa kept have the score 0 and no
    short answer.
    """
    return Answer(
        id=shape.id,
        created_at=datetime.fromisoformat(shape.created_at),
        index_generation=shape.index_generation,
        question=shape.question,
        standalone_question=shape.standalone_question,
        carried=tuple(span_of(carried) for carried in shape.carried),
        asked_at=datetime.fromisoformat(shape.asked_at),
        periods=tuple(_period(period) for period in shape.periods),
        filters=filters_of(shape.filters),
        status=shape.status,
        text=shape.answer,
        confidence=_confidence(shape.confidence),
        citations=tuple(citation_of(citation) for citation in shape.citations),
        nearest=tuple(citation_of(citation) for citation in shape.nearest),
        reason=shape.reason,
        trace=Trace((), (), shape.timings_ms),
    )


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
        also_in=tuple(_place(place) for place in shape.also_in),
        source=source_of(shape.source),
        sentence_link=shape.links.sentence,
        original_link=shape.links.original,
        score=shape.score,
        answer=span_of(shape.short_answer) if shape.short_answer is not None else None,
    )


def article_of(shape: ArticleTextShape) -> Article:
    return Article(
        id=shape.article_id,
        given_id=shape.given_id,
        title=shape.article_title,
        text=shape.text,
        url=shape.source.url,
        source=shape.source.name,
        author=shape.source.author,
        published_at=shape.source.published_at,
        language=shape.source.language,
    )


def verified_quote_of(shape: VerifiedQuoteShape) -> VerifiedQuote:
    cited = KeptQuote("citations", shape.number, shape.article_id, shape.article_digest, span_of(shape), shape.cited_text)
    return VerifiedQuote(cited, shape.status, shape.current_digest, tuple(span_of(place) for place in shape.places))


class _Placed(Protocol):
    """What the shapes of places in a text have in common."""

    @property
    def start_char_index(self) -> int: ...
    @property
    def end_char_index(self) -> int: ...


def span_of(shape: _Placed) -> Span:
    return Span(shape.start_char_index, shape.end_char_index)


def source_of(shape: SourceShape) -> Source:
    return Source(name=shape.name, url=shape.url, author=shape.author, published_at=shape.published_at, language=shape.language)


def _place(shape: PlaceShape) -> Place:
    return Place(
        article_id=shape.article_id,
        article_title=shape.article_title,
        article_digest=shape.article_digest,
        sentence_index=shape.sentence_index,
        span=span_of(shape),
        quote=shape.cited_text,
        source=source_of(shape.source),
    )


def _period(shape: PeriodShape) -> Period:
    return Period(span_of(shape), shape.first_day, shape.last_day)


def _confidence(shape: ConfidenceShape) -> Confidence:
    return Confidence(
        probability=shape.probability,
        band=shape.band,
        threshold=shape.threshold,
        answered_threshold=shape.answered_threshold,
    )
