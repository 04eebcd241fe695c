"""A quote that goes on from the sentence before it → that sentence."""

from __future__ import annotations

import re

from qa.api.citation import CitationShape

# Words that name somebody or something said before. English, as the reader is; behind opening quotation marks too.
_GOES_ON = re.compile(r"[\s\"'(\[“‘«]*(?:he|she|it|they|this|these|that|those|his|her|their|its)\b", re.IGNORECASE)


def lead_in(citation: CitationShape) -> str | None:
    """The sentence before the quote, where the quote begins with a word such as "She"; it is no part of the quote."""
    return citation.text_before if _GOES_ON.match(citation.cited_text) else None
