"""The file of a multilingual BERT in 4-bit blocks → a SentenceTransformer in memory. Nothing is written to disk.

The embeddings of words are most of the weights and are looked up a few at a time. They stay in the mapped file, which all
processes share, and each row becomes float32 when it is looked up. The layers are made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.base.modules.normalize import Normalize
from sentence_transformers.sentence_transformer.modules import Pooling
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from qa.index.quantised_file import QuantisedFile, Sizes
from qa.index.text_tokens import padded
from qa.index.unigram import UnigramTokenizer

# As its authors trained it: https://huggingface.co/intfloat/multilingual-e5-small
_PROMPTS = {"query": "query: ", "document": "passage: "}


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


class QuantisedTransformer(InputModule):
    """Texts → token vectors: the model and its tokenizer, for the modules that pool them."""

    def __init__(self, model: BertModel, tokenizer: UnigramTokenizer) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.model = model
        self.tokenizer: UnigramTokenizer = tokenizer  # type: ignore[assignment]  # sentence-transformers calls `preprocess`
        self.max_seq_length = int(model.config.max_position_embeddings)

    def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: object) -> dict[str, Tensor]:  # type: ignore[override]
        ids, _offsets = self.tokenizer.tokenize([(prompt or "") + text for text in inputs], special=True)
        kept = [one if len(one) <= self.max_seq_length else [*one[: self.max_seq_length - 1], one[-1]] for one in ids]
        return padded(kept, self.tokenizer.padding, length=max(map(len, kept)))

    def forward(self, features: dict[str, Tensor], **_: object) -> dict[str, Tensor]:
        found = self.model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        return {**features, "token_embeddings": found.last_hidden_state}

    def get_embedding_dimension(self) -> int:
        return int(self.model.config.hidden_size)

    def save(self, output_path: str, *_: object, **__: object) -> None:
        raise NotImplementedError(f"This model is made from its file and is not written to {output_path}.")


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


def sentence_transformer(path: Path, *, arithmetic: torch.dtype, device: str) -> SentenceTransformer:
    """The model of a file, for inference; its linear layers in `arithmetic`.

    Raises:
        ModelError: the file is not such a model, or is damaged.
    """
    file = opened(path)
    body = QuantisedTransformer(_bert(file, embedding(path), arithmetic), tokenizer(path))
    pooling = Pooling(file.sizes.dimension, pooling_mode="mean")
    return SentenceTransformer(modules=[body, pooling, Normalize()], prompts=dict(_PROMPTS), device=device).eval()


def _bert(file: QuantisedFile, words: QuantisedEmbedding, arithmetic: torch.dtype) -> BertModel:
    sizes = file.sizes
    with torch.device("meta"):  # without memory for weights that are given at once
        model = BertModel(_config(sizes), add_pooling_layer=False)
    embeddings = model.embeddings
    embeddings.word_embeddings = words  # type: ignore[assignment]  # it is called, and nothing else
    embeddings.position_ids = nn.Buffer(torch.arange(sizes.positions)[None], persistent=False)
    embeddings.token_type_ids = nn.Buffer(torch.zeros(1, sizes.positions, dtype=torch.long), persistent=False)
    model.load_state_dict(layer_weights(file, arithmetic), assign=True)
    return model.requires_grad_(False)


def _config(sizes: Sizes) -> BertConfig:
    return BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.dimension,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.inner,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=sizes.layer_norm_epsilon,
    )


def layer_weights(file: QuantisedFile, arithmetic: torch.dtype) -> dict[str, Tensor]:
    """All but the embeddings of words, by their names in `BertModel`."""
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
    """(name in the file, name in `BertModel`, rows, columns) of each linear layer of one layer."""
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
