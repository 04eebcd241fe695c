"""What the encoder needs of a tokenizer, and that of the transformers library behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Offsets = tuple[int, int]


class Tokenizer(Protocol):
    """Texts → ids and code points of their tokens. Nothing is cut."""

    @property
    def padding(self) -> int:
        """The id that fills up a short row."""

    @property
    def special_tokens(self) -> int:
        """How many tokens stand around one text."""

    def tokenize(self, texts: Sequence[str], *, special: bool) -> tuple[list[list[int]], list[list[Offsets]]]:
        """(ids, code points) of each text, with the special tokens around it or without. These stand at (0, 0)."""

    def ids(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        """The same without code points, which takes less time."""


class FastTokenizer:
    """One of transformers' "fast" tokenizers."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer

    @property
    def padding(self) -> int:
        return int(self._tokenizer.pad_token_id or 0)  # attention does not see what fills a row up

    @property
    def special_tokens(self) -> int:
        return int(self._tokenizer.num_special_tokens_to_add())

    def tokenize(self, texts: Sequence[str], *, special: bool) -> tuple[list[list[int]], list[list[Offsets]]]:
        if not texts:
            return [], []
        tokens = self._tokenizer(
            list(texts), add_special_tokens=special, truncation=False, return_offsets_mapping=True, verbose=False
        )
        return tokens["input_ids"], tokens["offset_mapping"]

    def ids(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        return self.tokenize(texts, special=special)[0]


def padded(rows: Sequence[Sequence[int]], padding: int, *, length: int) -> tuple[Tensor, Tensor]:
    """Rows of ids, filled up on the right to this length, and where they have tokens: (rows, length) each."""
    return (
        torch.tensor([[*row, *[padding] * (length - len(row))] for row in rows]),
        torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows]),
    )
