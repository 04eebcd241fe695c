"""The addresses of a citation: the sentence in qa's own article page, and the original page by text fragment."""

from __future__ import annotations

from urllib.parse import quote as percent_encode

from qa.base.types import Article

_LONGEST_WHOLE = 300  # characters; longer sentences are named by their ends
_WORDS_AT_EACH_END = 6


def sentence_link(article_id: str, article_digest: str, sentence_index: int) -> str:
    return f"/articles/{article_id}?version={article_digest}#s{sentence_index}"


def original_link(article: Article, quote: str, *, prefix: str | None) -> str | None:
    """The article's URL with a fragment that a browser scrolls to; None when it has no URL.

    `prefix` is the text before the quote, given only where the quote stands more than once.
    Source: WICG, URL Fragment Text Directives.
    """
    if article.url is None:
        return None
    words = quote.split()
    if len(" ".join(words)) > _LONGEST_WHOLE and len(words) >= 2 * _WORDS_AT_EACH_END:
        directive = f"{_encode(words[:_WORDS_AT_EACH_END])},{_encode(words[-_WORDS_AT_EACH_END:])}"
    else:
        directive = _encode(words)
    before = f"{_encode(prefix.split())}-," if prefix and prefix.split() else ""
    return f"{article.url.partition('#')[0]}#:~:text={before}{directive}"


def _encode(words: list[str]) -> str:
    return percent_encode(" ".join(words), safe="").replace("-", "%2D")
