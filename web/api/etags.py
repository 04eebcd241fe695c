"""ETags of texts, and the conditions of If-Match and If-None-Match (RFC 9110)."""

from __future__ import annotations

from web.problems import Problem


def etag_of(digest: str) -> str:
    """The ETag of the text with this digest."""
    return f'"{digest}"'


def is_named(etag: str, header: str) -> bool:
    """Whether the header names this ETag, quotes included, or is `*`."""
    return etag in header or header.strip() == "*"


def check_conditions(name: str, etag: str | None, *, if_match: str | None, if_none_match: str | None = None) -> None:
    """A Problem if a header forbids to change the article of this name. `etag` is its current one; None: there is no article."""
    there = f"The text of {name} has the ETag {etag}." if etag else f"There is no article {name!r}."
    if if_match is not None and (etag is None or not is_named(etag, if_match)):
        raise Problem("precondition-failed", there)
    if if_none_match is not None and etag is not None and is_named(etag, if_none_match):
        raise Problem("precondition-failed", there)
