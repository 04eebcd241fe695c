"""An Encoder of words that needs no model: for processes that are started only to be killed or starved."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Sequence

import numpy as np

from qa.base.errors import QuestionError
from qa.base.protocols import EncoderIdentity, TitledText, Vectors
from qa.base.types import Span

_WORD = re.compile(r"\w+|[^\w\s]")
_DIMENSION = 64


class WordEncoder:
    """A text's vector is the scaled sum of its words' vectors; a word's is drawn from its digest."""

    def __init__(self, name: str = "words", *, max_tokens: int = 128) -> None:
        self.identity = EncoderIdentity(name, "0" * 64, _DIMENSION, max_tokens, "", "float32")
        self.embedded: list[str] = []

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        return [[word.end() for word in _WORD.finditer(text)] for text in texts]

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [*map(len, self.token_ends(texts))]

    def passage_budget(self, title: str) -> int:
        return self.identity.max_tokens - len(_WORD.findall(title))

    def shorten_title(self, title: str) -> str:
        ends = self.token_ends([title])[0]
        return title if len(ends) <= 32 else title[: ends[31]]

    def embed_passages(self, passages: Sequence[TitledText]) -> Vectors:
        self.embedded += [passage.text for passage in passages]
        return self._rows([f"{passage.title}\n{passage.text}" for passage in passages])

    def embed_question(self, question: str) -> Vectors:
        vector: Vectors = self.embed_questions([question])[0]
        return vector

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        if any(len(_WORD.findall(question)) > self.identity.max_tokens for question in questions):
            raise QuestionError("too long")
        return self._rows(questions)

    def embed_sentences(self, passages: Sequence[TitledText], spans: Sequence[Sequence[Span]]) -> list[Vectors]:
        return [self._rows([span.of(passage.text) for span in held]) for passage, held in zip(passages, spans, strict=True)]

    def _rows(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), _DIMENSION), np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = _WORD.findall(text.lower())
            if len(words) > self.identity.max_tokens:
                raise ValueError(f"{len(words)} words are over the encoder's limit")
            for word in words or [""]:
                row += _vector(word)
            row /= np.linalg.norm(row)
        return rows


@functools.lru_cache(maxsize=10_000)
def _vector(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=_DIMENSION).astype(np.float32)
