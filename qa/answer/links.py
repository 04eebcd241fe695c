"""A citation → the address of its sentence on qa's article page, and on the original page by text fragment."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote as percent_encode

_FRAGMENT = "#:~:text="
_LONGEST_WHOLE = 300  # characters; of a longer sentence, only the ends are in the link
_WORDS_AT_EACH_END = 6


def sentence_link(article_id: str, article_digest: str, sentence_index: int) -> str:
    return f"/articles/{article_id}?version={article_digest}#s{sentence_index}"


def original_link(url: str | None, *blocks: str, prefix: str | None) -> str | None:
    """An article's URL with a fragment that browsers scroll to; None without a URL.

    `blocks` are the quote's words, block by block of the page, as the cells of a table's row are. `prefix` is the text before
    the quote, given only if the quote occurs more than once.
    Source: WICG, URL Fragment Text Directives.
    """
    if url is None:
        return None
    first, last = blocks[0].split(), blocks[-1].split()
    if len(blocks) > 1 or (len(" ".join(first)) > _LONGEST_WHOLE and len(first) >= 2 * _WORDS_AT_EACH_END):
        directive = f"{_encode(first[:_WORDS_AT_EACH_END])},{_encode(last[-_WORDS_AT_EACH_END:])}"
    else:
        directive = _encode(first)
    before = f"{_encode(prefix.split())}-," if prefix and prefix.split() else ""
    return f"{url.partition('#')[0]}{_FRAGMENT}{before}{directive}"


def joined_links(links: Sequence[str]) -> str:
    """Links to sentences of one page → one to all of them: a browser scrolls to the first and marks each."""
    first, *others = links
    directives = [directive for _, found, directive in (link.partition(_FRAGMENT) for link in others) if found]
    return "&text=".join((first, *directives)) if _FRAGMENT in first else first


def _encode(words: list[str]) -> str:
    return percent_encode(" ".join(words), safe="").replace("-", "%2D")
