"""Questions with their passages → batches of windows of similar length, in an order that a seed fixes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.answer.token_windows import Window, windows
from qa.training.pairs import Example, Pair
from qa.training.unanswerable import unanswerable

_TOKENIZED = 400  # questions at a time: the tokenizer returns a hundred times as much as is kept
_BLOCK = 64  # batches that are sorted by length together, so that each epoch still comes in another order


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window with the tokens (t,) that an answer begins and ends at; where it holds none, both are the first token."""

    window: Window
    begins: NDArray[np.bool_]
    ends: NDArray[np.bool_]

    @property
    def has_answer(self) -> bool:
        return not self.begins[0]


def labelled(tokenizer: Any, groups: Sequence[Sequence[Pair]], *, most_tokens: int) -> list[list[Labelled]]:
    """The windows of each group of pairs; groups without windows are left out.

    A window that cuts an answer in two is left out: it neither contains nor lacks it.
    """
    made: list[list[Labelled]] = []
    for first in range(0, len(groups), _TOKENIZED):
        made += _labelled(tokenizer, groups[first : first + _TOKENIZED], most_tokens)
    return made


def _labelled(tokenizer: Any, groups: Sequence[Sequence[Pair]], most_tokens: int) -> Iterator[list[Labelled]]:
    pairs = [pair for group in groups for pair in group]
    made = windows(tokenizer, [pair.question for pair in pairs], [pair.passage for pair in pairs], most_tokens=most_tokens)
    labels = [
        [label for window in some if (label := _label(window, pair)) is not None] for pair, some in zip(pairs, made, strict=True)
    ]
    bounds = np.cumsum([0, *map(len, groups)]).tolist()
    for first, last in pairwise(bounds):
        held = [label for some in labels[first:last] for label in some]
        if held:
            yield held


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


def groups_of_epoch(
    examples: Sequence[Example], *, near_misses: float, made_unanswerable: float, random_: random.Random
) -> list[list[Pair]]:
    """A group for each example: a right passage, where it has one, and near misses; both are chosen again for each epoch.

    `near_misses` is how many there are on average. `made_unanswerable` is how many questions are made unanswerable on
    average for each right passage; each is a group of its own.
    """
    groups: list[list[Pair]] = []
    for example in examples:
        count = int(near_misses + random_.random()) if example.right else max(1, round(near_misses))
        group = random_.sample(example.near_misses, k=min(count, len(example.near_misses)))
        if example.right:
            right = random_.choice(example.right)
            group.insert(0, right)
            made = unanswerable(right, random_) if random_.random() < made_unanswerable else None
            if made is not None:
                groups.append([made])
        if group:
            groups.append(group)
    return groups


def batches(groups: Sequence[list[Labelled]], *, size: int, random_: random.Random) -> Iterator[list[list[Labelled]]]:
    """All groups in shuffled batches of at least `size` windows of similar length; the last of a block may be smaller."""
    order = list(groups)
    random_.shuffle(order)
    made: list[list[list[Labelled]]] = []
    for block in _filled(order, size * _BLOCK):
        block.sort(key=lambda group: max(label.window.length for label in group))
        made += _filled(block, size)
    random_.shuffle(made)
    return iter(made)


def _filled(groups: Sequence[list[Labelled]], windows_: int) -> Iterator[list[list[Labelled]]]:
    """The groups in parts of at least this many windows; the last one may be smaller."""
    part: list[list[Labelled]] = []
    count = 0
    for group in groups:
        part.append(group)
        count += len(group)
        if count >= windows_:
            yield part
            part, count = [], 0
    if part:
        yield part
