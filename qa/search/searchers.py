"""Question → passages ranked by one index: the vectors are asked with the question's vector, the postings with its words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Generic

from qa.base.protocols import Asked, PassageNames, RowIndex, Rows
from qa.base.types import Ranking
from qa.search.ordering import ranked


class Searcher(Generic[Asked]):
    """Searches one state of an index; `hidden` rows are never found, and only the `selected` ones where they are given."""

    def __init__(
        self,
        name: str,
        index: RowIndex[Asked],
        names: PassageNames,
        hidden: Collection[int] = (),
        selected: Rows | None = None,
    ) -> None:
        self.name = name
        self._index = index
        self._names = names
        self._hidden = hidden
        self._selected = selected

    def search(self, question: str, asked: Asked, *, k: int) -> Ranking:
        """The best k for the question, which the index is `asked` in its own form."""
        rows, scores = self._index.search(asked, k=k, excluded=self._hidden, selected=self._selected)
        return ranked(question, self.name, rows, scores, self._names, k=k)
