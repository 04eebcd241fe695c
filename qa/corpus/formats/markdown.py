"""Bytes of Markdown → one draft; the text is the source itself, without the front matter."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.corpus.decode import decode, newlines_to_lf
from qa.corpus.display.blocks import heading_words
from qa.corpus.display.displayed import shown_line
from qa.corpus.formats.article_draft import ArticleDraft
from qa.corpus.formats.record_fields import draft_of, field_of

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n((?:[^\n]*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n+|\Z)")
_PAIR = re.compile(r"([A-Za-z_][\w -]*):(?:[ \t]+(.*))?$")
_LIST_ITEM = re.compile(r"\s*-\s+(.+)$")
_HEADING = re.compile(r"^ {0,3}#[ \t]++(.+)$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1", re.MULTILINE | re.DOTALL)


def read_markdown(data: bytes, *, origin: str) -> ArticleDraft:
    """The file as one article. `key: value` lines between two `---` at its top are fields, not text.

    The title comes from the front matter, else from the first heading of level one.
    """
    source = newlines_to_lf(decode(data, origin=origin))
    fields, text = _front_matter(source)
    if not text.strip():
        return ArticleDraft(text)  # make_article refuses an empty text
    draft = replace(draft_of({**fields, "text": text}), is_markdown=True)
    return draft if draft.title else replace(draft, title=title_of(text))


def title_of(text: str) -> str | None:
    """The first heading of level one, without its marks."""
    headings = (heading_words(line[1]) for line in _HEADING.finditer(_FENCE.sub("", text)))
    return next((shown_line(heading) for heading in headings if heading), None)


def _front_matter(source: str) -> tuple[dict[str, object], str]:
    """(fields of the front matter, the text after it). A block without any `key: value` line is text."""
    block = _FRONT_MATTER.match(source)
    if block is None:
        return {}, source
    fields: dict[str, object] = {}
    last: str | None = None
    known = False
    for line in block[1].splitlines():
        pair, item = _PAIR.match(line), _LIST_ITEM.match(line)
        if pair:
            last, known = pair[1], True
            if field_of(last) != "text":
                fields[last] = _value(pair[2] or "")
        elif item and last is not None:
            before = fields.get(last)
            fields[last] = [*(before if isinstance(before, list) else []), _value(item[1])]
    return (fields, source[block.end() :]) if known else ({}, source)


def _value(text: str) -> object:
    """A plain value without its quotation marks; `[a, b]` as a list."""
    stripped = text.strip()
    if stripped.startswith("[") and stripped.endswith("]"):
        return [_value(part) for part in stripped[1:-1].split(",")]
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return stripped[1:-1]
    return stripped
