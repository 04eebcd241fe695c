"""Ranked passages → their JSON. The client reads it as it is: a `SearchAnswer` holds whole articles, the JSON does not."""

from __future__ import annotations

from typing import Literal

from qa.api.citation import LinksShape
from qa.api.filters import FilterAdviceShape, FiltersShape, filter_advice_shapes, filters_shape
from qa.api.notice import NoticeShape, notice_shape
from qa.api.place import PlaceShape, place_shape
from qa.api.question import PeriodShape, date_range_shapes
from qa.api.shape import Shape, rounded_timings
from qa.api.source import SourceShape, source_shape
from qa.api.span import SpanShape, span_shape
from qa.base.times import rfc3339
from qa.base.types import ScoredSentence, SearchAnswer, SearchHit
from qa.corpus.display.displayed import Displayed
from qa.corpus.display.edits import Shown


class SentenceScoreShape(Shape):
    """`score` compares the sentences of one passage: by the reader where it was read, else by similarity.

    `display` is where it stands in the passage's `display`; null without one, or where nothing of it shows.
    """

    index: int
    start_char_index: int
    end_char_index: int
    score: float
    display: SpanShape | None = None


class PassageShape(Shape):
    """`display` is `text` as people read it, null where that is the same."""

    article_id: str
    article_digest: str
    article_title: str
    text: str
    start_char_index: int
    end_char_index: int
    sentences: list[SentenceScoreShape]
    display: str | None = None


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
    undated: bool


class SearchShape(Shape):
    object: Literal["search"] = "search"
    index_generation: int
    question: str
    asked_at: str
    periods: list[PeriodShape]
    filters: FiltersShape
    hits: list[HitShape]
    timings_ms: dict[str, float]
    notices: list[NoticeShape]
    filter_advice: list[FilterAdviceShape]


def search_shape(search: SearchAnswer) -> SearchShape:
    displayed = {hit.article.id: Displayed(hit.article) for hit in search.hits}
    return SearchShape(
        index_generation=search.index_generation,
        question=search.question,
        asked_at=rfc3339(search.asked_at),
        periods=date_range_shapes(search.question, search.date_ranges),
        filters=filters_shape(search.filters),
        filter_advice=filter_advice_shapes(search.filter_advice),
        hits=[_hit_shape(hit, displayed[hit.article.id]) for hit in search.hits],
        timings_ms=rounded_timings(search.timings_ms),
        notices=[notice_shape(notice) for notice in search.notices],
    )


def _hit_shape(hit: SearchHit, displayed: Displayed) -> HitShape:
    return HitShape(
        rank=hit.rank,
        score=round(hit.score, 6),
        passage=_passage_shape(hit, displayed),
        stages={name: StageShape(rank=rank, score=round(score, 6)) for name, (rank, score) in hit.stages.items()},
        copies=[place_shape(place) for place in hit.near_duplicates],
        source=source_shape(hit.source),
        links=LinksShape(sentence=hit.sentence_link, original=hit.article.url),
        undated=hit.source.published_at is None,
    )


def _passage_shape(hit: SearchHit, displayed: Displayed) -> PassageShape:
    article, span = hit.article, hit.passage.span
    read = displayed.shown(span)
    shown = read if read.text and read.text != span.of(article.text) else None
    return PassageShape(
        article_id=article.id,
        article_digest=article.digest,
        article_title=article.title,
        text=span.of(article.text),
        start_char_index=span.start,
        end_char_index=span.end,
        sentences=[_sentence_score_shape(scored, shown) for scored in hit.sentences],
        display=shown.text if shown else None,
    )


def _sentence_score_shape(scored: ScoredSentence, shown: Shown | None) -> SentenceScoreShape:
    span = scored.sentence.span
    part = shown.shown(span) if shown else None
    return SentenceScoreShape(
        index=scored.sentence.index,
        start_char_index=span.start,
        end_char_index=span.end,
        score=round(scored.score, 4),
        display=span_shape(part) if part else None,
    )
