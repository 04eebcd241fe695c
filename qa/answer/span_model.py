"""Question and passages → each sentence's best answer span and its score. Home of transformers for answering.

Any checkpoint of `AutoModelForQuestionAnswering` with a fast tokenizer works: spans are decoded here. A span's score is
its begin and end logits minus those of the first token, which stands for "no answer" (Devlin et al., NAACL 2019). Scores
of different passages are therefore comparable.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from transformers import AutoModelForQuestionAnswering, AutoTokenizer
from transformers.utils import logging as transformers_logging

from qa.answer.token_windows import Window, windows
from qa.base.checkpoints import model_folder
from qa.base.errors import ModelError
from qa.base.protocols import TitledText, Vectors
from qa.base.settings import PACKAGED_READER
from qa.base.types import Span

log = logging.getLogger(__name__)

_PACKAGED = Path(__file__).parent / "models" / "reader"
_PACKAGED_SHA256 = "166b45cc7089061d9b255a54ece913e7ace396f511fc19e8cf0e4f6efb18bc81"  # of model.safetensors
LONGEST_ANSWER = 30  # tokens of a short answer
_BETTER_BY_FAR = 4.0  # logits; a smaller margin would join two sentences that each answer on their own
_MOST_TOKENS = 384  # in a window; one longer window is slower than two
_BATCH_TOKENS = 4_096  # padded tokens in one forward pass


def reader_folder(name: str) -> Path:
    """The folder of the packaged reader, a given folder, or that of a hub name in the local cache. Nothing is downloaded.

    Raises:
        ModelError: it does not exist, or the packaged weights are not those that were shipped.
    """
    if name != PACKAGED_READER:
        return model_folder(name, noun="reader", known=PACKAGED_READER)
    weights = _PACKAGED / "model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.exists() else None
    if digest != _PACKAGED_SHA256:
        raise ModelError(
            f"The reader's weights {weights} have SHA-256 {digest}, expected {_PACKAGED_SHA256}: damaged or replaced. "
            "Install qa again."
        )
    return _PACKAGED


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """The best short answer in a sentence, or partly in it: its span in the passage's text, and its score."""

    span: Span
    score: float


BestSpans = list[AnswerSpan | None]  # one for each sentence, or for each pair of consecutive sentences


class SpanModel:
    """A checkpoint in a folder, run on the CPU. Constructing is cheap; the model loads at first use.

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
                "one with `python -m qa.training reader`, or name another."
            )
        log.info("reader %s loaded, %s", self.folder, self.precision)
        return model.eval()

    def load(self) -> None:
        """Load the model now; ModelError if it cannot be loaded."""
        assert self.tokenizer is not None and self._model is not None

    @cached_property
    def most_tokens(self) -> int:
        return min(_MOST_TOKENS, int(getattr(self._model.config, "max_position_embeddings", _MOST_TOKENS)))

    def read(
        self, question: str, passages: Sequence[TitledText], sentences: Sequence[Sequence[Span]]
    ) -> list[list[AnswerSpan | None]]:
        """The best span of each sentence (code points of its passage's text); None for a sentence without tokens.

        A span may cross the border of two consecutive sentences; it is then the best span of both.
        """
        of_passages = windows(self.tokenizer, [question] * len(passages), passages, most_tokens=self.most_tokens)
        flat = [(which, window) for which, some in enumerate(of_passages) for window in some]
        inside: list[BestSpans] = [[None] * len(some) for some in sentences]
        across: list[BestSpans] = [[None] * (len(some) - 1) for some in sentences]
        for row, begins, ends in self._logits([window for _, window in flat]):
            which, window = flat[row]
            tokens = [_tokens_of(window, sentence) for sentence in sentences[which]]
            for place, part in enumerate(tokens):
                if part:
                    _improve(inside[which], place, _best(window, begins, ends, part, part))
            for place, (one, other) in enumerate(pairwise(tokens)):
                if one and other and one.stop == other.start:
                    _improve(across[which], place, _best(window, begins, ends, one, other))
        return [_resolved(*of_passage) for of_passage in zip(inside, across, strict=True)]

    def _logits(self, inputs: Sequence[Window]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """(row, begin logits (t,), end logits (t,)) of every window, in batches of similar length."""
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


def _improve(spans: BestSpans, place: int, span: AnswerSpan) -> None:
    known = spans[place]
    if known is None or span.score > known.score:
        spans[place] = span


def _resolved(inside: BestSpans, across: BestSpans) -> BestSpans:
    """Each sentence's best span.

    A span across two sentences becomes the span of both if it is better by far than the best of each. A sentence takes
    part in at most one such span, the best one.
    """
    best = list(inside)
    is_shared = [False] * len(best)
    order = sorted((place for place, span in enumerate(across) if span), key=lambda place: -_score(across[place]))
    for place in order:
        both = slice(place, place + 2)
        if not any(is_shared[both]) and all(_score(across[place]) > _score(own) + _BETTER_BY_FAR for own in inside[both]):
            best[both] = [across[place]] * 2
            is_shared[both] = [True] * 2
    return best


def _score(span: AnswerSpan | None) -> float:
    return span.score if span is not None else -np.inf


def _tokens_of(window: Window, sentence: Span) -> range:
    """The tokens inside the sentence."""
    inside = np.flatnonzero((window.starts >= sentence.start) & (window.ends <= sentence.end) & (window.starts >= 0))
    return range(int(inside[0]), int(inside[-1]) + 1) if inside.size else range(0)


def _best(window: Window, begins: Vectors, ends: Vectors, first: range, last: range) -> AnswerSpan:
    """The best span from a token of `first` to one of `last`, which is the same range or the next one."""
    ends_there = np.full(last.stop - first.start + LONGEST_ANSWER - 1, -np.inf, np.float32)
    ends_there[last.start - first.start : last.stop - first.start] = ends[last.start : last.stop]
    # (begin, length): each begin token with the end tokens from it on
    scores = begins[first.start : first.stop, None] + np.lib.stride_tricks.sliding_window_view(
        ends_there[: len(first) + LONGEST_ANSWER - 1], LONGEST_ANSWER
    )
    begin, length = np.unravel_index(int(scores.argmax()), scores.shape)
    at = first.start + int(begin)
    span = Span(int(window.starts[at]), int(window.ends[at + int(length)]))
    return AnswerSpan(span, float(scores[begin, length]) - float(begins[0] + ends[0]))
