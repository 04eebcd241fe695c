"""The file of a multilingual BERT in 4-bit blocks → a model in memory. Nothing is written to disk.

The embeddings of words are most of the weights and are looked up a few at a time. They stay in the mapped file, which all
processes share, and each row becomes float32 when it is looked up. The layers are made once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from qa.base.bert import Bert, BertSizes
from qa.index.embedding_model import TextVectors
from qa.index.quantised_file import QuantisedFile, Sizes
from qa.index.unigram import UnigramTokenizer

# As its authors trained it: https://huggingface.co/intfloat/multilingual-e5-small
PROMPTS = {"query": "query: ", "document": "passage: "}


def dequantised(blocks: Tensor) -> Tensor:
    """(…, blocks, 18) bytes as (…, blocks x 32) float32."""
    scales = blocks[..., :2].contiguous().view(torch.float16).float()  # (…, blocks, 1)
    halves = blocks[..., 2:]
    weights = torch.cat([halves & 15, halves >> 4], dim=-1).float()
    return weights.sub_(8).mul_(scales).flatten(-2)


class QuantisedEmbedding(nn.Module):
    """The embeddings of a vocabulary, in the file's blocks: in place of an `nn.Embedding` that is not trained further."""

    def __init__(self, blocks: Tensor) -> None:
        super().__init__()
        self.blocks = nn.Buffer(blocks, persistent=False)  # (vocabulary, blocks, 18)

    def forward(self, ids: Tensor) -> Tensor:
        return dequantised(self.blocks[ids])


class QuantisedModel(nn.Module):
    """An `EmbeddingModel`: words, layers, and the mean of the last states."""

    pools_by_mean = True

    def __init__(self, words: QuantisedEmbedding, layers: Bert, tokenizer: UnigramTokenizer) -> None:
        super().__init__()
        self.words = words
        self.layers = layers
        self.tokenizer = tokenizer

    @property
    def dimension(self) -> int:
        return self.layers.sizes.width

    @property
    def max_tokens(self) -> int:
        return self.layers.sizes.positions

    @property
    def prompts(self) -> Mapping[str, str]:
        return PROMPTS

    def vectors(self, ids: Tensor, is_token: Tensor) -> TextVectors:
        tokens: Tensor = self.layers(self.words(ids), is_token)
        weights = is_token[:, :, None].to(tokens.dtype)
        return TextVectors(tokens, (tokens * weights).sum(dim=1) / weights.sum(dim=1))


@cache
def opened(path: Path) -> QuantisedFile:
    """The file, opened once a process."""
    return QuantisedFile(path)


@cache
def embedding(path: Path) -> QuantisedEmbedding:
    """The file's embeddings of words, one module a process: models that read the same words share it."""
    file = opened(path)
    return QuantisedEmbedding(torch.from_numpy(file.blocks("emb.word", file.sizes.vocabulary, file.sizes.dimension)))


@cache
def tokenizer(path: Path) -> UnigramTokenizer:
    """The file's tokenizer, made once a process."""
    return UnigramTokenizer(opened(path).vocabulary)


def quantised_model(path: Path, *, arithmetic: torch.dtype, device: str) -> QuantisedModel:
    """The model of a file, for inference; its linear layers in `arithmetic`.

    Raises:
        ModelError: the file is not such a model, or is damaged.
    """
    file = opened(path)
    layers = Bert.of(bert_sizes(file.sizes), layer_weights(file, arithmetic))
    return QuantisedModel(embedding(path), layers, tokenizer(path)).requires_grad_(False).to(device).eval()


def bert_sizes(sizes: Sizes) -> BertSizes:
    return BertSizes(
        width=sizes.dimension,
        layers=sizes.layers,
        heads=sizes.heads,
        inner=sizes.inner,
        positions=sizes.positions,
        token_types=sizes.token_types,
        epsilon=sizes.layer_norm_epsilon,
    )


def layer_weights(file: QuantisedFile, arithmetic: torch.dtype) -> dict[str, Tensor]:
    """All but the embeddings of words, by their names in `Bert`."""
    sizes = file.sizes
    wide = sizes.dimension
    found = {
        "embeddings.position_embeddings.weight": _floats(file, "emb.pos", sizes.positions, wide),
        # one of them is in the file, that of a text alone
        "embeddings.token_type_embeddings.weight": _floats(file, "emb.type", sizes.token_types, wide),
        "embeddings.LayerNorm.weight": _floats(file, "emb.ln.w", wide),
        "embeddings.LayerNorm.bias": _floats(file, "emb.ln.b", wide),
    }
    for layer in range(sizes.layers):
        ours = f"encoder.layer.{layer}."
        for theirs, name, rows, columns in _linear_layers(sizes):
            blocks = torch.from_numpy(file.blocks(f"l{layer}.{theirs}.w", rows, columns))
            found[f"{ours}{name}.weight"] = dequantised(blocks).to(arithmetic)
            found[f"{ours}{name}.bias"] = _floats(file, f"l{layer}.{theirs}.b", rows).to(arithmetic)
        for theirs, name in (("aln", "attention.output"), ("oln", "output")):
            found[f"{ours}{name}.LayerNorm.weight"] = _floats(file, f"l{layer}.{theirs}.w", wide)
            found[f"{ours}{name}.LayerNorm.bias"] = _floats(file, f"l{layer}.{theirs}.b", wide)
    return found


def _linear_layers(sizes: Sizes) -> list[tuple[str, str, int, int]]:
    """(name in the file, name in `Bert`, rows, columns) of each linear layer of one layer."""
    wide = sizes.dimension
    return [
        ("q", "attention.self.query", wide, wide),
        ("k", "attention.self.key", wide, wide),
        ("v", "attention.self.value", wide, wide),
        ("ao", "attention.output.dense", wide, wide),
        ("fi", "intermediate.dense", sizes.inner, wide),
        ("fo", "output.dense", wide, sizes.inner),
    ]


def _floats(file: QuantisedFile, name: str, *shape: int) -> Tensor:
    return torch.from_numpy(file.floats(name, *shape))
