"""Development sets → how well a reader reads them, counted in tokens: to tell one training from another.

`tests/quality/` measures in words and over whole indexes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa.answer.reader_weights import ReaderNetwork
from qa.answer.span_decoding import LONGEST_ANSWER
from qa.base.protocols import WordVectors
from qa.evaluation.measures import auroc
from qa.training.examples import Example, Place, SetExamples
from qa.training.groups import Kind, Window, window_of
from qa.training.losses import Judged, Labels
from qa.training.reader_model import Batch, judge, parts_of

_QUESTIONS = 500  # of each set, evenly spread
_WINDOWS = 8  # of each
_NOWHERE = Place(-1, -2)  # in a passage without tokens

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SetFigures:
    """How well the questions of one set are read, each array (n,) over those with an answer.

    `exact`: the best span of the right passage is a judged one. `f1` is its F1 with the nearest judged one, in tokens. `first`:
    the right passage is the most relevant of eight. `answerable` is the AUROC of the best span less no answer, over all
    questions; NaN where all or none have an answer.
    """

    name: str
    exact: Floats
    f1: Floats
    first: Floats
    answerable: float


@dataclass(frozen=True, slots=True)
class _Read:
    """`score` is that of the best span in the first window less no answer, `is_first` whether this window is most relevant."""

    best: Place
    score: float
    is_first: bool


def measure(network: ReaderNetwork, sets: Sequence[SetExamples], words: WordVectors) -> list[SetFigures]:
    """The figures of each set that has examples."""
    return [_figures(network, one, words) for one in sets if one.examples]


def _figures(network: ReaderNetwork, of_set: SetExamples, words: WordVectors) -> SetFigures:
    device = next(network.parameters()).device.type
    step = max(1, len(of_set.examples) // _QUESTIONS)
    examples = of_set.examples[::step]
    groups = [_group(example, of_set) for example in examples]
    read: dict[int, _Read] = {}
    rows = {id(group): row for row, group in enumerate(groups)}
    for part in parts_of(groups, device):
        batch = Batch.of(part, words, device)
        judged = judge(network, batch)
        starts = np.cumsum([0, *map(len, part)]).tolist()
        for group, start in zip(part, starts, strict=False):
            read[rows[id(group)]] = _read(judged, batch.labels, start, start + len(group))
    placed = [(read[row], example.right[0].places) for row, example in enumerate(examples) if _has_places(example)]
    return SetFigures(
        of_set.name,
        np.array([one.best in places for one, places in placed], float),
        np.array([max(_f1(one.best, place) for place in places) for one, places in placed], float),
        np.array([read[row].is_first for row, example in enumerate(examples) if example.right], float),
        auroc(np.array([read[row].score for row in range(len(examples))]), np.array([bool(one.right) for one in examples])),
    )


def _has_places(example: Example) -> bool:
    return bool(example.right) and bool(example.right[0].places)


def _group(example: Example, of_set: SetExamples) -> list[Window]:
    """The right passage, where there is one, and near misses."""
    right = [(Kind.RELEVANT, one.passage) for one in example.right[:1]]
    misses = [(Kind.MISS, passage) for passage in example.near_misses]
    return [window_of(kind, example.question, of_set.passages[passage]) for kind, passage in (right + misses)[:_WINDOWS]]


def _read(judged: Judged, labels: Labels, first: int, end: int) -> _Read:
    begins, ends = judged.begins[first], judged.ends[first]
    text = labels.is_text[first].nonzero()[:, 0]
    is_first = int(judged.relevance[first:end].argmax()) == 0
    if not len(text):
        return _Read(_NOWHERE, -np.inf, is_first)
    scores = _spans(begins[text], ends[text]).flatten()
    at = int(scores.argmax())
    return _Read(Place(*divmod(at, len(text))), float(scores[at] - begins[0] - ends[0]), is_first)


def _spans(begins: Tensor, ends: Tensor) -> Tensor:
    """(t, t) the score of each span that is short enough."""
    scores = begins[:, None] + ends[None, :]
    may_be = torch.ones_like(scores, dtype=torch.bool).triu().tril(LONGEST_ANSWER - 1)
    return scores.masked_fill(~may_be, -torch.inf)


def _f1(one: Place, other: Place) -> float:
    same = max(0, min(one.last, other.last) - max(one.first, other.first) + 1)
    return 2 * same / (one.last - one.first + other.last - other.first + 2)
