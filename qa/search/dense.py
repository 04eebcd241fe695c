"""Question → passages ranked by the cosine of their vectors."""

from __future__ import annotations

from collections.abc import Collection

from qa.base.protocols import PassageNames, QuestionEncoder, Rows, VectorIndex
from qa.base.types import Ranking
from qa.search.ranking import ranked


class DenseSearcher:
    """Searches one state of an index; `hidden` rows are never found, and only the `selected` ones where they are given."""

    name = "dense"

    def __init__(
        self,
        encoder: QuestionEncoder,
        vectors: VectorIndex,
        names: PassageNames,
        hidden: Collection[int] = (),
        selected: Rows | None = None,
    ) -> None:
        self._encoder = encoder
        self._vectors = vectors
        self._names = names
        self._hidden = hidden
        self._selected = selected

    def search(self, question: str, *, k: int) -> Ranking:
        vector = self._encoder.embed_question(question)
        rows, scores = self._vectors.search(vector, k=k, excluded=self._hidden, selected=self._selected)
        return ranked(question, self.name, rows, scores, self._names, k=k)
