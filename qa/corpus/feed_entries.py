"""An entry of a fetched feed → a draft that belongs to the feed's own site, or to a site that the user lets the feed name.

An entry can name any address or id. Without this, a feed could replace the articles of other sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from qa.base.types import text_digest
from qa.corpus.articles import canonical_url
from qa.corpus.fetch import same_site
from qa.corpus.formats.article_draft import ArticleDraft

_LONGEST_NAME = 1_000  # characters of an entry's link or id that become a part of the article's id


def owned(draft: ArticleDraft, feed_url: str, *, may_name: Sequence[str] = ()) -> ArticleDraft:
    """The draft with an absolute link on the feed's site or below it, or on one of the sites that it `may_name`.

    Any other is known by the feed's address with the entry's link or id behind it, which no other article is known by.
    """
    name = draft.url or draft.given_id
    given_id = f"{canonical_url(feed_url)}#{_short(name)}" if name else None
    if draft.url is None:
        return replace(draft, given_id=given_id)
    try:
        link = urljoin(feed_url, draft.url)
        canonical_url(link)
    except ValueError:  # it is told when the article is made
        return replace(draft, given_id=given_id)
    if _may_bring(feed_url, link, may_name):
        return replace(draft, url=link, given_id=None)
    site = urlsplit(link).hostname
    left_out = (
        f"its link {link[:200]} is left out, since it names another site than the feed's; --feed-may-name {site}, or the "
        "setting feed_may_name, allows it"
    )
    return replace(draft, url=None, given_id=given_id, notices=(*draft.notices, left_out))


def _may_bring(feed_url: str, link: str, may_name: Sequence[str]) -> bool:
    host, named = _site(link), [site.removeprefix("www.") for site in may_name]
    return same_site(feed_url, link) or host in named or host.endswith(tuple(f".{site}" for site in (_site(feed_url), *named)))


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else text_digest(name.encode("utf-8", "replace").decode())
