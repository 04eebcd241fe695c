"""A quote of a kept answer, compared with its article as it is now ⇄ its JSON."""

from __future__ import annotations

from typing import Literal

from qa.api.current_sentence import CurrentSentenceShape, current_sentence_of, current_sentence_shape
from qa.api.shape import Shape
from qa.api.span import SpanShape, span_of, span_shape
from qa.base.quotes import KeptQuote, QuoteState, VerifiedQuote


class VerifiedQuoteShape(Shape):
    """Whether a citation still stands in its article.

    `unchanged`: at the same place. `moved`: elsewhere, at `places`, of which the first 1,000 are named. `edited`: the article
    exists, but the quote is no longer in it. `removed`: the article no longer exists. `current_digest` is the digest of the
    article's text now. `cited_text` stands in the version `article_digest`, which `links.cited` shows. It is empty once the
    article is permanently deleted. `current_sentence` took the place of an edited one; it is null if none has half of its
    words. `display` is `cited_text` as people read it, null where that is the same.
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
    current_sentence: CurrentSentenceShape | None = None
    display: str | None = None


def verified_quote_shape(answer_id: str, verified: VerifiedQuote) -> VerifiedQuoteShape:
    cited = verified.cited
    address = f"/v1/articles/{cited.article_id}"
    return VerifiedQuoteShape(
        answer_id=answer_id,
        number=cited.number,
        status=verified.state,
        article_id=cited.article_id,
        article_digest=cited.article_digest,
        current_digest=verified.current_digest,
        cited_text=cited.quote,
        start_char_index=cited.span.start,
        end_char_index=cited.span.end,
        places=[span_shape(place) for place in verified.places],
        links={"cited": f"{address}?version={cited.article_digest}", "current": address} if verified.current_digest else {},
        current_sentence=current_sentence_shape(verified.now, cited.article_id) if verified.now else None,
        display=cited.display,
    )


def verified_quote_of(shape: VerifiedQuoteShape) -> VerifiedQuote:
    cited = KeptQuote(
        "citations", shape.number, shape.article_id, shape.article_digest, span_of(shape), shape.cited_text, shape.display
    )
    now = current_sentence_of(shape.current_sentence) if shape.current_sentence else None
    return VerifiedQuote(cited, shape.status, shape.current_digest, tuple(span_of(place) for place in shape.places), now)
