"""A language as an article declares it, and as it was guessed → the code by which the article is read."""

from __future__ import annotations

import re

ENGLISH = "en"
_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)  # ISO 639-1, with a region or script behind it


def declared_code(declared: str | None) -> str | None:
    """ISO 639-1 in lower case, of a declared language such as "en" or "en-GB"; None where it is no such code."""
    code = _CODE.fullmatch(declared.strip()) if declared else None
    return code[1].lower() if code else None


def language_read(declared: str | None, guessed: str | None) -> str:
    """ISO 639-1 in lower case: the declared language, else the guessed one, else English."""
    return declared_code(declared) or guessed or ENGLISH
