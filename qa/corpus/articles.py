"""The fields of a draft → a cleaned, checked Article with its id. Every article is made here.

The text is kept code point for code point, except for what `decode.clean` replaces: offsets depend on it.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from urllib.parse import urlunsplit

from qa.base.errors import ArticleError
from qa.base.languages import ENGLISH
from qa.base.types import Article, text_digest
from qa.base.web_addresses import DEFAULT_PORTS, split_address
from qa.corpus.dates import depends_on_language, parse_published
from qa.corpus.decode import clean
from qa.corpus.languages import language_of
from qa.corpus.sentence_endings import ends_like_a_sentence

log = logging.getLogger(__name__)

LONGEST_TITLE_LINE = 150  # characters of a first line that can be a title
_TITLE_WORDS = 10
_TITLE_CHARACTERS = 80  # for scripts without blanks between words
_LONGEST_FIELD = 2_000  # characters of an id, URL, title, source, author or language
_SAFE_ID = re.compile(r"art_[0-9a-f]{16}")
_TRACKING = re.compile(r"(?:utm_[^=]*|fbclid|gclid)(?:=|$)", re.IGNORECASE)


def make_article(
    text: str,
    *,
    title: str | None = None,
    given_id: str | None = None,
    url: str | None = None,
    source: str | None = None,
    author: str | None = None,
    published_at: str | int | float | None = None,
    language: str | None = None,
    fallback_id: str | None = None,
    is_markdown: bool = False,
    notice: Callable[[str], None] | None = None,
) -> Article:
    """The article with cleaned strings, a normalised date and an id.

    The id comes from `given_id`, else the canonical URL, else `fallback_id` (an absolute path), else the text's digest.
    A missing title is made from the text. An unusable URL, date or other field is dropped, never the article: `notice` is
    called with the reason. Without `notice`, a warning is logged.

    Raises:
        ArticleError: the text is blank, or `given_id` is too long or looks like a generated id.
    """
    warn = notice or log.warning
    text = clean(text)
    given_id = clean(given_id).strip() or None if given_id else None
    fallback_id = clean(fallback_id) if fallback_id else None  # a file name may contain bytes that are not text
    origin = given_id or fallback_id or url or "this article"
    if not text.strip():
        raise ArticleError(origin, "the text is empty; expected some words to answer from")
    if given_id and (len(given_id) > _LONGEST_FIELD or is_safe_id(given_id)):
        raise ArticleError(origin, _bad_id(given_id))
    url = _checked_url(url, warn)
    identity = given_id or (canonical_url(url) if url else None) or fallback_id or text_digest(text)
    return Article(
        id=safe_id(identity),
        given_id=identity,
        title=_short_line("title", title, warn) or default_title(text),
        text=text,
        url=url,
        source=_short_line("source", source, warn),
        author=_short_line("author", author, warn),
        published_at=_checked_date(published_at, text, language, warn),
        language=_short_line("language", language, warn),
        is_markdown=is_markdown,
    )


def safe_id(given_id: str) -> str:
    """`art_` and the first 16 hexadecimal digits of SHA-256; used in addresses."""
    return "art_" + hashlib.sha256(given_id.encode()).hexdigest()[:16]


def is_safe_id(id_or_given_id: str) -> bool:
    """Whether it has the form of a generated id."""
    return _SAFE_ID.fullmatch(id_or_given_id) is not None


def canonical_url(url: str) -> str:
    """The one form of all links to a page.

    Scheme and host are in lower case. Fragment, default port and the parameters utm_*, fbclid and gclid are removed. An
    empty path becomes `/`. Nothing else changes.

    Raises:
        ValueError: it is not an http or https address with a host.
    """
    parts = split_address(url)
    host, port = parts.netloc.rpartition("@")[2].lower(), parts.port
    if ":" in host.rpartition("]")[2]:
        host = host.rpartition(":")[0]
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    user = parts.netloc.rpartition("@")[0]
    query = "&".join(pair for pair in parts.query.split("&") if not _TRACKING.match(pair))
    return urlunsplit((parts.scheme, f"{user}@{host}" if user else host, parts.path or "/", query, ""))


def default_title(text: str) -> str:
    """The first line if it looks like a headline above more text, else the first words with an ellipsis."""
    first, _, rest = text.strip().replace("\r", "\n").partition("\n")
    first = " ".join(first.split())
    if len(first) <= LONGEST_TITLE_LINE and rest.strip() and not ends_like_a_sentence(first):
        return first
    words = text.split(maxsplit=_TITLE_WORDS)
    beginning = " ".join(words[:_TITLE_WORDS])
    if len(words) <= _TITLE_WORDS and len(beginning) <= _TITLE_CHARACTERS:
        return beginning
    if len(beginning) > _TITLE_CHARACTERS:
        beginning = beginning[:_TITLE_CHARACTERS].rpartition(" ")[0] or beginning[:_TITLE_CHARACTERS]
    return beginning + "…"


def _checked_url(url: str | None, warn: Callable[[str], None]) -> str | None:
    stripped = clean(url or "").strip()
    if not stripped:
        return None
    try:
        if len(stripped) > _LONGEST_FIELD:
            raise ValueError(f"it has {len(stripped):,} characters, at most {_LONGEST_FIELD:,} are kept")
        canonical_url(stripped)
    except ValueError as error:
        warn(f"the URL {stripped[:100]!r} is left out: {error}; expected one such as https://example.org/news/1")
        return None
    return stripped


def _checked_date(value: str | int | float | None, text: str, language: str | None, warn: Callable[[str], None]) -> str | None:
    """The date, read in the declared language of the article, else in that of its text."""
    spoken = ENGLISH
    if depends_on_language(value):
        spoken = (language or "").strip() or language_of(text, None)
    try:
        return parse_published(value, language=spoken)
    except ValueError as error:
        warn(f"{error}; the article is kept without a date")
        return None


def _line(value: str | None) -> str | None:
    """The value on one line with single blanks; None if blank."""
    return " ".join(clean(value).split()) or None if value else None


def _short_line(name: str, value: str | None, warn: Callable[[str], None]) -> str | None:
    line = _line(value)
    if line and len(line) > _LONGEST_FIELD:
        has = f"it has {len(line):,} characters, at most {_LONGEST_FIELD:,} are kept"
        warn(f"the {name} {line[:40]!r}… is left out: {has}")
        return None
    return line


def _bad_id(given_id: str) -> str:
    if len(given_id) > _LONGEST_FIELD:
        return f"the id {given_id[:40]!r}… has {len(given_id):,} characters, expected at most {_LONGEST_FIELD:,}"
    return f"the id {given_id!r} looks like a generated one; expected any other, for example with a prefix of your own"
