"""The seams: what each part that can be swapped must do. A remote engine fits behind them too.

Rows are the store's integer keys of passages, always > 0; they never leave the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.base.settings import Precision
from qa.base.types import Article, Evidence, Passage, Span

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Asked = TypeVar("Asked", contravariant=True)  # what an index is asked with


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What must be equal for vectors to be comparable; `precision` may differ (cosine >= 0.995)."""

    name: str
    digest: str
    dimension: int
    max_tokens: int
    passage_prompt: str
    precision: Precision


@dataclass(frozen=True, slots=True)
class TitledText:
    """A passage as it is embedded: title, then text. The title is already short enough."""

    title: str
    text: str


class TokenCounter(Protocol):
    """What cutting passages needs to know of the encoder."""

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        """For each text, the code point behind each of its tokens, ascending; special tokens not counted."""

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """How many of them each text has, in less time."""

    def passage_budget(self, title: str) -> int:
        """How many tokens of text fit beside the prompt, the title and the special tokens; SettingsError when next to none."""

    def shorten_title(self, title: str) -> str:
        """The title, or its longest beginning of whole words within `title_tokens`."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question's words with their vector, (d,) of length 1: computed once, then searched for and read for."""

    words: str
    vector: Vectors


class Encoder(TokenCounter, Protocol):
    """Text → vectors of length 1. The same text gives the same vector, bit for bit, whatever is embedded with it."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def embed_passages(self, passages: Sequence[TitledText]) -> Vectors:
        """(n, d) rows of length 1. ValueError for a passage over the token budget: nothing is cut."""

    def embed_question(self, question: str) -> Vectors:
        """(d,) of length 1. QuestionError for a question over the token budget."""

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """(n, d) rows of length 1, faster than one by one. QuestionError when one is over the token budget."""

    def embed_sentences(self, passages: Sequence[TitledText], spans: Sequence[Sequence[Span]]) -> list[Vectors]:
        """For each passage a (sentences, d) array of rows of length 1; spans are code points of its text."""


class WordVectors(Protocol):
    """Pieces of words and their vectors, of which all models that read the same words share one copy."""

    @property
    def digest(self) -> str:
        """SHA-256 of the file that they come from; models made for other words cannot use them."""

    @property
    def begin(self) -> int:
        """The id that a text begins with."""

    @property
    def end(self) -> int:
        """The id that a text ends with."""

    def tokenize(self, texts: Sequence[str]) -> tuple[list[list[int]], list[list[tuple[int, int]]]]:
        """(ids, code points) of the pieces of each text, without special ones; nothing is cut.

        A piece may begin with the blank before its word.
        """

    def vectors(self, ids: Rows) -> Vectors:
        """(…, d) the vectors of ids (…)."""


class RowIndex(Protocol[Asked]):
    """An index of passages that is asked with a question's vector or its words."""

    @property
    def count(self) -> int: ...

    def search(
        self, question: Asked, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        """(rows, scores) of the best k and of all that tie with the k-th; descending, then by row.

        None of `excluded`, and of `selected` alone where it is given: (m,) rows, ascending.
        """


class VectorIndex(RowIndex[Vectors], Protocol):
    """Nearest passages by cosine."""


class PostingsIndex(RowIndex[str], Protocol):
    """Best passages by BM25 (k1 = 1.2, b = 0.75). The weight of a word is that of the whole index."""

    def terms(self, text: str) -> list[str]:
        """The text's words as they are indexed: folded, stemmed, in order."""

    def passages_with(self, term: str) -> int:
        """How many passages hold this term; removed ones may count until they are merged away."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage to be read, with the article it stands in, the title it was embedded with, and the score of its ranking."""

    passage: Passage
    article: Article
    embedded_title: str
    score: float = 0.0

    @property
    def text(self) -> str:
        return self.passage.span.of(self.article.text)


class Reader(Protocol):
    """Question and ranked passages → their citable sentences, scored: where a trained reader takes its place."""

    def read(self, question: EncodedQuestion, candidates: Sequence[Candidate]) -> list[Evidence]:
        """One Evidence per citable sentence, best first; ties by the order of candidates, then of the text."""


class PassageNames(Protocol):
    """Rows → passage ids, for searchers."""

    def passage_ids(self, rows: Iterable[int]) -> dict[int, str]: ...
