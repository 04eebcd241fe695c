"""Text → vectors of length 1, also of the sentences inside a passage.

"Late chunking": a sentence's vector is the mean of its token vectors inside the passage's forward pass
(Günther et al. 2024, arXiv:2409.04701). Encoders without mean pooling encode each sentence alone.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from qa.base.arithmetic import fastest_floats, has_int8, type_of
from qa.base.batches import batches
from qa.base.checkpoints import model_folder, weights_digest
from qa.base.errors import QuestionError, SettingsError
from qa.base.input_ranges import read_ranges
from qa.base.int8_layers import with_int8
from qa.base.models_thread import in_models_thread
from qa.base.protocols import EncoderIdentity, TitledText, Vectors
from qa.base.recent import Recent
from qa.base.settings import PACKAGED_ENCODER, Precision
from qa.base.types import Span
from qa.index.embedding_model import EmbeddingModel, TextVectors
from qa.index.packaged_encoders import PACKAGED_ENCODERS
from qa.index.quantised_model import quantised_model
from qa.index.text_tokens import Offsets, Tokenizer, padded

log = logging.getLogger(__name__)

_BATCH_TOKENS = {"cpu": 2_048, "cuda": 32_768}  # in one forward pass
_SMALLEST_BUDGET = 16  # tokens of text in a passage; fewer hold no sentence
_KEPT_PASSAGES = 500  # whose sentences' vectors are kept: some 5 MB
_RANGES = Path(__file__).parent / "models" / "encoder"  # the folder of its input ranges
_Sentences = tuple[TitledText, tuple[Span, ...]]  # of a passage


def usual_device() -> str:
    """ "cuda" where torch sees such a GPU, else "cpu"."""
    return "cuda" if torch.cuda.is_available() else "cpu"


class TransformerEncoder:
    """The packaged encoder, or any sentence-transformers model. Constructing is cheap; the model loads at first use.

    `model` is a packaged name, a folder, or a hub name in the local cache; nothing is downloaded. `precision` "auto" uses
    8-bit integers for the packaged model where the processor multiplies them, else bfloat16 where the processor, or the GPU that
    there is, has it.
    """

    def __init__(
        self,
        model: str = PACKAGED_ENCODER,
        *,
        precision: Precision | Literal["auto"] = "auto",
        passage_prompt: str | None = None,
        question_prompt: str | None = None,
        title_tokens: int = 32,
    ) -> None:
        self.name = model
        self._precision = precision
        self._given_passage_prompt = passage_prompt
        self._given_question_prompt = question_prompt
        self._title_tokens = title_tokens
        self._recent: Recent[_Sentences, Vectors] = Recent(_KEPT_PASSAGES)

    @cached_property
    def path(self) -> Path:
        """The model's folder or its one file; ModelError if there is no such folder, package or cached model."""
        if self.is_packaged:
            return PACKAGED_ENCODERS[self.name].path()
        return model_folder(self.name, noun="encoder", known=PACKAGED_ENCODER)

    @property
    def is_packaged(self) -> bool:
        """Whether the model comes as a package. Its weights are then the official ones, or loading it fails."""
        return self.name in PACKAGED_ENCODERS

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights; ModelError if the packaged weights are not the official ones."""
        return PACKAGED_ENCODERS[self.name].digest() if self.is_packaged else weights_digest(self.path)

    @cached_property
    def device(self) -> str:
        return usual_device()

    @property
    def precision(self) -> Precision:
        has_ranges = self.name == PACKAGED_ENCODER and self.device == "cpu"
        if self._precision == "auto":
            return "int8" if has_ranges and has_int8() else fastest_floats(self.device)
        return self._precision if has_ranges or self._precision != "int8" else fastest_floats(self.device)

    @cached_property
    @in_models_thread
    def _model(self) -> EmbeddingModel:
        digest = self.digest  # checked before anything is loaded
        model = self._of_file() if self.path.is_file() else self._of_folder()
        log.info("encoder %s (%s…) loaded, %s on %s", self.name, digest[:8], self.precision, self.device)
        return model

    def _of_file(self) -> EmbeddingModel:
        model = quantised_model(self.path, arithmetic=type_of(self.precision), device=self.device)
        if self.precision == "int8":
            with_int8(model.layers, read_ranges(_RANGES, noun="encoder", advice="Install qa again."))
        return model

    def _of_folder(self) -> EmbeddingModel:
        from qa.index.sentence_transformer import FolderModel  # takes four times as long to import as torch

        return FolderModel(self.path, device=self.device)

    @property
    def _tokenizer(self) -> Tokenizer:
        return self._model.tokenizer

    @cached_property
    def identity(self) -> EncoderIdentity:
        model = self._model
        return EncoderIdentity(self.name, self.digest, model.dimension, model.max_tokens, self._passage_prompt, self.precision)

    @property
    def _max_tokens(self) -> int:
        return self._model.max_tokens

    @cached_property
    def _passage_prompt(self) -> str:
        if self._given_passage_prompt is not None:
            return self._given_passage_prompt
        return self._model_prompt("document", "passage")

    @cached_property
    def _question_prompt(self) -> str:
        if self._given_question_prompt is not None:
            return self._given_question_prompt
        return self._model_prompt("query", "question")

    def _model_prompt(self, *names: str) -> str:
        prompts = self._model.prompts
        return next((prompts[name] for name in names if name in prompts), "")

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        return [[end for _, end in offsets] for offsets in self._tokenizer.tokenize(texts, special=False)[1]]

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [*map(len, self._tokenizer.ids(texts, special=False))]

    def passage_budget(self, title: str) -> int:
        (around,) = self.token_counts([self._before_text(title)])
        # a tokenizer may need one more token where title and text meet
        left = self._max_tokens - self._tokenizer.special_tokens - around - 1
        if left < _SMALLEST_BUDGET:
            raise SettingsError(
                f"Of the {self._max_tokens} tokens that the encoder {self.name} reads, passage_prompt and title leave {left} "
                f"for a passage's text; {_SMALLEST_BUDGET} are needed. Set a shorter passage_prompt or a lower title_tokens."
            )
        return left

    def shorten_title(self, title: str) -> str:
        ends = self.token_ends([title])[0]
        if len(ends) <= self._title_tokens:
            return title
        cut = title[: ends[self._title_tokens - 1]] if self._title_tokens else ""
        inside_word = title[len(cut) : len(cut) + 1].isalnum()
        return (cut.rpartition(" ")[0] or cut).rstrip() if inside_word else cut.rstrip()

    def _before_text(self, title: str) -> str:
        return self._passage_prompt + (f"{title}\n" if title else "")

    def embed_passages(self, passages: Sequence[TitledText]) -> Vectors:
        return self._embed([self._before_text(passage.title) + passage.text for passage in passages])

    def embed_question(self, question: str) -> Vectors:
        vector: Vectors = self.embed_questions([question])[0]
        return vector

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        prompted = [self._question_prompt + question for question in questions]
        ids = self._tokenizer.ids(prompted, special=True)
        longest = max(map(len, ids), default=0)
        if longest > self._max_tokens:
            raise QuestionError(
                f"The question has {longest} tokens; the encoder {self.name} reads {self._max_tokens}. Ask it in fewer words."
            )
        return self._embedded(ids)

    def embed_sentences(self, passages: Sequence[TitledText], spans: Sequence[Sequence[Span]]) -> list[Vectors]:
        def embed(missing: Sequence[_Sentences]) -> list[Vectors]:
            return self._embed_sentences([passage for passage, _ in missing], [its_spans for _, its_spans in missing])

        asked = [(passage, tuple(its_spans)) for passage, its_spans in zip(passages, spans, strict=True)]
        return self._recent.of(asked, embed)

    def _embed_sentences(self, passages: Sequence[TitledText], spans: Sequence[Sequence[Span]]) -> list[Vectors]:
        if not self._model.pools_by_mean:
            return [
                self._embed([span.of(passage.text) for span in of_passage])
                for passage, of_passage in zip(passages, spans, strict=True)
            ]
        pooled: list[Vectors] = [np.zeros((0, self.identity.dimension), np.float32)] * len(passages)
        texts = [self._before_text(passage.title) + passage.text for passage in passages]
        ids, offsets = self._tokenizer.tokenize(texts, special=True)
        for rows, found in self._forward(ids):
            tokens = found.tokens.float().cpu().numpy()  # (b, t, d)
            for row, which in enumerate(rows):
                shift = len(self._before_text(passages[which].title))
                pooled[which] = _mean_by_span(tokens[row], offsets[which], spans[which], shift)
        return pooled

    def _embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedded(self._tokenizer.ids(texts, special=True))

    def _embedded(self, ids: Sequence[list[int]]) -> Vectors:
        vectors = np.zeros((len(ids), self.identity.dimension), np.float32)
        for rows, found in self._forward(ids):
            vectors[rows] = found.pooled.float().cpu().numpy()
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, np.finfo(np.float32).tiny)
        return vectors

    def _forward(self, ids: Sequence[list[int]]) -> Iterator[tuple[list[int], TextVectors]]:
        """(which of them, their vectors) of tokenised texts of similar length; ValueError for one that the model would cut."""
        longest = max(map(len, ids), default=0)
        if longest > self._max_tokens:
            raise ValueError(f"a text of {longest} tokens is over the encoder's limit of {self._max_tokens}")
        for batch in batches([*map(len, ids)], most_tokens=_BATCH_TOKENS[self.device], longest=self._max_tokens):
            rows, is_token = padded([ids[which] for which in batch.rows], self._tokenizer.padding, length=batch.length)
            yield batch.rows, self._vectors(rows, is_token)

    @in_models_thread
    def _vectors(self, rows: Tensor, is_token: Tensor) -> TextVectors:
        with torch.inference_mode(), self._arithmetic():
            return self._model.vectors(rows.to(self.device), is_token.to(self.device))

    def _arithmetic(self) -> contextlib.AbstractContextManager[object]:
        if self.precision == "bfloat16":
            return torch.autocast(self.device, torch.bfloat16)
        return contextlib.nullcontext()


def _mean_by_span(tokens: Vectors, offsets: Sequence[Offsets], spans: Sequence[Span], shift: int) -> Vectors:
    """(spans, d) means of the token vectors in each span, scaled to length 1; zero for a span without tokens.

    A token belongs where its last character stands: it may begin with the blank before its word.
    """
    last = np.array([end - 1 - shift if end > start else -1 for start, end in offsets])  # (t,)
    means = np.zeros((len(spans), tokens.shape[1]), np.float32)
    for row, span in enumerate(spans):
        inside = np.flatnonzero((last >= span.start) & (last < span.end))
        if inside.size:
            mean = tokens[inside].mean(axis=0)
            means[row] = mean / max(float(np.linalg.norm(mean)), np.finfo(np.float32).tiny)
    return means
