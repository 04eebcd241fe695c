"""What a training begins with: a reader to train on, or the encoder's own layers with new heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from qa.answer.reader_files import is_like_the_packaged, reader_folder
from qa.answer.reader_weights import ReaderNetwork, network_of, read_weights
from qa.base.errors import ModelError, SettingsError
from qa.base.settings import PACKAGED_READER
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.packaged_words import PackagedWords
from qa.index.quantised_model import layer_weights, opened

_EARLY = (3, 4, 6)  # layers after which a new reader judges too
_INNER = 64  # of an early head
_HEADS_DEVIATION = 0.02  # of new weights


def named_reader(name: str, words: PackagedWords) -> ReaderNetwork:
    """The reader of a folder, or one that is named as in the setting `reader`.

    Raises:
        ModelError: it cannot be loaded, or is of another kind.
    """
    folder = reader_folder(name)
    if not is_like_the_packaged(folder):
        raise ModelError(
            f"The reader in {folder} is of another kind than those that are trained here. Name {PACKAGED_READER}, or the "
            "folder of a reader that `python -m qa.training reader` wrote."
        )
    return read_weights(folder, words_digest=words.digest, arithmetic=torch.float32)


def new_reader(*, seed: int) -> ReaderNetwork:
    """The encoder's layers, with heads that know nothing."""
    file = opened(MULTILINGUAL.path())
    width = file.sizes.dimension
    torch.manual_seed(seed)
    heads = {name: _new(name, shape) for name, shape in _head_shapes(width, file.sizes.layers).items()}
    return network_of({**layer_weights(file, torch.float32), **heads}, attention_heads=file.sizes.heads, arithmetic=torch.float32)


def with_layers(network: ReaderNetwork, layers: Sequence[int]) -> ReaderNetwork:
    """A reader of some of the layers, from 0, in the order given.

    Raises:
        SettingsError: it has no such layer, or one is named twice.
    """
    count = network.body.sizes.layers
    if not layers or len(set(layers)) < len(layers) or not all(0 <= layer < count for layer in layers):
        given = ",".join(map(str, layers))
        raise SettingsError(f"--layers {given}: expected different layers from 0 to {count - 1}, such as 0,1,2,4,6,8.")
    tensors = {name.partition(".")[2]: tensor for name, tensor in network.state_dict().items()}
    chosen = {_renamed(name, layers): tensor for name, tensor in tensors.items()}
    kept = {name: tensor.clone() for name, tensor in chosen.items() if name is not None}
    heads = network.body.sizes.heads
    return network_of(kept, attention_heads=heads, arithmetic=torch.float32)


def _renamed(name: str, layers: Sequence[int]) -> str | None:
    """A weight's name in a reader of these layers; None where it has no place there."""
    part, *rest = name.split(".")
    if part == "early":
        return name if int(rest[0]) <= len(layers) else None
    if part == "encoder":
        layer = int(rest[1])
        return ".".join([part, rest[0], str(layers.index(layer)), *rest[2:]]) if layer in layers else None
    return name


def _head_shapes(width: int, layers: int) -> Mapping[str, tuple[int, ...]]:
    sizes = {"qa_outputs": (2, width), "relevance.dense": (width, width), "relevance.out": (1, width)}
    for layer in _EARLY:
        if layer <= layers:
            sizes |= {f"early.{layer}.dense": (_INNER, 2 * width), f"early.{layer}.out": (1, _INNER)}
    return {f"{name}.weight": size for name, size in sizes.items()} | {f"{name}.bias": size[:1] for name, size in sizes.items()}


def _new(name: str, shape: tuple[int, ...]) -> Tensor:
    return torch.zeros(shape) if name.endswith("bias") else nn.init.normal_(torch.empty(shape), std=_HEADS_DEVIATION)
