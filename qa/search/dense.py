"""Question → passages ranked by the cosine of their vectors."""

from __future__ import annotations

from collections.abc import Collection

from qa.protocols import PassageNames, QuestionEncoder, VectorIndex
from qa.search.ranking import ranked
from qa.types import Ranking


class DenseSearcher:
    """Searches one state of an index; `hidden` rows are never found."""

    name = "dense"

    def __init__(self, encoder: QuestionEncoder, vectors: VectorIndex, names: PassageNames, hidden: Collection[int] = ()) -> None:
        self._encoder = encoder
        self._vectors = vectors
        self._names = names
        self._hidden = hidden

    def search(self, question: str, *, k: int) -> Ranking:
        rows, scores = self._vectors.search(self._encoder.embed_question(question), k=k, excluded=self._hidden)
        return ranked(question, self.name, rows, scores, self._names, k=k)
