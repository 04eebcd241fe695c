"""Filters as somebody types them → checked filters: the same for the terminal, the web pages and the API."""

from __future__ import annotations

from collections.abc import Sequence

from qa.base.types import Filters
from qa.corpus.dates import as_of_day, first_day, last_day
from qa.corpus.decode import clean


def typed_filters(
    *,
    sources: Sequence[str] = (),
    article_ids: Sequence[str] = (),
    published_from: str | None = None,
    published_to: str | None = None,
    language: str | None = None,
    as_of: str | None = None,
) -> Filters:
    """The filters of these words. Days are days, months or years; an empty day or language is none.

    Raises:
        ValueError: a blank source or id, a day that is none, or days in the wrong order.
    """
    return Filters(
        sources=tuple(_named(name, "source", "a name such as cnn") for name in sources),
        article_ids=tuple(_named(id_, "article", "an id") for id_ in article_ids),
        published_from=first_day(_stripped(published_from)),
        published_to=last_day(_stripped(published_to)),
        language=_stripped(language) or None,
        as_of=as_of_day(_stripped(as_of)),
    )


def _named(written: str, what: str, expected: str) -> str:
    name = _stripped(written)
    if not name:
        raise ValueError(f"the {what} {written!r} is blank; expected {expected}, or no filter by {what}")
    return name


def _stripped(written: str | None) -> str:
    return clean(written or "").strip()
