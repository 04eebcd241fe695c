"""Pairs → batches of windows of like length, in an order that a seed fixes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.answer.windows import Window, windows
from qa.training.pairs import Example, Pair

_TOKENIZED = 1_000  # pairs at a time: what the tokenizer gives is a hundred times as large as what is kept of it
_BLOCK = 64  # batches that are sorted by length together, so that each epoch still comes in another order


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window with the tokens (t,) that an answer begins and ends at; where it holds none, both are the first token."""

    window: Window
    begins: NDArray[np.bool_]
    ends: NDArray[np.bool_]


def labelled(tokenizer: Any, pairs: Sequence[Pair], *, most_tokens: int) -> list[Labelled]:
    """The windows of all pairs. A window that cuts an answer in two is left out: it neither holds it nor lacks it."""
    labels: list[Labelled] = []
    for first in range(0, len(pairs), _TOKENIZED):
        part = pairs[first : first + _TOKENIZED]
        made = windows(tokenizer, [pair.question for pair in part], [pair.passage for pair in part], most_tokens=most_tokens)
        found = (_label(window, pair) for pair, held in zip(part, made, strict=True) for window in held)
        labels += [label for label in found if label is not None]
    return labels


def _label(window: Window, pair: Pair) -> Labelled | None:
    begins, ends = np.zeros(window.length, bool), np.zeros(window.length, bool)
    is_cut = False
    for answer in pair.answers:
        inside = np.flatnonzero((window.starts < answer.end) & (window.ends > answer.start) & (window.starts >= 0))
        if not inside.size:
            continue
        first, last = inside[0], inside[-1]
        if window.starts[first] <= answer.start and window.ends[last] >= answer.end:
            begins[first] = ends[last] = True
        else:
            is_cut = True
    if not begins.any():
        if is_cut:
            return None
        begins[0] = ends[0] = True
    return Labelled(window, begins, ends)


def pairs_of_epoch(examples: Sequence[Example], *, near_misses: float, random_: random.Random) -> list[Pair]:
    """One right passage of each example that has one, and so many near misses for each on average, chosen anew."""
    chosen: list[Pair] = []
    for example in examples:
        if example.right:
            chosen.append(random_.choice(example.right))
        count = int(near_misses + random_.random()) if example.right else max(1, round(near_misses))
        chosen += random_.sample(example.near_misses, k=min(count, len(example.near_misses)))
    return chosen


def batches(labels: Sequence[Labelled], *, size: int, random_: random.Random) -> Iterator[list[Labelled]]:
    """All windows in batches of like length, shuffled."""
    order = list(range(len(labels)))
    random_.shuffle(order)
    made: list[list[int]] = []
    for first in range(0, len(order), size * _BLOCK):
        block = sorted(order[first : first + size * _BLOCK], key=lambda which: labels[which].window.length)
        made += [block[start : start + size] for start in range(0, len(block), size)]
    random_.shuffle(made)
    return ([labels[which] for which in batch] for batch in made)
