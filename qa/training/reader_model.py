"""Groups of windows → what a reader in training says of them, on the device that trains it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from qa.answer.reader_weights import ReaderNetwork
from qa.answer.reader_windows import SPECIAL_TOKENS, tokens_before
from qa.base.arithmetic import has_bfloat16
from qa.base.protocols import WordVectors
from qa.training.groups import Group, Window
from qa.training.losses import Judged, Labels

_BATCH_TOKENS = {"cpu": 8_192, "cuda": 32_768}  # padded tokens in one pass forward and back, about 2 GB and 10 GB


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Whole groups as one input: (n, t, d) vectors of words, (n, t) which are tokens, and what is right."""

    vectors: Tensor
    is_token: Tensor
    labels: Labels

    @classmethod
    def of(cls, groups: Sequence[Group], words: WordVectors, device: str) -> Batch:
        inputs = [_ids(window, words) for group in groups for window in group]
        longest = max(len(ids) for ids, _ in inputs)
        ids = np.zeros((len(inputs), longest), np.int64)
        is_token, is_text = np.zeros_like(ids), np.zeros(ids.shape, bool)
        for row, (of_row, first) in enumerate(inputs):
            ids[row, : len(of_row)] = of_row
            is_token[row, : len(of_row)] = 1
            is_text[row, first : len(of_row) - 1] = True
        labels = Labels.of(groups, torch.from_numpy(is_text).to(device))
        return cls(torch.from_numpy(words.vectors(ids)).to(device), torch.from_numpy(is_token).to(device), labels)


def judged_by(network: ReaderNetwork, batch: Batch) -> Judged:
    """What the network says of a batch, in bfloat16 where the device has it."""
    device = batch.vectors.device.type
    with torch.autocast(device, torch.bfloat16) if has_bfloat16(device) else contextlib.nullcontext():
        found, early = network.with_early(batch.vectors, batch.is_token)
    return Judged(found.spans[..., 0].float(), found.spans[..., 1].float(), found.relevance.float(), early.float())


@torch.no_grad()
def judge(network: ReaderNetwork, batch: Batch) -> Judged:
    """The same without dropout, and without anything to learn from it."""
    was_training = network.training
    judged = judged_by(network.eval(), batch)
    network.train(was_training)
    return judged


def parts_of(groups: Sequence[Group], device: str) -> Iterator[list[Group]]:
    """The groups by length, in parts that the device reads at once; one group alone may be longer.

    English ones come first, so that a teacher of other languages need not read them.
    """
    part: list[Group] = []
    for group in sorted(groups, key=lambda group: (not group[0].is_english, _longest(group))):
        longest = max(map(_longest, [*part, group]))
        if part and sum(map(len, [*part, group])) * longest > _BATCH_TOKENS[device]:
            yield part
            part = []
        part.append(group)
    if part:
        yield part


def _longest(group: Group) -> int:
    return max(len(window.question) + len(window.title) + len(window.text) + SPECIAL_TOKENS for window in group)


def _ids(window: Window, words: WordVectors) -> tuple[list[int], int]:
    before = tokens_before(window.question, window.title, begin=words.begin, end=words.end)
    return [*before, *window.text, words.end], len(before)
