"""Texts → which of them are copies of one another, whatever their white space, marks and capital letters.

MinHash finds the pairs that are worth comparing; `similarity` decides. Identical words are found by their key.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from qa.base.writing_systems import WITHOUT_BLANKS

if TYPE_CHECKING:
    from datasketch import MinHash

# Chosen on dev/news_bbc by tests/quality/duplicates.py: with three words in a row, texts at least so similar were all reports
# of one event that share most of their sentences; between 0.4 and 0.5 they begin to be two reports.
SIMILAR = 0.5
_WORDS_IN_A_ROW = 3
# A pair of similarity s shares a band with a probability of 1 - (1 - s^4)^32: .87 at .5, .99 at .6, .00 at .05.
_BANDS = 32
_HASHES_IN_A_BAND = 4

# A run of letters and digits; where no blanks are written between words, each character.
_WORD = re.compile(rf"[{WITHOUT_BLANKS}]|[^\W_{WITHOUT_BLANKS}]+")

Shingles = frozenset[str]


def words(text: str) -> list[str]:
    """The text's words, case folded, without marks."""
    return _WORD.findall(text.casefold())


def words_key(text: str) -> int | None:
    """64 bits, signed, that are equal where the words are; None for a text without words."""
    found = words(text)
    return _integer(" ".join(found).encode()) if found else None


def shingles(text: str) -> Shingles:
    """Every three words in a row; all words together where there are fewer."""
    found = words(text)
    if len(found) < _WORDS_IN_A_ROW:
        return frozenset([" ".join(found)] if found else [])
    return frozenset(" ".join(three) for three in zip(found, found[1:], found[2:], strict=False))


def similarity(one: Shingles, other: Shingles) -> float:
    """The share of all their shingles that both have, 0 to 1 (Jaccard). Source: Broder, SEQUENCES 1997, "resemblance"."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def bands(of: Shingles) -> list[int]:
    """32 numbers of 64 bits, signed; texts that are similar enough share at least one, most others none.

    Source: MinHash with bands, Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4.
    """
    if not of:
        return []
    signature = _empty_signature().copy()
    signature.update_batch([one.encode() for one in of])
    rows = signature.hashvalues.reshape(_BANDS, _HASHES_IN_A_BAND)
    return [_integer(bytes([number]) + row.tobytes()) for number, row in enumerate(rows)]


@cache
def _empty_signature() -> MinHash:
    from datasketch import MinHash  # scipy comes with it

    return MinHash(_BANDS * _HASHES_IN_A_BAND, seed=1, scheme="affine32")


def _integer(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True)
