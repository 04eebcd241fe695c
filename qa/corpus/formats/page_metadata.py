"""An HTML page → the metadata in its JSON-LD (schema.org), OpenGraph and meta elements, and its stated time of publication.

The publisher states these, so they go before what trafilatura finds. Its date is never used: it takes one from anywhere in the
page, such as a year in the text or beside "Copyright".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

_ARTICLES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle "
    "BlogPosting LiveBlogPosting TechArticle ScholarlyArticle Report".split()
)
# Names of meta elements for the time of publication, the clearest first. "date" is the document's own date.
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "citation_publication_date"),
    *("dc.date.issued", "dcterms.issued", "sailthru.date", "publication_date", "publish-date", "publishdate", "pubdate"),
    *("date", "dc.date"),
)
# Classes that themes of WordPress and microformats (hAtom, h-entry) give to the time of publication.
_PUBLISHED_CLASSES = frozenset("published dt-published entry-date pubdate pub-date publish-date post-date".split())
_NOT_THIS_ARTICLE = frozenset("aside nav footer".split())  # elements that hold the dates of other articles, or of the site


def page_metadata(page: str) -> dict[str, str | None]:
    """title, author, published_at, source, language and url; None for what the page does not give."""
    try:
        tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # an empty page
        return {}
    meta = _meta(tree)
    article = next(_articles(tree), {})
    return {
        "title": _text(article.get("headline")) or meta.get("og:title"),
        "author": ", ".join(dict.fromkeys(_names(article.get("author")))) or meta.get("author"),
        "published_at": _text(article.get("datePublished"))
        or next((meta[name] for name in _PUBLISHED if name in meta), None)
        or _time_of_publication(tree),
        "source": next(_names(article.get("publisher")), None) or meta.get("og:site_name"),
        "language": _text(article.get("inLanguage")) or tree.get("lang") or meta.get("og:locale"),
        "url": _canonical(tree) or meta.get("og:url"),
    }


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """The first content of each name, property or itemprop, in lower case."""
    contents: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                contents.setdefault(name, content)
    return contents


def _time_of_publication(tree: html.HtmlElement) -> str | None:
    """The first time in the page that is marked as that of publication: by itemprop, `pubdate` or a class."""
    for element in tree.iter(etree.Element):
        if _is_publication(element) and _NOT_THIS_ARTICLE.isdisjoint(above.tag for above in element.iterancestors()):
            stated = element.get("datetime") or element.get("content") or element.text_content()
            return " ".join(stated.split()) or None
    return None


def _is_publication(element: html.HtmlElement) -> bool:
    if (element.get("itemprop") or "").strip().lower() == "datepublished":
        return True
    if element.tag != "time":
        return False
    return "pubdate" in element.attrib or not _PUBLISHED_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def _canonical(tree: html.HtmlElement) -> str | None:
    links = (element.get("href") for element in tree.iter("link") if "canonical" in (element.get("rel") or "").lower().split())
    return next((link.strip() for link in links if link and link.strip()), None)


def _articles(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that are articles, in the page's order. Blocks that are not JSON are skipped."""
    for element in tree.iter("script"):
        if (element.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            held = json.loads(element.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(held):
            kinds = one.get("@type")
            if not _ARTICLES.isdisjoint(
                kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
            ):
                yield one


def _objects(held: Any) -> Iterator[dict[str, Any]]:
    """The object itself, or the objects of a list or a graph."""
    for one in held if isinstance(held, list) else [held]:
        if isinstance(one, dict):
            yield one
            graph = one.get("@graph")
            yield from (node for node in (graph if isinstance(graph, list) else []) if isinstance(node, dict))


def _names(held: Any) -> Iterator[str]:
    """Names of people or an organisation: a text, an object with a name, or a list of these."""
    for one in held if isinstance(held, list) else [held]:
        name = _text(one.get("name") if isinstance(one, dict) else one)
        if name and not name.lower().startswith(("http://", "https://")):
            yield name


def _text(value: Any) -> str | None:
    return (" ".join(value.split()) or None) if isinstance(value, str) else None
