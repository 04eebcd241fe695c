"""Evidence → numbered citations → the answer's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.answer.lead_ins import MOST_BEFORE, lead_in
from qa.answer.links import original_link, sentence_link
from qa.base.types import Article, Citation, Evidence, Place, Span, source_of

NOT_FOUND_TEXT = "Not found in these articles."
NUMBERS = re.compile(r"\s\[\d+\](?=\s|$)")  # after each quote of an answer's text
_SELECTOR_CHARACTERS = 32  # of prefix and suffix, as in the W3C's examples
_CUT_WORD = re.compile(r"^\S+")


def cite(
    number: int,
    evidence: Evidence,
    article: Article,
    *,
    before: Sequence[Span],
    repeated: bool,
    also_in: Sequence[Place],
    on_page: Callable[[Span], tuple[str, ...]] | None = None,
) -> Citation:
    """The citation of one sentence.

    `before` are the sentences before it. `repeated`: the article holds the quote more than once. `on_page` gives the words of a
    span as the article's page has them, block by block; without it they are those of the text.
    """
    span = evidence.span
    linkable = _linkable(article.text, span.start) if repeated else None
    words_of = on_page or (lambda part: (part.of(article.text),))
    prefix = article.text[max(0, span.start - _SELECTOR_CHARACTERS) : span.start]
    return Citation(
        number=number,
        article_id=article.id,
        given_id=article.given_id,
        article_digest=article.digest,
        article_title=article.title,
        sentence_index=evidence.sentence_index,
        span=span,
        quote=span.of(article.text),
        prefix=prefix,
        suffix=article.text[span.end : span.end + _SELECTOR_CHARACTERS],
        text_before=text_before(article.text, before),
        also_in=tuple(also_in),
        source=source_of(article),
        sentence_link=sentence_link(article.id, article.digest, evidence.sentence_index),
        original_link=original_link(
            article.url,
            *(words_of(span) or (evidence.quote,)),
            prefix=" ".join(words_of(linkable)) if linkable else None,
        ),
        score=evidence.score,
        answer=evidence.answer,
        lead_in=lead_in(evidence.quote, article.text, before),
    )


def text_before(text: str, before: Sequence[Span]) -> str | None:
    """The last of the sentences before a quote, its end where it is long; None for the first sentence."""
    return before[-1].of(text)[-MOST_BEFORE:] if before else None


def _linkable(text: str, end: int) -> Span | None:
    """Where the whole words right before this place stand, in one paragraph; None for no words. A browser matches no others.

    Source: WICG, URL Fragment Text Directives. A prefix begins at a word and lies in one block.
    """
    cut = max(0, end - _SELECTOR_CHARACTERS)
    prefix = text[cut:end]
    if cut and not text[cut - 1].isspace():
        prefix = _CUT_WORD.sub("", prefix)
    words = prefix.rstrip().rpartition("\n")[2]
    behind = end - (len(prefix) - len(prefix.rstrip()))
    return Span(behind - len(words), behind) if words.strip() else None


def answer_text(citations: Sequence[Citation]) -> str:
    """The quotes joined by blanks, each with its number."""
    return " ".join(numbered(citation.quote, citation.number) for citation in citations)


def numbered(quote: str, number: int) -> str:
    """A quote followed by ` [n]`, as in an answer's text."""
    return f"{quote} [{number}]"
