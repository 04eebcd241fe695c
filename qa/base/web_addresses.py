"""Which addresses may be kept, and which may be linked: the same ones, looked at when they come in and when they are shown.

An index or a kept answer may be of somebody else's making: what is in it is not known to have come in through qa.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
_ARTICLES = "/articles/"  # qa's own pages of articles begin with it
_UNUSABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\\ufffd]")


def split_address(url: str) -> SplitResult:
    """The parts of a web address.

    Raises:
        ValueError: it is not an http or https address with a host, or holds a character that no address has.
    """
    unusable = _UNUSABLE.search(url)
    if unusable:
        raise ValueError(f"it holds {unusable[0]!r}")
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("it is not http or https")
    if not parts.hostname or parts.port == 0:
        raise ValueError("it has no host" if not parts.hostname else "its port is 0")
    return parts


def linkable(url: str | None) -> str | None:
    """The address if it may be linked; None for one such as `javascript:…`."""
    if url is None:
        return None
    try:
        split_address(url)
    except ValueError:
        return None
    return url


def own_page(link: str) -> str:
    """The link if it leads to a page of an article here, else that to the library."""
    return link if link.startswith(_ARTICLES) else "/library"
