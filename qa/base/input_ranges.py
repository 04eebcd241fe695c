"""What the linear layers of a BERT are given → the ranges that their 8-bit integers need, and the file of these.

The file has a float16 tensor (2, k) for each input of k channels: the lowest numbers and the highest. Where all channels have one
range, it is (2, 1).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from qa.base.bert import Bert
from qa.base.checkpoints import check_digest, write_with_digest
from qa.base.errors import ModelError
from qa.base.int8_layers import ATTENTION, INPUTS, MIDDLE, Range, Ranges

RANGES_FILE = "input_ranges.safetensors"
_DIGEST_FILE = "input_ranges.sha256"


@contextlib.contextmanager
def watched(body: Bert, *, middle_by_channel: bool) -> Iterator[dict[str, Range]]:
    """The ranges of everything that the model computes meanwhile, in float32; in the middle, by channel or one for all."""
    seen: dict[str, Range] = {}
    hooks = []
    for number, layer in enumerate(body.encoder.layer):
        for name in INPUTS:
            given = layer.get_submodule(f"{name}.query" if name == ATTENTION else name)
            hooks.append(
                given.register_forward_pre_hook(
                    _watcher(seen, f"{number}.{name}", by_channel=middle_by_channel or name != MIDDLE)
                )
            )
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def has_ranges(folder: Path) -> bool:
    """Whether a model's folder has the file."""
    return (folder / RANGES_FILE).exists()


def read_ranges(folder: Path, *, noun: str, advice: str) -> Ranges:
    """Those of a model's folder. `noun` and `advice` are words of the error message.

    Raises:
        ModelError: the file is missing or damaged.
    """
    path = folder / RANGES_FILE
    check_digest(path, folder / _DIGEST_FILE, noun=noun, holds="input ranges", advice=advice)
    try:
        return {name: Range(*tensor.float()) for name, tensor in load_file(path).items()}
    except (SafetensorError, TypeError) as error:
        raise ModelError(f"{path} does not hold the input ranges of a {noun}: {error!r}. {advice}") from error


def write_ranges(ranges: Ranges, folder: Path) -> None:
    """Write the file, and its SHA-256 beside it."""
    tensors = {name: torch.stack(seen).to(torch.float16) for name, seen in ranges.items()}
    write_with_digest(save(tensors), folder / RANGES_FILE, folder / _DIGEST_FILE)


def _watcher(seen: dict[str, Range], name: str, *, by_channel: bool) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    def watch(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        numbers = given[0].reshape(-1, given[0].shape[-1] if by_channel else 1)
        low, high = numbers.amin(dim=0), numbers.amax(dim=0)
        known = seen.get(name, Range(low, high))
        seen[name] = Range(torch.minimum(known.low, low), torch.maximum(known.high, high))

    return watch
