"""A reader and groups with near misses to spare → groups of the ones that it takes most for answers."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from torch import Tensor

from qa.answer.reader_weights import ReaderNetwork
from qa.base.protocols import WordVectors
from qa.training.groups import Group, Kind, Window
from qa.training.losses import Judged, Labels
from qa.training.reader_model import Batch, judge, parts_of

SPARE = 4  # near misses of each group that are read and left out
_SPAN_WEIGHT = 0.3  # beside the relevance


def with_own_errors(
    network: ReaderNetwork, groups: Sequence[Group], words: WordVectors, *, size: int, random_: random.Random, device: str
) -> list[list[Window]]:
    """The groups with at most `size` windows: of the near misses half by chance, the others those that the reader likes best."""
    chosen: list[list[Window]] = []
    for part in parts_of(groups, device):
        batch = Batch.of(part, words, device)
        likings = liking(judge(network, batch), batch.labels).tolist()
        for group in part:
            own, likings = likings[: len(group)], likings[len(group) :]
            chosen.append(_chosen(group, own, size, random_))
    return chosen


def liking(judged: Judged, labels: Labels) -> Tensor:
    """(n,) how much the reader takes each window for an answer."""
    return judged.relevance + _SPAN_WEIGHT * (best_span(judged, labels) - judged.begins[:, 0] - judged.ends[:, 0])


def best_span(judged: Judged, labels: Labels) -> Tensor:
    """(n,) the score of the best span in the passage, however long."""
    begins, ends = (logits.masked_fill(~labels.is_text, -torch.inf) for logits in (judged.begins, judged.ends))
    later = ends.flip(1).cummax(dim=1).values.flip(1)  # (n, t) the best end at a token or behind it
    return (begins + later).amax(dim=1)


def _chosen(group: Group, likings: Sequence[float], size: int, random_: random.Random) -> list[Window]:
    misses = [row for row, window in enumerate(group) if window.kind is Kind.MISS]
    kept = [window for window in group if window.kind is not Kind.MISS]
    room = max(0, size - len(kept))
    random_.shuffle(misses)
    by_chance, others = misses[: room - room // 2], misses[room - room // 2 :]
    others.sort(key=lambda row: -likings[row])
    return kept + [group[row] for row in (by_chance + others)[:room]]
