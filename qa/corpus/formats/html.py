"""Bytes of an HTML page → one draft: its main text and its metadata (home of trafilatura)."""

from __future__ import annotations

import codecs
import contextlib
import re

from qa.base.errors import ArticleError
from qa.corpus.decode import byte_order_mark, decode, newlines_to_lf
from qa.corpus.formats.article_draft import ArticleDraft, Parse, whole_draft

# trafilatura drops characters that Python calls unprintable, such as these two, which Persian, Hindi and emoji need. Two
# hieroglyphs replace them meanwhile. (It also composes to NFC and turns no-break spaces into blanks.)
_JOINERS = {"\u200c": "\U00013000", "\u200d": "\U00013001"}
_JOINER_NAMES = {"&zwnj;": "\u200c", "&#8204;": "\u200c", "&zwj;": "\u200d", "&#8205;": "\u200d"}
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# Source: WHATWG Encoding Standard, 4.2, by Python's names
_ENCODINGS = frozenset(
    "utf-8 cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-5"
    " iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u"
    " mac-roman mac-cyrillic gb2312 gbk gb18030 big5 big5hkscs euc_jp iso2022_jp shift_jis cp932 euc_kr cp949 tis-620 utf-16"
    " utf-16-le utf-16-be".split()
)
_CHARSET_WITHIN = 2048  # bytes; browsers search the first 1024


def read_html(data: bytes, *, origin: str, parse: Parse, charset: str | None = None) -> ArticleDraft:
    """The page's main text, without navigation, comments and pictures. `charset` is the one that the server declared.

    `parse` runs `extract` in the child process. ArticleError: it has no main text, or took too long.
    """
    page = newlines_to_lf(_decoded(data, origin, charset))
    fields = parse("html", page.encode("utf-8", "replace"), origin)
    if not fields.get("text"):
        raise ArticleError(origin, "no article text found in this page; expected a page with some paragraphs")
    return whole_draft(fields)


def _decoded(data: bytes, origin: str, charset: str | None) -> str:
    """The page as UTF-8 if it is valid, else in the encoding that the server or page declares, else in a guessed one."""
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    codec = _as_browsers_do(charset or (declared[1].decode("ascii") if declared else ""))
    if codec is not None and not byte_order_mark(data):
        for tried in ("utf-8", codec):
            with contextlib.suppress(UnicodeDecodeError):
                return data.decode(tried)
    return decode(data, origin=origin)


def _as_browsers_do(declared: str) -> str | None:
    """The codec of a declared encoding, if browsers know it. For them latin-1 and ASCII mean windows-1252.

    Python has others too, one of which fails on every text.
    """
    try:
        codec = codecs.lookup(declared).name
    except (LookupError, ValueError):  # ValueError: a name with a NUL
        return None
    codec = "cp1252" if codec in ("iso8859-1", "ascii") else codec
    return codec if codec in _ENCODINGS else None


def extract(page: bytes) -> dict[str, str | None]:
    """The text and metadata of a UTF-8 page by trafilatura; the page's own metadata goes first, and alone gives the date.

    Runs in the child process, since it cannot be timed out.
    """
    from trafilatura import bare_extraction, load_html

    from qa.corpus.formats.other_articles import drop_other_articles
    from qa.corpus.formats.page_metadata import page_metadata

    source = page.decode()
    hides = not any(hidden in source for hidden in _JOINERS.values())
    tree = load_html(_hide_joiners(source) if hides else source)
    if tree is None:
        return {}
    drop_other_articles(tree)
    page_content = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},  # not used, so the cheapest search
    )
    if page_content is None or isinstance(page_content, dict):
        return {}
    fields = {
        "text": page_content.text,
        "title": page_content.title,
        "url": page_content.url,
        "source": page_content.sitename,
        "author": page_content.author,
        "language": page_content.language,
    }
    seen = {name: _show_joiners(fact) if fact and hides else fact for name, fact in fields.items()}
    return seen | {name: fact for name, fact in page_metadata(source).items() if fact}


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
