"""Counts of the parts of a set that could not be used → its notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

_EXAMPLES = 3


class Tally:
    """Counts by sort, in the order in which the sorts were first met, with the first three examples of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, sort: str, examples: Iterable[str]) -> None:
        """Count each example; none of them makes no note."""
        for example in examples:
            self._counts[sort] += 1
            if self._counts[sort] <= _EXAMPLES:
                self._examples.setdefault(sort, []).append(example)

    def notes(self) -> tuple[str, ...]:
        """One line a sort: what it is, how many, which for example."""
        return tuple(_note(sort, count, self._examples[sort]) for sort, count in self._counts.items())


def _note(sort: str, count: int, examples: Sequence[str]) -> str:
    more = ", …" if count > len(examples) else ""
    return f"{sort}: {count:,} ({', '.join(examples)}{more})"
