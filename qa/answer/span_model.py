"""Question and passages → what a checkpoint of transformers finds there.

Any checkpoint of `AutoModelForQuestionAnswering` with a fast tokenizer works.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForQuestionAnswering, AutoTokenizer
from transformers.utils import logging as transformers_logging

from qa.answer.reading import PassageReading
from qa.answer.span_decoding import ReadWindow, reading_of
from qa.answer.token_windows import Window, windows
from qa.base.arithmetic import fastest_floats
from qa.base.batches import batches
from qa.base.errors import ModelError
from qa.base.models_thread import in_models_thread
from qa.base.protocols import TitledText, Vectors
from qa.base.settings import Precision
from qa.base.types import Span

log = logging.getLogger(__name__)

_MOST_TOKENS = 384  # in a window; one longer window is slower than two
_BATCH_TOKENS = 4_096  # in one forward pass


class SpanModel:
    """A checkpoint in a folder, run on the CPU.

    It computes in bfloat16 or float32, also where `precision` says 8-bit integers.
    """

    def __init__(self, folder: Path, *, precision: Precision) -> None:
        self.folder = folder
        self.precision = fastest_floats() if precision == "int8" else precision

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
    @in_models_thread
    def _model(self) -> Any:
        transformers_logging.disable_progress_bar()
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
                "one with `python -m qa.training reader`, or name another."
            )
        log.info("reader %s loaded, %s", self.folder, self.precision)
        return model.eval()

    def load(self) -> None:
        assert self.tokenizer is not None and self._model is not None

    @cached_property
    def most_tokens(self) -> int:
        return min(_MOST_TOKENS, int(getattr(self._model.config, "max_position_embeddings", _MOST_TOKENS)))

    def read(self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]) -> list[PassageReading]:
        of_passages = windows(self.tokenizer, [question] * len(passages), passages, most_tokens=self.most_tokens)
        flat = [(which, window) for which, some in enumerate(of_passages) for window in some]
        read: list[list[ReadWindow]] = [[] for _ in passages]
        for row, begins, ends in self._logits([window for _, window in flat]):
            which, window = flat[row]
            read[which].append(_read_window(window, begins, ends))
        return [reading_of(of_passage, found) for of_passage, found in zip(sentences, read, strict=True)]

    def _logits(self, inputs: Sequence[Window]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """(row, begin logits (t,), end logits (t,)) of every window, in batches of one length."""
        lengths = [window.length for window in inputs]
        for batch in batches(lengths, most_tokens=_BATCH_TOKENS, longest=self.most_tokens):
            padded = self.tokenizer.pad(
                [inputs[row].inputs for row in batch.rows],
                padding="max_length",
                max_length=batch.length,
                padding_side="right",
                return_tensors="pt",
            )
            outputs = self._outputs(padded)
            begins, ends = outputs.start_logits.float().numpy(), outputs.end_logits.float().numpy()
            for place, row in enumerate(batch.rows):
                yield row, begins[place, : inputs[row].length], ends[place, : inputs[row].length]

    @in_models_thread
    def _outputs(self, inputs: Mapping[str, Any]) -> Any:
        with torch.inference_mode(), self._arithmetic():
            return self._model(**inputs)

    def _arithmetic(self) -> contextlib.AbstractContextManager[object]:
        return torch.autocast("cpu", torch.bfloat16) if self.precision == "bfloat16" else contextlib.nullcontext()


def _read_window(window: Window, begins: Vectors, ends: Vectors) -> ReadWindow:
    is_text = window.starts >= 0
    return ReadWindow(
        starts=window.starts[is_text],
        ends=window.ends[is_text],
        begin_logits=begins[is_text],
        end_logits=ends[is_text],
        no_answer=float(begins[0] + ends[0]),
    )
