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
_BETTER_BY_FAR = 4.0  # logits; by less, two sentences that could each answer would be taken for one answer
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
    """The best short answer that stands in a sentence, or partly so: its place in the passage's text, and its score."""

    span: Span
    score: float


Found = list[AnswerSpan | None]  # one place for each sentence, or for each two that follow one another


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
                "one with `python -m qa.training reader`, or name another."
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
        """For each sentence (code points of its passage's text) the best span; None where no token is inside.

        It lies in the sentence, or runs from it into the next one or from the one before it into it; then it is that of both.
        """
        held = windows(self.tokenizer, [question] * len(passages), passages, most_tokens=self.most_tokens)
        flat = [(which, window) for which, some in enumerate(held) for window in some]
        inside: list[Found] = [[None] * len(some) for some in sentences]
        across: list[Found] = [[None] * (len(some) - 1) for some in sentences]
        for row, begins, ends in self._logits([window for _, window in flat]):
            which, window = flat[row]
            tokens = [_tokens_of(window, sentence) for sentence in sentences[which]]
            for place, part in enumerate(tokens):
                if part:
                    _improve(inside[which], place, _best(window, begins, ends, part, part))
            for place, (one, other) in enumerate(pairwise(tokens)):
                if one and other and one.stop == other.start:
                    _improve(across[which], place, _best(window, begins, ends, one, other))
        return [_resolved(*found) for found in zip(inside, across, strict=True)]

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


def _improve(found: Found, place: int, span: AnswerSpan) -> None:
    known = found[place]
    if known is None or span.score > known.score:
        found[place] = span


def _resolved(inside: Found, across: Found) -> Found:
    """Each sentence's best span: where one that begins in it and ends in the next is better by far than the best of either, it
    is that of both. A sentence has a part in one such span at most, the better one."""
    best = list(inside)
    is_shared = [False] * len(best)
    order = sorted((place for place, span in enumerate(across) if span), key=lambda place: -_score(across[place]))
    for place in order:
        both = slice(place, place + 2)
        if not any(is_shared[both]) and all(_score(across[place]) > _score(held) + _BETTER_BY_FAR for held in inside[both]):
            best[both] = [across[place]] * 2
            is_shared[both] = [True] * 2
    return best


def _score(span: AnswerSpan | None) -> float:
    return span.score if span is not None else -np.inf


def _tokens_of(window: Window, sentence: Span) -> range:
    """The tokens that lie in the sentence."""
    inside = np.flatnonzero((window.starts >= sentence.start) & (window.ends <= sentence.end) & (window.starts >= 0))
    return range(int(inside[0]), int(inside[-1]) + 1) if inside.size else range(0)


def _best(window: Window, begins: Vectors, ends: Vectors, first: range, last: range) -> AnswerSpan:
    """The best span that begins at a token of `first` and ends at one of `last`, which is the same or the one behind it."""
    ends_there = np.full(last.stop - first.start + LONGEST_ANSWER - 1, -np.inf, np.float32)
    ends_there[last.start - first.start : last.stop - first.start] = ends[last.start : last.stop]
    # (begin, length): each begin with the ends of the tokens from it on
    scores = begins[first.start : first.stop, None] + np.lib.stride_tricks.sliding_window_view(
        ends_there[: len(first) + LONGEST_ANSWER - 1], LONGEST_ANSWER
    )
    begin, length = np.unravel_index(int(scores.argmax()), scores.shape)
    at = first.start + int(begin)
    span = Span(int(window.starts[at]), int(window.ends[at + int(length)]))
    return AnswerSpan(span, float(scores[begin, length]) - float(begins[0] + ends[0]))
