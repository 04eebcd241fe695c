"""Bytes of plain text → one draft."""

from __future__ import annotations

from qa.corpus.decode import decode, newlines_to_lf
from qa.corpus.formats.article_draft import Draft


def read_text(data: bytes, *, origin: str) -> Draft:
    """The whole file as one text; its line ends become LF. ArticleError when it is not text."""
    return Draft(newlines_to_lf(decode(data, origin=origin)))
