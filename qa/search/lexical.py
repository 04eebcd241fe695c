"""Question → passages ranked by BM25 of its words."""

from __future__ import annotations

from collections.abc import Collection

from qa.base.protocols import PassageNames, PostingsIndex, Rows
from qa.base.types import Ranking
from qa.search.ranking import ranked


class LexicalSearcher:
    """Searches one state of an index; `hidden` rows are never found, and only the `selected` ones where they are given."""

    name = "lexical"

    def __init__(
        self, postings: PostingsIndex, names: PassageNames, hidden: Collection[int] = (), selected: Rows | None = None
    ) -> None:
        self._postings = postings
        self._names = names
        self._hidden = hidden
        self._selected = selected

    def search(self, question: str, *, k: int) -> Ranking:
        rows, scores = self._postings.search(question, k=k, excluded=self._hidden, selected=self._selected)
        return ranked(question, self.name, rows, scores, self._names, k=k)
