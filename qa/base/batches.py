"""Inputs of a model by their lengths → batches for one forward pass each.

A row is filled up to a length that follows from its own alone. How far it is filled up changes its result in the last digits;
what stands beside it does not. So the same input gives the same result whatever else is computed with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are filled up to the same `length`, in tokens."""

    rows: list[int]
    length: int


def batches(lengths: Sequence[int], *, most_tokens: int, longest: int) -> Iterator[Batch]:
    """All rows, the shortest first, in batches of at most so many tokens, filling included, or of one row.

    `longest` is how many tokens the model takes; none of `lengths` is over it.
    """
    filled = [min(longest, _filled(length)) for length in lengths]
    order = sorted(range(len(lengths)), key=lambda row: (filled[row], row))
    first = 0
    while first < len(order):
        length = filled[order[first]]
        behind = first + 1
        while behind < len(order) and filled[order[behind]] == length and (behind + 1 - first) * length <= most_tokens:
            behind += 1
        yield Batch(order[first:behind], length)
        first = behind


def _filled(length: int) -> int:
    """Of a text of 64 tokens or more, at most a fifth is filling."""
    step = 8 if length < 64 else 16 if length < 128 else 32
    return max(1, -(-length // step)) * step
