"""Vectors → the nearest rows by cosine. Home of faiss.

Kinds, chosen by size: Flat (exact) to 100,000 vectors, SQ8 (8 bits a number) to a million, IVF,SQ8
beyond. Rows added since the last file was written are searched beside it by brute force.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import faiss
import numpy as np

from qa.errors import IndexDamaged
from qa.protocols import Rows, VectorIndex, Vectors

_LARGEST_FLAT = 100_000
_LARGEST_SQ8 = 1_000_000
_TIES = 32  # hits fetched beyond k, so that ties with the k-th are seen


def kind_for(count: int) -> str:
    """The faiss factory name for this many vectors."""
    if count <= _LARGEST_FLAT:
        return "Flat"
    if count <= _LARGEST_SQ8:
        return "SQ8"
    return f"IVF{4 * round(count**0.5)},SQ8"


class FaissVectors:
    """An immutable faiss index over rows."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: Rows, vectors: Vectors, *, kind: str) -> FaissVectors:
        """Index (n, d) `vectors` of length 1 under their (n,) `rows`."""
        inner = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        if not inner.is_trained:
            inner.train(vectors)
        if isinstance(inner, faiss.IndexIVF):
            inner.nprobe = max(1, inner.nlist // 16)
        index = faiss.IndexIDMap2(inner)
        index.add_with_ids(vectors, rows)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> FaissVectors:
        """Read a file that `save` wrote. Check its digest before: faiss loads damaged files silently."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexDamaged(path.parent, f"{path} cannot be read: {error}. `qa rebuild` makes it anew.") from error

    def save(self, path: Path) -> None:
        """Write the file; OSError when the disk refuses."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} cannot be written: {error}") from error

    @property
    def count(self) -> int:
        return int(self._index.ntotal)

    def rows(self) -> Rows:
        """(n,) the rows it holds, in no order."""
        rows: Rows = faiss.vector_to_array(self._index.id_map)
        return rows

    def search(self, question: Vectors, *, k: int, excluded: Collection[int] = ()) -> tuple[Rows, Vectors]:
        named = faiss.IDSelectorBatch(np.fromiter(excluded, np.int64))  # kept alive here: faiss holds bare pointers
        selector = faiss.IDSelectorNot(named) if excluded else None
        fetched = min(self.count, k + _TIES)
        while fetched:
            scores, rows = self._index.search(question[None], fetched, params=self._parameters(selector))
            rows, scores = rows[0], scores[0]
            found = rows >= 0
            rows, scores = rows[found], scores[found]
            if len(rows) < fetched or fetched == self.count or scores[-1] < scores[k - 1]:
                return best(rows, scores, k)
            fetched = min(self.count, 2 * fetched)
        return np.zeros(0, np.int64), np.zeros(0, np.float32)

    def _parameters(self, selector: faiss.IDSelector | None) -> faiss.SearchParameters | None:
        if selector is None:
            return None
        inner = faiss.downcast_index(self._index.index)
        if isinstance(inner, faiss.IndexIVF):
            return faiss.SearchParametersIVF(sel=selector, nprobe=inner.nprobe)
        return faiss.SearchParameters(sel=selector)


class ExactVectors:
    """Brute force over a matrix: the rows since the last file, and the reference in tests."""

    def __init__(self, rows: Rows, vectors: Vectors) -> None:
        self._rows = rows
        self._vectors = vectors

    @property
    def count(self) -> int:
        return len(self._rows)

    def search(self, question: Vectors, *, k: int, excluded: Collection[int] = ()) -> tuple[Rows, Vectors]:
        # not `@`: BLAS rounds by a row's place in the matrix, and equal passages would no longer tie
        scores = np.einsum("nd,d->n", self._vectors, question)
        if not excluded:
            return best(self._rows, scores, k)
        kept = ~np.isin(self._rows, np.fromiter(excluded, np.int64))
        return best(self._rows[kept], scores[kept], k)


class OverlaidVectors:
    """Two indexes over different rows, searched as one."""

    def __init__(self, base: VectorIndex, overlay: VectorIndex) -> None:
        self._parts = (base, overlay)

    @property
    def count(self) -> int:
        return sum(part.count for part in self._parts)

    def search(self, question: Vectors, *, k: int, excluded: Collection[int] = ()) -> tuple[Rows, Vectors]:
        found = [part.search(question, k=k, excluded=excluded) for part in self._parts if part.count]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return best(np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found]), k)


def best(rows: Rows, scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    """The best k and all that tie with the k-th, by (-score, row)."""
    order = np.lexsort((rows, -scores))
    rows, scores = rows[order], scores[order]
    if len(rows) <= k:
        return rows, scores
    kept = int(np.searchsorted(-scores, -scores[k - 1], side="right"))
    return rows[:kept], scores[:kept]
