"""An article ⇄ its JSON: without its text in lists, with its text, and sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from qa.api.filters import FilterAdviceShape
from qa.api.shape import Shape
from qa.api.source import SourceShape, source_shape
from qa.base.types import Article, Sentence, SentenceKind, source_of


class ArticleShape(Shape):
    """An article without its text. `characters` counts code points. `format` is what its text is."""

    object: Literal["article"] = "article"
    article_id: str
    given_id: str
    article_digest: str
    article_title: str
    characters: int
    passages: int
    added_at: str
    source: SourceShape
    format: Literal["text", "markdown"] = "text"


class ArticleTextShape(ArticleShape):
    """An article with its text. Offsets everywhere count its Unicode code points."""

    text: str


class ArticleListShape(Shape):
    """The newest articles first; `next_cursor` is null on the last page."""

    object: Literal["list"] = "list"
    index_generation: int
    data: list[ArticleShape]
    next_cursor: str | None
    filter_advice: list[FilterAdviceShape] = Field(default=[])


class CopyListShape(Shape):
    """The near-duplicates of an article, at most 100, in the order they were added."""

    object: Literal["list"] = "list"
    article_id: str
    data: list[ArticleShape]


class SentenceShape(Shape):
    index: int
    start_char_index: int
    end_char_index: int
    kind: SentenceKind
    text: str


class SentenceListShape(Shape):
    """All sentences of an article in order. Between two of them there is white space only."""

    object: Literal["list"] = "list"
    article_id: str
    article_digest: str
    data: list[SentenceShape]


def article_shape(article: Article, *, added_at: str, passages: int) -> ArticleShape:
    return ArticleShape(
        article_id=article.id,
        given_id=article.given_id,
        article_digest=article.digest,
        article_title=article.title,
        characters=len(article.text),
        passages=passages,
        added_at=added_at,
        source=source_shape(source_of(article)),
        format="markdown" if article.is_markdown else "text",
    )


def article_text_shape(article: Article, *, added_at: str, passages: int) -> ArticleTextShape:
    return ArticleTextShape(**dict(article_shape(article, added_at=added_at, passages=passages)), text=article.text)


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
        guessed_language=shape.source.guessed_language,
        is_markdown=shape.format == "markdown",
    )


def sentence_list_shape(article: Article, sentences: Sequence[Sentence]) -> SentenceListShape:
    return SentenceListShape(
        article_id=article.id,
        article_digest=article.digest,
        data=[_sentence_shape(article, sentence) for sentence in sentences],
    )


def _sentence_shape(article: Article, sentence: Sentence) -> SentenceShape:
    span = sentence.span
    return SentenceShape(
        index=sentence.index,
        start_char_index=span.start,
        end_char_index=span.end,
        kind=sentence.kind,
        text=span.of(article.text),
    )
