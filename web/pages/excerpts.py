"""An article's text → the one line of it that a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.base.types import Article, Span
from qa.corpus.display.displayed import Displayed

_LONGEST = 200  # characters; a page cuts the line where it ends
_BEFORE = 20  # characters before a word that was searched for


def excerpt(article: Article, words: Sequence[str] = ()) -> str:
    """The beginning of the text, or what stands around the first of the words that is in it."""
    text = article.text
    folded = text.casefold() if words else ""
    at = min((place for place in (folded.find(word.casefold()) for word in words) if place >= 0), default=0)
    if at <= _BEFORE:
        return _line(article, _behind_title(article))
    return "… " + _line(article, text.find(" ", at - _BEFORE, at) + 1 or at - _BEFORE)


def _behind_title(article: Article) -> int:
    """Where the text goes on behind a first line that is the title, which a list shows already; else 0."""
    end = article.text.find("\n") + 1
    if not end:
        return 0
    first = _line(replace(article, text=article.text[:end]), 0)
    return end if first == article.title and article.text[end:].strip() else 0


def _line(article: Article, start: int) -> str:
    """What begins here, without the marks of Markdown. Only the lines around it are looked at for these."""
    end = min(len(article.text), start + 2 * _LONGEST)
    first = max(article.text.rfind("\n", 0, start) + 1, start - _LONGEST, 0)
    around = replace(article, text=article.text[first:end])
    shown = Displayed(around).words(Span(start - first, end - first)) if article.is_markdown else article.text[start:end]
    return " ".join(shown.split())[:_LONGEST]
