"""Bytes of an RSS or Atom feed → a draft for each of its entries (home of feedparser).

Many feeds carry no more than the beginning of an article: `is_whole` says of an entry whether it is more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qa.corpus.formats.article_draft import Draft, Parse

_BEGINNING = "the feed gives no more than the beginning of this article"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. `is_whole` where the feed gives its content, and not a summary alone."""

    draft: Draft
    is_whole: bool


def read_feed(data: bytes, *, origin: str, parse: Parse) -> list[Entry]:
    """The entries that have words, in the feed's order.

    `parse` runs `extract` in the child process. ArticleError: no feed, none of its entries has words, or it took too long.
    """
    found = parse("feed", data, origin)
    return [_entry(number, fields) for number, fields in enumerate(json.loads(found["entries"] or "[]"), start=1)]


def _entry(number: int, fields: dict[str, Any]) -> Entry:
    is_whole = bool(fields.pop("is_whole"))
    return Entry(Draft(**fields, record=number, notices=() if is_whole else (_BEGINNING,)), is_whole)


def extract(data: bytes) -> dict[str, str | None]:
    """The "entries", JSON of a list of their fields; or the "problem" in words. Runs in the child process."""
    import feedparser

    found = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not found.get("version"):
        return {"problem": "no RSS or Atom feed; expected XML that begins with <rss>, <feed> or <rdf:RDF>"}
    entries = [fields for entry in found.entries if (fields := _fields(entry, found.feed))]
    if not entries:
        cut = f" ({found.bozo_exception})" if found.bozo else ""
        return {"problem": f"none of its {len(found.entries):,} entries has a text{cut}; expected a feed with articles"}
    return {"entries": json.dumps(entries)}


def _fields(entry: Any, feed: Any) -> dict[str, object] | None:
    contents = [str(content.get("value") or "") for content in entry.get("content", ())]
    content, summary = _plain(max(contents, key=len, default="")), _plain(str(entry.get("summary") or ""))
    text = content if len(content) >= len(summary) else summary
    if not text:
        return None
    return {
        "text": text,
        "title": _plain(str(entry.get("title") or "")) or None,
        "given_id": None if entry.get("link") else entry.get("id"),
        "url": entry.get("link"),
        "source": (entry.get("source") or {}).get("title") or feed.get("title"),
        "author": entry.get("author") or feed.get("author"),
        "published_at": entry.get("published") or entry.get("updated"),
        "language": feed.get("language"),
        "is_whole": bool(content) and len(content) >= len(summary),
    }


def _plain(markup: str) -> str:
    from qa.corpus.formats.html_text import text_of, tree_of

    tree = tree_of(markup) if markup.strip() else None
    return "" if tree is None else text_of(tree)
