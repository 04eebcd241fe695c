"""What the encoder needs of a model: texts as tokens → a vector of each token, and one of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from torch import Tensor

from qa.index.text_tokens import Tokenizer


class TextVectors(NamedTuple):
    """Of b texts of t tokens: (b, t, d) `tokens` and (b, d) `pooled`, which may have any length."""

    tokens: Tensor
    pooled: Tensor


class EmbeddingModel(Protocol):
    """A model in memory, for inference."""

    @property
    def tokenizer(self) -> Tokenizer: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int: ...

    @property
    def prompts(self) -> Mapping[str, str]:
        """What the model was trained to read before a text, by the kind of text."""

    @property
    def pools_by_mean(self) -> bool:
        """Whether a text's vector is the mean of its tokens', at most scaled to length 1."""

    def vectors(self, ids: Tensor, is_token: Tensor) -> TextVectors:
        """Of ids (b, t), where `is_token` (b, t) is 0 where a row is filled up."""
