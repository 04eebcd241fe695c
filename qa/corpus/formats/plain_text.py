"""Bytes of plain text → one draft."""

from __future__ import annotations

from qa.corpus.decode import decode, newlines_to_lf
from qa.corpus.formats.article_draft import ArticleDraft


def read_text(data: bytes, *, origin: str) -> ArticleDraft:
    """The whole file as one text; line ends become LF. ArticleError if it is not text."""
    return ArticleDraft(newlines_to_lf(decode(data, origin=origin)))
