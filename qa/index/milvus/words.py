"""Terms ↔ the words that Milvus indexes: ours are analysed already, so that both engines find the same.

Milvus' standard analyzer splits at all but letters and digits, and folds case. A word is therefore the two letters of its
field, so that "die" in German is not "die" in English, then the term itself. A term that is not of ASCII letters and digits
alone is written as the digits of its UTF-8: the analyzer would split some scripts inside a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.index.postings import FIELD_LETTERS

_PLAIN_TERM = re.compile("[a-z0-9]+")
_LONGEST = 65_000  # bytes of the words of a passage; a field of Milvus holds 65,535


def word_of(field: str, term: str) -> str:
    """The word that stands for a term of this field."""
    if _PLAIN_TERM.fullmatch(term):
        return f"{FIELD_LETTERS[field]}a{term}"
    return f"{FIELD_LETTERS[field]}x{term.encode().hex()}"


def words_of(field: str, terms: Iterable[str]) -> str:
    """The terms as one text of words, in order. What is beyond 65,000 bytes is left out: no passage of a sane size is."""
    words = " ".join(word_of(field, term) for term in terms)
    return words if len(words) <= _LONGEST else words[: _LONGEST + 1].rpartition(" ")[0]
