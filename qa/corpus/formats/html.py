"""Bytes of an HTML page → one draft: its main text and what it says of itself (home of trafilatura)."""

from __future__ import annotations

import re

from qa.base.errors import ArticleError
from qa.corpus.decode import byte_order_mark, decode, newlines_to_lf
from qa.corpus.formats.article_draft import Draft, Parse, whole_draft

# trafilatura drops what Python does not call printable: these two, which Persian, Hindi and emoji are written
# with. They pass through it as two hieroglyphs. (It also composes to NFC and makes no-break spaces plain.)
_JOINERS = {"\u200c": "\U00013000", "\u200d": "\U00013001"}
_JOINER_NAMES = {"&zwnj;": "\u200c", "&#8204;": "\u200c", "&zwj;": "\u200d", "&#8205;": "\u200d"}
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_CHARSET_WITHIN = 2048  # bytes; browsers look at the first 1024


def read_html(data: bytes, *, origin: str, parse: Parse, charset: str | None = None) -> Draft:
    """The page's main text, without navigation, comments and pictures. `charset` is what the server said.

    `parse` runs `extract` in the child process. ArticleError: no main text, or it took too long.
    """
    page = newlines_to_lf(_decoded(data, origin, charset))
    found = parse("html", page.encode("utf-8", "replace"), origin)
    if not found.get("text"):
        raise ArticleError(origin, "no article text found in this page; expected a page with some paragraphs")
    return whole_draft(found)


def _decoded(data: bytes, origin: str, charset: str | None) -> str:
    """UTF-8 when it is that, else as the server or the page says, else by a guess."""
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    said = [charset] if charset else [declared[1].decode("ascii")] if declared else []
    if said and not byte_order_mark(data):
        for codec in ("utf-8", *said):
            try:
                return data.decode(_as_browsers_do(codec))
            except (UnicodeDecodeError, LookupError):
                continue
    return decode(data, origin=origin)


def _as_browsers_do(codec: str) -> str:
    """WHATWG: pages that say latin-1 or ASCII are windows-1252."""
    return "cp1252" if codec.lower() in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else codec


def extract(page: bytes) -> dict[str, str | None]:
    """What trafilatura finds in a page of UTF-8, its facts as the page itself says them where it does.

    Runs in the child process: it cannot be timed out.
    """
    from trafilatura import bare_extraction

    from qa.corpus.formats.page_metadata import page_facts

    source = page.decode()
    hides = not any(hidden in source for hidden in _JOINERS.values())
    found = bare_extraction(
        _hide_joiners(source) if hides else source, include_comments=False, include_tables=True, with_metadata=True
    )
    if found is None or isinstance(found, dict):
        return {}
    facts = {
        "text": found.text,
        "title": found.title,
        "url": found.url,
        "source": found.sitename,
        "author": found.author,
        "published_at": found.date,
        "language": found.language,
    }
    seen = {name: _show_joiners(fact) if fact and hides else fact for name, fact in facts.items()}
    return seen | {name: fact for name, fact in page_facts(source).items() if fact}


def _hide_joiners(page: str) -> str:
    for name, joiner in _JOINER_NAMES.items():
        page = page.replace(name, joiner)
    for joiner, hidden in _JOINERS.items():
        page = page.replace(joiner, hidden)
    return page


def _show_joiners(text: str) -> str:
    for joiner, hidden in _JOINERS.items():
        text = text.replace(hidden, joiner)
    return text
