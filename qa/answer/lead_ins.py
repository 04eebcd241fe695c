"""A quote that goes on from what was said before it → how much of that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.base.types import Span

MOST_SENTENCES = 4  # looked back for what a word such as "She" means
MOST_BEFORE = 1_000  # characters of what stands before a quote; a line of a table or of code may be of any length
_BEGINS = re.compile(r"[\s\"'(\[“‘«]*(?:he|she|it|they|this|these|that|those|his|her|their|its)\b", re.IGNORECASE)
_SPEAKS = re.compile(r"[\"”’»],? (?:he|she|they) [a-z]+")  # “It took a year,” she said
_SOMEBODY = re.compile(r"\b(?:he|she|him|his|her|hers)\b")
_NAME = re.compile(  # a capital within the sentence
    r"(?<=[\w,;:’'”\")] )[\"“(]?(?!(?:I|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b)[A-Z]"
)


def goes_on(quote: str) -> bool:
    """Whether the quote needs what was said before it: it begins with a word such as "She", or names nobody for one. English."""
    if _BEGINS.match(quote) or _SPEAKS.search(quote):
        return True
    return _SOMEBODY.search(quote) is not None and _NAME.search(quote) is None


def lead_in(quote: str, text: str, before: Sequence[Span]) -> str | None:
    """The text before a quote from the nearest sentence on that does not go on itself; None for a quote that does not.

    `before` are the sentences before the quote in their order. Where none of them stands alone, the last one leads in. Of a long
    lead-in, its end is given.
    """
    if not before or not goes_on(quote):
        return None
    alone = next((span for span in reversed(before) if not goes_on(span.of(text))), before[-1])
    end = before[-1].end
    return text[max(alone.start, end - MOST_BEFORE) : end]
