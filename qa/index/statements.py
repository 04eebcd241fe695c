"""Many values → statements that each name some of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_AT_ONCE = 500  # values named in one statement


def in_groups(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Groups small enough to be named in one statement."""
    remaining = iter(values)
    while group := tuple(islice(remaining, _AT_ONCE)):
        yield group


def marks(values: Sequence[object]) -> str:
    """A question mark for each."""
    return ", ".join("?" * len(values))
