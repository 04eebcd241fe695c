"""Bytes of an RSS or Atom feed → a draft for each of its entries (home of feedparser).

Many feeds contain only the beginning of each article; `is_whole` marks the entries with more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qa.corpus.formats.article_draft import ArticleDraft, Parse

_BEGINNING = "the feed gives no more than the beginning of this article"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. `is_whole`: the feed gives its content, not only a summary."""

    draft: ArticleDraft
    is_whole: bool


def read_feed(data: bytes, *, origin: str, parse: Parse) -> list[Entry]:
    """The entries that have text, in the feed's order.

    `parse` runs `extract` in the child process. ArticleError: it is not a feed, no entry has text, or it took too long.
    """
    reply = parse("feed", data, origin)
    return [_entry(number, fields) for number, fields in enumerate(json.loads(reply["entries"] or "[]"), start=1)]


def _entry(number: int, fields: dict[str, Any]) -> Entry:
    is_whole = bool(fields.pop("is_whole"))
    return Entry(ArticleDraft(**fields, record=number, notices=() if is_whole else (_BEGINNING,)), is_whole)


def extract(data: bytes) -> dict[str, str | None]:
    """The "entries", a JSON list of their fields; or the "problem" as text. Runs in the child process."""
    import feedparser

    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        return {"problem": "no RSS or Atom feed; expected XML that begins with <rss>, <feed> or <rdf:RDF>"}
    entries = [fields for entry in feed.entries if (fields := _fields(entry, feed.feed))]
    if not entries:
        cut = f" ({feed.bozo_exception})" if feed.bozo else ""
        return {"problem": f"none of its {len(feed.entries):,} entries has a text{cut}; expected a feed with articles"}
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
    from qa.corpus.formats.other_articles import drop_other_articles

    tree = tree_of(markup) if markup.strip() else None
    if tree is None:
        return ""
    drop_other_articles(tree)
    return text_of(tree)
