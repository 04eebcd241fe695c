"""A record's names and values, with common spellings of the names → a draft."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from qa.corpus.formats.article_draft import ArticleDraft

# Accepted names, the preferred one first; compared without case, blanks, "_" and "-".
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "full_text", "article_body"),
    "title": ("title", "headline"),
    "id": ("id", "_id", "article_id", "guid", "uuid"),
    "url": ("url", "link", "canonical_url"),
    "source": ("source", "publisher", "site", "site_name", "outlet"),
    "author": ("author", "authors", "byline", "creator"),
    "published_at": (
        *("published_at", "published", "date_published", "publish_date", "publication_date", "pub_date"),
        *("date", "created_at"),
    ),
    "language": ("language", "lang"),
}


def folded(name: str) -> str:
    """The form of a name used for comparison."""
    return "".join(letter for letter in name.casefold() if letter not in " _-\ufeff").strip()


_FIELDS = {folded(name): (field, rank) for field, names in NAMES.items() for rank, name in enumerate(names)}


def field_of(name: str) -> str | None:
    """The article field of a column or key; None for an unknown name."""
    field, _ = _FIELDS.get(folded(name), (None, 0))
    return field


def draft_of(fields: Mapping[str, object], *, line: int | None = None, record: int | None = None) -> ArticleDraft:
    """The draft of a record. If two names stand for one field, the preferred one that has a value counts.

    Raises:
        ValueError: there is no text, or it is not a string; the message names the type or the keys.
    """
    values = _by_field(fields)
    text = values.get("text")
    if text is None:
        names = ", ".join(repr(name[:40]) for name in list(fields)[:20]) or "none"
        raise ValueError(f"no text; expected a field named {' or '.join(NAMES['text'])}, found {names}")
    if not isinstance(text, str):
        raise ValueError(f"the text is {_kind(text)}, expected a string")
    notices: list[str] = []
    return ArticleDraft(
        text,
        title=_text(values, "title", notices),
        given_id=_text(values, "id", notices),
        url=_text(values, "url", notices),
        source=_name(values, "source", notices),
        author=_names(values, notices),
        published_at=_date(values, notices),
        language=_text(values, "language", notices),
        line=line,
        record=record,
        notices=tuple(notices),
    )


def _by_field(fields: Mapping[str, object]) -> dict[str, object]:
    """Values by field, without null and blank strings."""
    best: dict[str, tuple[int, object]] = {}
    for name, value in fields.items():
        field, rank = _FIELDS.get(folded(name), (None, 0))
        if field is None or value is None or (isinstance(value, str) and not value.strip()):
            continue
        if field not in best or rank < best[field][0]:
            best[field] = (rank, value)
    return {field: value for field, (_, value) in best.items()}


def _text(values: Mapping[str, object], field: str, notices: list[str]) -> str | None:
    """A string, or a number as a string."""
    value = values.get(field)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return str(value)
    notices.append(f"the {field} is {_kind(value)} and is left out; expected a string")
    return None


def _name(values: Mapping[str, object], field: str, notices: list[str]) -> str | None:
    """A string, or the `name` of an object, as in feeds and schema.org."""
    value = values.get(field)
    return _text({field: value.get("name")} if isinstance(value, Mapping) else values, field, notices)


def _names(values: Mapping[str, object], notices: list[str]) -> str | None:
    """One author, or several joined by ", "."""
    value = values.get("author")
    listed: Sequence[object] = value if isinstance(value, list) else [value]
    names = [_name({"author": one}, "author", notices) for one in listed]
    return ", ".join(name.strip() for name in names if name and name.strip()) or None


def _date(values: Mapping[str, object], notices: list[str]) -> str | int | float | None:
    value = values.get("published_at")
    if value is None or isinstance(value, (str, int, float)):
        return value
    notices.append(f"the date is {_kind(value)} and is left out; expected a string or a number")
    return None


def _kind(value: object) -> str:
    kinds = {
        str: "a string",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return kinds.get(type(value), type(value).__name__)
