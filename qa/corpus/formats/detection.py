"""A file's name and first bytes → the format that reads it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import BinaryIO

from qa.corpus.decode import byte_order_mark
from qa.corpus.formats.json_records import MOST_BLANK_LINES
from qa.corpus.formats.json_values import parse_json

HEAD_BYTES = 4096
_ZIP = b"PK\x03\x04"


class Format(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    JSONL = "jsonl"
    TABLE = "table"
    DOCX = "docx"
    EPUB = "epub"
    FEED = "feed"
    WARC = "warc"


SUFFIXES = {
    **{".txt": Format.TEXT, ".text": Format.TEXT, ".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN},
    **{".html": Format.HTML, ".htm": Format.HTML, ".xhtml": Format.HTML, ".pdf": Format.PDF},
    **{".json": Format.JSON, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL},
    **{".csv": Format.TABLE, ".tsv": Format.TABLE},
    **{".docx": Format.DOCX, ".epub": Format.EPUB, ".warc": Format.WARC},
    **{".rss": Format.FEED, ".atom": Format.FEED},
}
_WITH_MARK = (Format.PDF, Format.EPUB, Format.DOCX, Format.WARC)
_COMMENT = r"(?><!--.*?-->)"
_HTML = re.compile(rf"(?:<\?xml[^>]*+>|{_COMMENT}|\s++)*+(?:<!doctype\s+html|<html|<head|<body)\b", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(rf"(?:<\?xml[^>]*+>|(?><\?.*?\?>)|{_COMMENT}|\s++)*+<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_JSON = re.compile(r"\s*+(?:\{\s*+[\"}]|\[\s*+[\[{\"\]])")


def suffix_format(name: str) -> Format | None:
    """The format of the name's suffix, ignoring `.gz`; None for an unknown suffix."""
    bare = name.lower().removesuffix(".gz")
    return next((known for suffix, known in SUFFIXES.items() if bare.endswith(suffix)), None)


def sniff(head: bytes) -> Format:
    """The format that the first bytes clearly show, else text."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        return Format.PDF
    if head.startswith(_ZIP):
        return Format.EPUB if b"application/epub+zip" in head else Format.DOCX
    if head.startswith(b"WARC/"):
        return Format.WARC
    beginning = head.decode(byte_order_mark(head) or "utf-8", errors="replace")
    if _HTML.match(beginning):
        return Format.HTML
    if _FEED.match(beginning):
        return Format.FEED
    return Format.JSON if _JSON.match(beginning) else Format.TEXT


def format_of(name: str, stream: BinaryIO, *, longest_line: int) -> Format:
    """The format of a file by its suffix, unless its content clearly shows another one.

    Content decides for formats with their own first bytes (PDF, EPUB, DOCX, WARC), and between JSON and JSONL. The stream
    is left at its beginning.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    sniffed, named = sniff(head), suffix_format(name)
    if sniffed is Format.DOCX and named is Format.EPUB:  # both are ZIP, and some EPUB files lack their mark
        return named
    if sniffed in _WITH_MARK:
        return sniffed
    chosen = named or sniffed
    if chosen in (Format.JSON, Format.JSONL):
        chosen = _json_kind(stream, chosen, longest_line)
        stream.seek(0)
    return chosen


def _json_kind(stream: BinaryIO, named: Format, longest_line: int) -> Format:
    """JSONL if the first line is a whole object and the suffix says so or more lines follow; else JSON."""
    line = _first_line(stream, longest_line)
    if line is None:
        return named
    first = line.decode(byte_order_mark(line) or "utf-8", errors="replace").strip()
    try:
        alone = isinstance(parse_json(first), dict)
    except ValueError:
        broken_across_lines = first == "{" or first.startswith("[")
        return Format.JSON if broken_across_lines else named
    if named is Format.JSONL and alone:
        return Format.JSONL
    return Format.JSONL if alone and _first_line(stream, longest_line) is not None else Format.JSON


def _first_line(stream: BinaryIO, longest: int) -> bytes | None:
    """The next line that is not blank; None without one, and behind many blank ones, which no reader takes."""
    for _ in range(MOST_BLANK_LINES):
        line = stream.readline(longest)
        if not line or line.strip(b"\x00 \t\r\n"):
            return line or None
    return None
