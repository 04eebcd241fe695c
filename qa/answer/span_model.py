"""Question and passages → how well each sentence answers, and which words of it. Home of transformers for answering.

Any checkpoint of `AutoModelForQuestionAnswering` with a fast tokenizer will do: spans are decoded here. A span's score is
its logits of beginning and ending less the window's of no answer, which the first token stands for (Devlin et al., NAACL
2019), so that scores compare across passages.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from transformers import AutoModelForQuestionAnswering, AutoTokenizer
from transformers.utils import logging as transformers_logging

from qa.answer.windows import Window, windows
from qa.checkpoints import model_folder
from qa.errors import ModelError
from qa.protocols import TitledText, Vectors
from qa.settings import PACKAGED_READER
from qa.types import Span

log = logging.getLogger(__name__)

_PACKAGED = Path(__file__).parents[1] / "models" / "reader"
_PACKAGED_SHA256 = "b67863ced764e004c849aaab79325f314b7ad2a0dcfe939655db9e0edfc8f551"  # of model.safetensors
LONGEST_ANSWER = 30  # tokens of a short answer
_MOST_TOKENS = 384  # of a window; more is slower than two windows
_BATCH_TOKENS = 4_096  # padded tokens in one forward pass


def reader_folder(name: str) -> Path:
    """The folder of the packaged reader, of a folder's name, or of a hub name in the local cache: nothing is fetched.

    Raises:
        ModelError: it is not there, or the packaged one's weights are not those that were shipped.
    """
    if name != PACKAGED_READER:
        return model_folder(name, noun="reader", known=PACKAGED_READER)
    weights = _PACKAGED / "model.safetensors"
    found = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.exists() else None
    if found != _PACKAGED_SHA256:
        raise ModelError(
            f"The reader's weights {weights} have SHA-256 {found}, expected {_PACKAGED_SHA256}: damaged or replaced. "
            "Install qa again."
        )
    return _PACKAGED


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """The best short answer of one sentence: where it stands in the passage's text, and its score."""

    span: Span
    score: float


class SpanModel:
    """A checkpoint in a folder, on the CPU. Constructing is cheap; it loads at first use.

    `precision` is "bfloat16" or "float32".
    """

    def __init__(self, folder: Path, *, precision: str) -> None:
        self.folder = folder
        self.precision = precision

    @cached_property
    def tokenizer(self) -> Any:
        try:
            tokenizer = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelError(f"The reader in {self.folder} has no tokenizer that can be loaded: {error}") from error
        if not tokenizer.is_fast:
            raise ModelError(f"The reader in {self.folder} has no fast tokenizer (tokenizer.json), which exact offsets need.")
        return tokenizer

    @cached_property
    def _model(self) -> Any:
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model, loaded = AutoModelForQuestionAnswering.from_pretrained(
                self.folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, output_loading_info=True
            )
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise ModelError(
                f"The reader in {self.folder} cannot be loaded: {error}. Expected a folder with an extractive question-answering "
                "model of transformers (config.json, model.safetensors, tokenizer.json)."
            ) from error
        if loaded["missing_keys"]:
            missing = ", ".join(sorted(loaded["missing_keys"])[:3])
            raise ModelError(
                f"The model in {self.folder} is no extractive question-answering model: it has no weights for {missing}. Train "
                "one with `qa train reader`, or name another."
            )
        log.info("reader %s loaded, %s", self.folder, self.precision)
        return model.eval()

    def load(self) -> None:
        """ModelError now rather than at the first question."""
        assert self.tokenizer is not None and self._model is not None

    @cached_property
    def most_tokens(self) -> int:
        return min(_MOST_TOKENS, int(getattr(self._model.config, "max_position_embeddings", _MOST_TOKENS)))

    def read(
        self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]
    ) -> list[list[AnswerSpan | None]]:
        """For each sentence (code points of its passage's text) the best span inside it; None where no token is inside."""
        held = windows(self.tokenizer, [question] * len(passages), passages, most_tokens=self.most_tokens)
        flat = [(which, window) for which, some in enumerate(held) for window in some]
        best: list[list[AnswerSpan | None]] = [[None] * len(some) for some in sentences]
        for row, begins, ends in self._logits([window for _, window in flat]):
            which, window = flat[row]
            for place, found in enumerate(_best_spans(window, begins, ends, sentences[which])):
                known = best[which][place]
                if found is not None and (known is None or found.score > known.score):
                    best[which][place] = found
        return best

    def _logits(self, inputs: Sequence[Window]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """(row, begin logits (t,), end logits (t,)) of every window, in batches of like length."""
        order = sorted(range(len(inputs)), key=lambda row: (inputs[row].length, row))
        while order:
            size = 1
            while size < len(order) and (size + 1) * inputs[order[size]].length <= _BATCH_TOKENS:
                size += 1
            batch, order = order[:size], order[size:]
            padded = self.tokenizer.pad([inputs[row].inputs for row in batch], padding_side="right", return_tensors="pt")
            with torch.inference_mode(), self._arithmetic():
                outputs = self._model(**padded)
            begins, ends = outputs.start_logits.float().numpy(), outputs.end_logits.float().numpy()
            for place, row in enumerate(batch):
                yield row, begins[place, : inputs[row].length], ends[place, : inputs[row].length]

    def _arithmetic(self) -> contextlib.AbstractContextManager[object]:
        return torch.autocast("cpu", torch.bfloat16) if self.precision == "bfloat16" else contextlib.nullcontext()


def _best_spans(window: Window, begins: Vectors, ends: Vectors, sentences: Sequence[Span]) -> Iterator[AnswerSpan | None]:
    """The best span of each sentence among the window's tokens; of equal ones the first, then the shortest."""
    no_answer = float(begins[0] + ends[0])
    for sentence in sentences:
        inside = np.flatnonzero((window.starts >= sentence.start) & (window.ends <= sentence.end) & (window.starts >= 0))
        if not inside.size:
            yield None
            continue
        first, last = int(inside[0]), int(inside[-1])
        # (begin, length): each begin with the ends of the tokens from it on, as far as they are in the sentence
        padded = np.concatenate([ends[first : last + 1], np.full(LONGEST_ANSWER - 1, -np.inf, np.float32)])
        scores = begins[first : last + 1, None] + np.lib.stride_tricks.sliding_window_view(padded, LONGEST_ANSWER)
        begin, length = np.unravel_index(int(scores.argmax()), scores.shape)
        span = Span(int(window.starts[first + begin]), int(window.ends[first + begin + length]))
        yield AnswerSpan(span, float(scores[begin, length]) - no_answer)
