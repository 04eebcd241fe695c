"""The JSON shapes that HTTP alone has and `qa.api.client` reads; those that it does not read are in `web.api.shapes`."""

from __future__ import annotations

from typing import Literal

from qa.api.schemas import AnswerShape, ArticleShape, Shape, SpanShape
from qa.base.feedback import Verdict
from qa.base.quotes import QuoteState
from qa.base.types import Change


class WrongPlaceShape(Shape):
    """`pointer` is `#/field` in the body, `?name` in the address, `{name}` in its path."""

    pointer: str
    code: str
    detail: str


class ProblemShape(Shape):
    """RFC 9457. `type` is the address of a page about this kind of problem."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[WrongPlaceShape]


class ArticleListShape(Shape):
    """The newest articles first; `next_cursor` is null on the last page."""

    object: Literal["list"] = "list"
    index_generation: int
    data: list[ArticleShape]
    next_cursor: str | None


class ArticleTextShape(ArticleShape):
    """An article with its text. Offsets everywhere count its Unicode code points."""

    text: str


class PutShape(Shape):
    """What became of an article that was put; `notices` are fields that were left out of it."""

    object: Literal["article.put"] = "article.put"
    index_generation: int
    status: Change
    article_id: str
    given_id: str
    article_digest: str
    notices: list[str]


class AddedArticleShape(Shape):
    """What became of the article at this place (from 0) of the request.

    Of a refused one, `reason` says why and the ids are null; `notices` are fields that were left out of one that was kept.
    """

    position: int
    status: Literal[Change.ADDED, Change.CHANGED, Change.UNCHANGED, "refused"]
    article_id: str | None
    given_id: str | None
    article_digest: str | None
    reason: str | None
    notices: list[str]


class VerifiedQuoteShape(Shape):
    """Whether a citation still stands in its article.

    `unchanged`: at the same place; `moved`: elsewhere, `places` says where; `edited`: the article is there, the quote is not;
    `removed`: the article is not. `current_digest` is that of the article's text now. `cited_text` stands in the version
    `article_digest`, which `links.cited` shows; it is empty once the article was deleted for good.
    """

    object: Literal["citation.verified"] = "citation.verified"
    answer_id: str
    number: int
    status: QuoteState
    article_id: str
    article_digest: str
    current_digest: str | None
    cited_text: str
    start_char_index: int
    end_char_index: int
    places: list[SpanShape]
    links: dict[str, str]


class SaidShape(Shape):
    """What was said of the sentence of this number: right or wrong."""

    number: int
    verdict: Verdict


class FeedbackShape(Shape):
    """All that was said of an answer: `verdict` of the whole, null where nothing was, and of the sentences that it shows."""

    object: Literal["feedback"] = "feedback"
    answer_id: str
    verdict: Verdict | None
    citations: list[SaidShape]
    nearest: list[SaidShape]


class AddedShape(Shape):
    object: Literal["articles.added"] = "articles.added"
    index_generation: int
    added: int
    changed: int
    unchanged: int
    refused: int
    articles: list[AddedArticleShape]


class RemovedShape(Shape):
    """The article answers no more. Its text is deleted by the first change after `restorable_until`, null when it is already."""

    object: Literal["article.removed"] = "article.removed"
    article_id: str
    given_id: str
    restorable_until: str | None


class ConversationShape(Shape):
    """A conversation with its answers in full, in their order. Times are in UTC; `updated_at` is that of the last question."""

    object: Literal["conversation"] = "conversation"
    id: str
    title: str
    created_at: str
    updated_at: str
    turns: list[AnswerShape]


class EncoderShape(Shape):
    name: str
    digest: str
    dimension: int
    max_tokens: int
    passage_prompt: str
    precision: str


class ReaderShape(Shape):
    name: str


class PassageRuleShape(Shape):
    characters: int
    overlap_sentences: int
    title_tokens: int


class IndexShape(Shape):
    """`digests` are the SHA-256 of the searchable files, by name; times are null before the first article."""

    object: Literal["index"] = "index"
    name: str
    index_generation: int
    articles: int
    sentences: int
    passages: int
    changed_at: str | None
    last_added_at: str | None
    encoder: EncoderShape
    reader: ReaderShape
    passage_rule: PassageRuleShape
    digests: dict[str, str]
