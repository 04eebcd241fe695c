"""The JSON shapes of API v1: what `--json` prints and the API returns, made from the nouns in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from qa.answer.citations import numbered
from qa.answer.links import sentence_link
from qa.base.times import rfc3339
from qa.base.types import (
    Answer,
    Article,
    Band,
    Citation,
    Filters,
    Period,
    Place,
    Reason,
    SearchAnswer,
    SearchHit,
    Source,
    Span,
    Status,
    around,
    source_of,
)
from qa.conversation import Turn


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceShape(Shape):
    name: str | None
    url: str | None
    author: str | None
    published_at: str | None
    language: str | None


class PlaceShape(Shape):
    """Where another article says the same: a sentence with the same words, or a passage of which most are, as it stands there.

    `sentence_index` is that of the sentence, or of the passage's first one.
    """

    article_id: str
    article_digest: str
    article_title: str
    cited_text: str
    start_char_index: int
    end_char_index: int
    sentence_index: int
    source: SourceShape
    link: str


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
    sentence: str
    original: str | None


class SpanShape(Shape):
    """Code points of an article's text, half-open."""

    start_char_index: int
    end_char_index: int


class CitationShape(Shape):
    """`cited_text` stands at these code points of the article's version `article_digest`.

    `short_answer` are those of the words in it that answer, null where no reader found any. `score` is the reader's own, higher
    is better.
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
    short_answer: SpanShape | None = None  # answers that an earlier qa kept have neither
    score: float = 0.0


class NearestShape(CitationShape):
    """A sentence that came near but is no answer."""

    score: float


class ConfidenceShape(Shape):
    probability: float
    band: Band
    threshold: float
    answered_threshold: float


class ShortAnswerShape(Shape):
    text: str
    citation: int
    start_char_index: int
    end_char_index: int


class PeriodShape(Shape):
    """Days, both counted, that the words at these code points of the (stand-alone) question mean."""

    text: str
    start_char_index: int
    end_char_index: int
    first_day: date
    last_day: date


class CarriedShape(Shape):
    """Words of the stand-alone question, at these code points of it, that an earlier turn gave."""

    text: str
    start_char_index: int
    end_char_index: int


class FiltersShape(Shape):
    """Which articles could answer; what is empty or null let all pass. Days are both counted."""

    sources: list[str]
    article_ids: list[str]
    published_from: date | None
    published_to: date | None
    language: str | None


class AnswerShape(Shape):
    object: Literal["answer"] = "answer"
    id: str
    created_at: str
    index_generation: int
    question: str
    standalone_question: str
    carried: list[CarriedShape] = []  # answers that an earlier qa kept have none
    status: Status
    answer: str
    short_answer: ShortAnswerShape | None
    asked_at: str
    periods: list[PeriodShape]
    filters: FiltersShape
    confidence: ConfidenceShape
    citations: list[CitationShape]
    nearest: list[NearestShape]
    reason: Reason | None
    timings_ms: dict[str, float]


class SentenceScoreShape(Shape):
    index: int
    start_char_index: int
    end_char_index: int
    score: float


class PassageShape(Shape):
    article_id: str
    article_digest: str
    article_title: str
    text: str
    start_char_index: int
    end_char_index: int
    sentences: list[SentenceScoreShape]


class StageShape(Shape):
    rank: int
    score: float


class HitShape(Shape):
    rank: int
    score: float
    passage: PassageShape
    stages: dict[str, StageShape]
    copies: list[PlaceShape]
    source: SourceShape
    links: LinksShape


class SearchShape(Shape):
    object: Literal["search"] = "search"
    index_generation: int
    question: str
    asked_at: str
    periods: list[PeriodShape]
    filters: FiltersShape
    hits: list[HitShape]
    timings_ms: dict[str, float]


class ArticleShape(Shape):
    """An article without its text. `characters` are code points."""

    object: Literal["article"] = "article"
    article_id: str
    given_id: str
    article_digest: str
    article_title: str
    characters: int
    passages: int
    added_at: str
    source: SourceShape


def article_shape(article: Article, *, added_at: str, passages: int) -> ArticleShape:
    return ArticleShape(
        article_id=article.id,
        given_id=article.given_id,
        article_digest=article.digest,
        article_title=article.title,
        characters=len(article.text),
        passages=passages,
        added_at=added_at,
        source=_source(source_of(article)),
    )


def _short_answer(answer: Answer) -> ShortAnswerShape | None:
    text = answer.short_answer
    if text is None:
        return None
    cited = answer.citations[0]
    assert cited.answer is not None  # where the text comes from
    return ShortAnswerShape(
        text=text, citation=cited.number, start_char_index=cited.answer.start, end_char_index=cited.answer.end
    )


def answer_shape(answer: Answer) -> AnswerShape:
    held = answer.confidence
    return AnswerShape(
        id=answer.id,
        created_at=rfc3339(answer.created_at),
        index_generation=answer.index_generation,
        question=answer.question,
        standalone_question=answer.standalone_question,
        carried=[
            CarriedShape(text=span.of(answer.standalone_question), start_char_index=span.start, end_char_index=span.end)
            for span in answer.carried
        ],
        status=answer.status,
        answer=answer.text,
        short_answer=_short_answer(answer),
        asked_at=rfc3339(answer.asked_at),
        periods=_periods(answer.standalone_question, answer.periods),
        filters=filters_shape(answer.filters),
        confidence=ConfidenceShape(
            probability=round(held.probability, 4),
            band=held.band,
            threshold=held.threshold,
            answered_threshold=held.answered_threshold,
        ),
        citations=[_citation(citation) for citation in answer.citations],
        nearest=[NearestShape(**dict(_citation(citation))) for citation in answer.nearest],
        reason=answer.reason,
        timings_ms=_rounded(answer.trace.timings_ms),
    )


def earlier_turn(answer: AnswerShape) -> Turn:
    """What a later question of the same conversation may take from an answer."""
    return Turn(
        question=answer.question,
        standalone_question=answer.standalone_question,
        answer=" ".join(citation.cited_text for citation in answer.citations),
        short_answer=answer.short_answer.text if answer.short_answer else None,
        titles=tuple(dict.fromkeys(citation.article_title for citation in answer.citations)),
    )


def _periods(question: str, periods: Sequence[Period]) -> list[PeriodShape]:
    return [
        PeriodShape(
            text=period.span.of(question),
            start_char_index=period.span.start,
            end_char_index=period.span.end,
            first_day=period.first,
            last_day=period.last,
        )
        for period in periods
    ]


def filters_shape(filters: Filters) -> FiltersShape:
    return FiltersShape(
        sources=list(filters.sources),
        article_ids=list(filters.article_ids),
        published_from=filters.published_from,
        published_to=filters.published_to,
        language=filters.language,
    )


def filters_of(shape: FiltersShape) -> Filters:
    """The filters that a shape was made from."""
    return Filters(
        sources=tuple(shape.sources),
        article_ids=tuple(shape.article_ids),
        published_from=shape.published_from,
        published_to=shape.published_to,
        language=shape.language,
    )


def pieces_of(citation: CitationShape, short_answer: ShortAnswerShape | None) -> tuple[str, str, str]:
    """The quote before, in and behind the short answer; all of it before where that stands elsewhere, or there is none."""
    part = None
    if short_answer is not None and short_answer.citation == citation.number:
        part = Span(short_answer.start_char_index, short_answer.end_char_index)
    return around(citation.cited_text, Span(citation.start_char_index, citation.end_char_index), part)


def answer_pieces(answer: AnswerShape) -> list[tuple[str, Span]]:
    """The answer's text in pieces, one for each citation, with where in the whole text its quote stands; none when not found."""
    pieces: list[tuple[str, Span]] = []
    at = 0
    for citation in answer.citations:
        blank = " " if pieces else ""
        piece = blank + numbered(citation.cited_text, citation.number)
        start = at + len(blank)
        pieces.append((piece, Span(start, start + len(citation.cited_text))))
        at += len(piece)
    return pieces


def standalone_pieces(answer: AnswerShape) -> list[tuple[str, bool]]:
    """The stand-alone question in pieces, each with whether an earlier turn gave it."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for carried in answer.carried:
        pieces.append((answer.standalone_question[at : carried.start_char_index], False))
        pieces.append((carried.text, True))
        at = carried.end_char_index
    return [(text, is_carried) for text, is_carried in (*pieces, (answer.standalone_question[at:], False)) if text]


def _place(place: Place) -> PlaceShape:
    return PlaceShape(
        article_id=place.article_id,
        article_digest=place.article_digest,
        article_title=place.article_title,
        cited_text=place.quote,
        start_char_index=place.span.start,
        end_char_index=place.span.end,
        sentence_index=place.sentence_index,
        source=_source(place.source),
        link=sentence_link(place.article_id, place.article_digest, place.sentence_index),
    )


def _citation(citation: Citation) -> CitationShape:
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
        also_in=[_place(place) for place in citation.also_in],
        selector=(
            QuoteSelector(exact=citation.quote, prefix=citation.prefix, suffix=citation.suffix),
            PositionSelector(start=citation.span.start, end=citation.span.end),
        ),
        source=_source(citation.source),
        links=LinksShape(sentence=citation.sentence_link, original=citation.original_link),
        short_answer=span_shape(citation.answer) if citation.answer is not None else None,
        score=round(citation.score, 4),
    )


def span_shape(span: Span) -> SpanShape:
    return SpanShape(start_char_index=span.start, end_char_index=span.end)


def _source(source: Source) -> SourceShape:
    return SourceShape(
        name=source.name, url=source.url, author=source.author, published_at=source.published_at, language=source.language
    )


def search_shape(search: SearchAnswer) -> SearchShape:
    return SearchShape(
        index_generation=search.index_generation,
        question=search.question,
        asked_at=rfc3339(search.asked_at),
        periods=_periods(search.question, search.periods),
        filters=filters_shape(search.filters),
        hits=[_hit(hit) for hit in search.hits],
        timings_ms=_rounded(search.timings_ms),
    )


def _hit(hit: SearchHit) -> HitShape:
    passage = hit.passage
    return HitShape(
        rank=hit.rank,
        score=round(hit.score, 6),
        passage=PassageShape(
            article_id=hit.article.id,
            article_digest=hit.article.digest,
            article_title=hit.article.title,
            text=passage.span.of(hit.article.text),
            start_char_index=passage.span.start,
            end_char_index=passage.span.end,
            sentences=[
                SentenceScoreShape(
                    index=scored.sentence.index,
                    start_char_index=scored.sentence.span.start,
                    end_char_index=scored.sentence.span.end,
                    score=round(scored.score, 4),
                )
                for scored in hit.sentences
            ],
        ),
        stages={name: StageShape(rank=rank, score=round(score, 6)) for name, (rank, score) in hit.stages.items()},
        copies=[_place(copy) for copy in hit.copies],
        source=_source(hit.source),
        links=LinksShape(sentence=hit.sentence_link, original=hit.article.url),
    )


def _rounded(timings_ms: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in timings_ms.items()}
