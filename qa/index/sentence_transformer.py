"""Home of sentence-transformers: the models of that library as encoders, and the packaged encoder as a model of that library.

The packaged encoder runs without it: importing it takes four times as long as importing torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.base.modules.normalize import Normalize
from sentence_transformers.sentence_transformer.modules import Pooling
from torch import Tensor
from transformers.utils import logging as transformers_logging

from qa.base.errors import ModelError
from qa.index.embedding_model import TextVectors
from qa.index.quantised_model import QuantisedModel
from qa.index.text_tokens import FastTokenizer, padded


class FolderModel:
    """An `EmbeddingModel`: any sentence-transformers model in a folder.

    Raises:
        ModelError: it cannot be loaded, or lacks what exact offsets need.
    """

    def __init__(self, folder: Path, *, device: str) -> None:
        transformers_logging.disable_progress_bar()
        self._folder = folder
        try:
            self._model = SentenceTransformer(str(folder), device=device, local_files_only=True).eval()
        except (OSError, ValueError, KeyError, RuntimeError) as error:  # what its loaders raise if the folder is not a model
            raise ModelError(f"{folder} is not a sentence-transformers model that can be loaded: {error}") from error

    @cached_property
    def tokenizer(self) -> FastTokenizer:
        found = self._model.tokenizer
        if not getattr(found, "is_fast", False):
            raise ModelError(f"The encoder {self._folder} has no fast tokenizer (tokenizer.json), which exact offsets need.")
        return FastTokenizer(found)

    @property
    def dimension(self) -> int:
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The encoder {self._folder} does not say the dimension of its vectors.")
        return dimension

    @property
    def max_tokens(self) -> int:
        return int(self._model.max_seq_length or self._model.tokenizer.model_max_length)

    @property
    def prompts(self) -> Mapping[str, str]:
        return {name: prompt for name, prompt in (self._model.prompts or {}).items() if prompt}

    @property
    def pools_by_mean(self) -> bool:
        kinds = [type(module).__name__ for module in self._model]
        pooling = [module for module in self._model if isinstance(module, Pooling)]
        return (
            set(kinds) <= {"Transformer", "Pooling", "Normalize"}
            and len(pooling) == 1
            and pooling[0].get_config_dict()["pooling_mode"] == "mean"
        )

    def vectors(self, ids: Tensor, is_token: Tensor) -> TextVectors:
        found = self._model({"input_ids": ids, "attention_mask": is_token})
        return TextVectors(found["token_embeddings"], found["sentence_embedding"])


class _Body(InputModule):
    """Texts → token vectors, for the modules that pool them."""

    def __init__(self, model: QuantisedModel) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.model = model
        self.tokenizer = model.tokenizer
        self.max_seq_length = model.max_tokens

    def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: object) -> dict[str, Tensor]:  # type: ignore[override]
        ids = self.model.tokenizer.ids([(prompt or "") + text for text in inputs], special=True)
        kept = [one if len(one) <= self.max_seq_length else [*one[: self.max_seq_length - 1], one[-1]] for one in ids]
        rows, is_token = padded(kept, self.model.tokenizer.padding, length=max(map(len, kept)))
        return {"input_ids": rows, "attention_mask": is_token}

    def forward(self, features: dict[str, Tensor], **_: object) -> dict[str, Tensor]:
        return {**features, "token_embeddings": self.model.vectors(features["input_ids"], features["attention_mask"]).tokens}

    def get_embedding_dimension(self) -> int:
        return self.model.dimension

    def save(self, output_path: str, *_: object, **__: object) -> None:
        raise NotImplementedError(f"This model is made from its file and is not written to {output_path}.")


def as_sentence_transformer(model: QuantisedModel, *, device: str = "cpu") -> SentenceTransformer:
    """The same layers and words as a model of the library, for its own `encode` and evaluators; its vectors are the encoder's."""
    pooling = Pooling(model.dimension, pooling_mode="mean")
    return SentenceTransformer(modules=[_Body(model), pooling, Normalize()], prompts=dict(model.prompts), device=device).eval()
