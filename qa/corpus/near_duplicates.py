"""Texts → which of them are near-duplicates, ignoring white space, punctuation and letter case.

MinHash proposes the pairs to compare; `similarity` decides. Texts with identical words share a `words_key`.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qa.base.writing_systems import WITHOUT_BLANKS

# Chosen on dev/news_bbc by tests/quality/duplicates.py, with three words in a row. All pairs above it were reports of one
# event that share most of their sentences. Between 0.4 and 0.5 some pairs are two separate reports.
SIMILAR = 0.5
_WORDS_IN_A_ROW = 3
# A pair of similarity s shares a band with a probability of 1 - (1 - s^4)^32: .87 at .5, .99 at .6, .00 at .05.
_BANDS = 32
_HASHES_IN_A_BAND = 4

# A run of letters and digits; in scripts without blanks between words, each character.
_WORD = re.compile(rf"[{WITHOUT_BLANKS}]|[^\W_{WITHOUT_BLANKS}]+")

Shingles = frozenset[str]


def words(text: str) -> list[str]:
    """The text's words, case-folded, without punctuation."""
    return _WORD.findall(text.casefold())


def words_key(text: str) -> int | None:
    """A signed 64-bit hash of the text's words in order; None for a text without words."""
    listed = words(text)
    return _integer(" ".join(listed).encode()) if listed else None


def shingles(text: str) -> Shingles:
    """Every three words in a row; one shingle of all words if there are fewer."""
    listed = words(text)
    if len(listed) < _WORDS_IN_A_ROW:
        return frozenset([" ".join(listed)] if listed else [])
    return frozenset(" ".join(three) for three in zip(listed, listed[1:], listed[2:], strict=False))


def similarity(one: Shingles, other: Shingles) -> float:
    """Jaccard similarity, 0 to 1: shared shingles / all shingles. Source: Broder, SEQUENCES 1997, "resemblance"."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def bands(of: Shingles) -> list[int]:
    """32 signed 64-bit numbers. Texts that are similar enough usually share at least one, others hardly ever.

    Source: MinHash with bands, Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4.
    """
    if not of:
        return []
    rows = _signature(of).reshape(_BANDS, _HASHES_IN_A_BAND)
    return [_integer(bytes([number]) + row.tobytes()) for number, row in enumerate(rows)]


def _signature(of: Shingles) -> NDArray[np.uint32]:
    """(128,) for each of as many permutations of all 32-bit numbers the least to which a shingle is taken.

    It is what datasketch 2 makes of the scheme "affine32" and the seed 1, bit for bit: stores hold what is made of it.
    """
    firsts = b"".join(hashlib.sha1(one.encode(), usedforsecurity=False).digest()[:4] for one in of)
    mixed = _mixed(np.frombuffer(firsts, "<u4"))
    factors, addends = _permutations()
    least: NDArray[np.uint32] = (mixed[:, None] * factors + addends).min(axis=0)
    return least


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's last step: each bit of a number depends on all of its bits."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        numbers = (numbers ^ (numbers >> np.uint32(shift))) * np.uint32(factor)
    return numbers


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """(128,) factors, which are odd, and (128,) addends: a number times the one plus the other, modulo 2^32."""
    drawn = np.random.RandomState(1)  # its numbers stay the same in all versions of numpy
    count = _BANDS * _HASHES_IN_A_BAND
    factors = drawn.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, count, dtype=np.uint32)


def _integer(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True)
