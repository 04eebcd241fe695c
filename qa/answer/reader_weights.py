"""The packaged reader's file → a model in memory: the layers of a BERT without embeddings of words, and the heads on them.

The file has float16 tensors by the names of `Bert`. Its metadata says for which words it was made (`words_sha256`) and how
many attention heads each layer has (`attention_heads`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from qa.answer.reader_files import DIGEST_FILE, WEIGHTS_FILE
from qa.base.bert import Bert, BertSizes
from qa.base.checkpoints import check_digest, write_with_digest
from qa.base.errors import ModelError
from qa.base.input_ranges import read_ranges
from qa.base.int8_layers import with_int8

WORDS, ATTENTION_HEADS = "words_sha256", "attention_heads"  # in the metadata
_ADVICE = "Install qa again, or set `reader` (QA_READER) to another reader."


class Judgement(nn.Module):
    """States (w, width) of windows → (w,) logits of whether each answers."""

    def __init__(self, width: int, inner: int, activation: nn.Module) -> None:
        super().__init__()
        self.dense = nn.Linear(width, inner)
        self.activation = activation
        self.out = nn.Linear(inner, 1)

    def forward(self, states: Tensor) -> Tensor:
        logits: Tensor = self.out(self.activation(self.dense(states)))[:, 0]
        return logits


class Heads(nn.Module):
    """`qa_outputs` reads each token. `relevance` reads the first one; `early`, by number of layers, the mean of all too."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        super().__init__()
        width = shapes["qa_outputs.weight"][1]
        self.qa_outputs = nn.Linear(width, 2)
        self.relevance = Judgement(width, shapes["relevance.dense.weight"][0], nn.Tanh())
        layers = sorted({int(name.split(".")[1]) for name in shapes if name.startswith("early.")})
        self.early = nn.ModuleDict(
            {str(layer): Judgement(2 * width, shapes[f"early.{layer}.dense.weight"][0], nn.GELU()) for layer in layers}
        )


class WindowLogits(NamedTuple):
    """What the network says of w windows of t tokens: (w, t, 2) `spans` by begin and end, and (w,) `relevance`."""

    spans: Tensor
    relevance: Tensor


class ReaderNetwork(nn.Module):
    """The layers, whose linear ones compute in `arithmetic`, and the heads, which compute in float32."""

    def __init__(self, body: Bert, heads: Heads, arithmetic: torch.dtype) -> None:
        super().__init__()
        self.body = body
        self.heads = heads
        self._arithmetic = arithmetic

    @property
    def positions(self) -> int:
        """How many tokens a window may have."""
        return self.body.sizes.positions

    def forward(self, vectors: Tensor, is_token: Tensor) -> WindowLogits:
        """Vectors of words (w, t, width) → logits; `is_token` (w, t) is 0 where a row is filled up."""
        return self._read(vectors, is_token, all_layers=False)[0]

    def with_early(self, vectors: Tensor, is_token: Tensor) -> tuple[WindowLogits, Tensor]:
        """The same, and (w, e) early judgements, those of the fewest layers first."""
        found, layers = self._read(vectors, is_token, all_layers=True)
        early = [head(_first_and_mean(layers[int(layer)], is_token)) for layer, head in self.heads.early.items()]
        return found, torch.stack(early, dim=1) if early else vectors.new_zeros(len(vectors), 0)

    def _read(self, vectors: Tensor, is_token: Tensor, *, all_layers: bool) -> tuple[WindowLogits, list[Tensor]]:
        """Logits, and with `all_layers` the (w, t, width) states that each layer was given and left."""
        is_rounded = self._arithmetic != torch.float32
        with torch.autocast(vectors.device.type, self._arithmetic) if is_rounded else contextlib.nullcontext():
            states = [*self.body.states(vectors, is_token)] if all_layers else [self.body(vectors, is_token)]
        last = states[-1].float()
        logits = WindowLogits(self.heads.qa_outputs(last), self.heads.relevance(last[:, 0]))
        return logits, [of_layer.float() for of_layer in states] if all_layers else []


def _first_and_mean(states: Tensor, is_token: Tensor) -> Tensor:
    """(w, 2 x width) of (w, t, width): the state of each window's first token, and the mean of all."""
    weights = is_token[:, :, None].to(states.dtype)
    return torch.cat([states[:, 0], (states * weights).sum(dim=1) / weights.sum(dim=1)], dim=1)


def read_weights(folder: Path, *, words_digest: str, arithmetic: torch.dtype, in_int8: bool = False) -> ReaderNetwork:
    """The model of a folder, for inference with the words of this digest; `in_int8`, its layers are of 8-bit integers.

    Raises:
        ModelError: the file is missing, damaged, of another architecture, or made for other words.
    """
    path = folder / WEIGHTS_FILE
    check_digest(path, folder / DIGEST_FILE, noun="reader", holds="weights", advice=_ADVICE)
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # not a mapping
        _check_words(path, metadata, words_digest)
        network = network_of(tensors, attention_heads=int(metadata[ATTENTION_HEADS]), arithmetic=arithmetic)
        if in_int8:
            with_int8(network.body, read_ranges(folder, noun="reader", advice=_ADVICE))
    except (SafetensorError, KeyError, ValueError, RuntimeError) as error:  # a name, a number or a shape that does not fit
        raise ModelError(f"{path} does not hold the layers and heads of a reader: {error!r}. {_ADVICE}") from error
    return network.requires_grad_(False).eval()


def network_of(tensors: Mapping[str, Tensor], *, attention_heads: int, arithmetic: torch.dtype) -> ReaderNetwork:
    """The network of tensors of any precision by the names of the file.

    Raises:
        KeyError, ValueError, RuntimeError: they do not fit.
    """
    body = {name: tensor for name, tensor in tensors.items() if name.partition(".")[0] in ("embeddings", "encoder")}
    heads = {name: tensor for name, tensor in tensors.items() if name not in body}
    return ReaderNetwork(_body(body, attention_heads, arithmetic), _heads(heads), arithmetic)


def write_weights(network: ReaderNetwork, folder: Path, *, words_digest: str) -> str:
    """Write the file and its SHA-256, which is returned. The network was made for the words of this digest."""
    tensors = {
        name.partition(".")[2]: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in network.state_dict().items()
    }
    heads = str(network.body.sizes.heads)
    content = save(tensors, metadata={WORDS: words_digest, ATTENTION_HEADS: heads})
    return write_with_digest(content, folder / WEIGHTS_FILE, folder / DIGEST_FILE)


def _check_words(path: Path, metadata: Mapping[str, str], words_digest: str) -> None:
    made_for = metadata.get(WORDS)
    if made_for != words_digest:
        raise ModelError(
            f"The reader {path} was made for embeddings of words with SHA-256 {made_for}; those installed have {words_digest}. "
            "Set `reader` (QA_READER) to one that was made for these."
        )


def _body(tensors: dict[str, Tensor], attention_heads: int, arithmetic: torch.dtype) -> Bert:
    positions, width = tensors["embeddings.position_embeddings.weight"].shape
    sizes = BertSizes(
        width=width,
        layers=len({name.split(".")[2] for name in tensors if name.startswith("encoder.layer.")}),
        heads=attention_heads,
        inner=tensors["encoder.layer.0.intermediate.dense.weight"].shape[0],
        positions=positions,
        token_types=tensors["embeddings.token_type_embeddings.weight"].shape[0],
    )
    return Bert.of(
        sizes, {name: tensor.to(arithmetic if _is_linear(name) else torch.float32) for name, tensor in tensors.items()}
    )


def _is_linear(name: str) -> bool:
    return name.startswith("encoder.") and "LayerNorm" not in name


def _heads(tensors: dict[str, Tensor]) -> Heads:
    with torch.device("meta"):
        heads = Heads({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    heads.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, assign=True)
    return heads
