"""Vectors → the nearest rows by cosine. Home of faiss.

Kinds, chosen by size: Flat (exact) to 100,000 vectors, IVF,SQ8 (lists, of which some are searched; 8 bits a number) beyond.
Rows added since the last file was written are searched beside it by brute force.

With selected rows, Flat compares every vector. IVF searches more lists the smaller the selection is, and all lists
for a small one. Without this, a selection of one row in a hundred gives only a third of the best hits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.base.errors import IndexDamaged
from qa.base.protocols import Rows, VectorIndex, Vectors

_LARGEST_FLAT = 100_000
_SEARCHED_SHARE = 8  # one of so many lists; of 16, three in a hundred of the best 10 were missed, of 8 one …
_SEARCHED = 50_000  # … but lists of so many vectors, which take some 4 ms
_SAMPLE = 100_000  # vectors, evenly spread, whose numbers the 8 bits must span …
_TRAINED_ON = 64  # … and of them, for each list; more make training slow and lists no better
_TRAINING_ROUNDS = 10
_OUTGROWN = 2  # times as many lists as there are would be made now: four times as many vectors
_ADDED_AT_ONCE = 50_000
_LISTS = re.compile(r"IVF(\d+),")
_TIES = 32  # hits beyond k, to include ties with the k-th


def kind_for(count: int) -> str:
    """The faiss factory name for this many vectors."""
    if count <= _LARGEST_FLAT:
        return "Flat"
    return f"IVF{round(count**0.5)},SQ8"


def can_grow(kind: str, *, to: int) -> bool:
    """Whether a file of this kind may get vectors added `to` so many, and need not be built anew from all."""
    lists = [int(found[1]) for name in (kind, kind_for(to)) for found in [_LISTS.match(name)] if found]
    if len(lists) == 2:
        return lists[1] <= _OUTGROWN * lists[0]
    return kind == kind_for(to)


class FaissVectors:
    """An immutable faiss index over rows."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: Rows, vectors: Vectors, *, kind: str) -> FaissVectors:
        """Index (n, d) `vectors` of length 1 under their (n,) `rows`."""
        index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        if isinstance(index, faiss.IndexIVF):  # it keeps rows itself
            index.nprobe = math.ceil(index.nlist * min(1, max(1 / _SEARCHED_SHARE, _SEARCHED / len(rows))))
            index.cp.niter, index.cp.max_points_per_centroid = _TRAINING_ROUNDS, _TRAINED_ON
            sample = np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(np.int64)
            index.train(vectors[sample])
        else:
            if not index.is_trained:
                index.train(vectors)
            index = faiss.IndexIDMap(index)
        return cls(index)._with(rows, vectors)

    def _with(self, rows: Rows, vectors: Vectors) -> FaissVectors:
        for start in range(0, len(rows), _ADDED_AT_ONCE):
            self._index.add_with_ids(vectors[start : start + _ADDED_AT_ONCE], rows[start : start + _ADDED_AT_ONCE])
        return self

    @classmethod
    def grown(cls, path: Path, rows: Rows, vectors: Vectors, *, without: Rows) -> FaissVectors:
        """The index of a file with rows added and others taken out; the file stays as it is. IndexDamaged as `open`."""
        grown = cls.open(path)
        if len(without):
            grown._index.remove_ids(faiss.IDSelectorBatch(without))
        return grown._with(rows, vectors)

    @classmethod
    def open(cls, path: Path) -> FaissVectors:
        """Read a file of `save`. Check its digest first: faiss loads damaged files without an error."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexDamaged(path.parent, f"{path} cannot be read: {error}. `qa rebuild` rebuilds it.") from error

    def save(self, path: Path) -> None:
        """Write the file; OSError if that fails."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} cannot be written: {error}") from error

    @property
    def count(self) -> int:
        return int(self._index.ntotal)

    def rows(self) -> Rows:
        """(n,) all rows, in no order."""
        if isinstance(self._index, faiss.IndexIVF):
            lists = self._index.invlists
            held = [faiss.rev_swig_ptr(lists.get_ids(one), lists.list_size(one)).copy() for one in range(lists.nlist)]
            rows: Rows = np.concatenate(held)
        else:
            rows = faiss.vector_to_array(self._index.id_map)
        return rows

    def search(
        self, question: Vectors, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        allowed = None if selected is None else without(selected, excluded)
        if allowed is not None:
            most, selector = min(self.count, len(allowed)), _bitmap(allowed)
        else:
            most = self.count
            named = faiss.IDSelectorBatch(np.fromiter(excluded, np.int64))  # kept alive here: faiss holds bare pointers
            selector = faiss.IDSelectorNot(named) if excluded else None
        parameters = self._parameters(selector, 1.0 if allowed is None else most / max(1, self.count))
        fetched = min(most, k + _TIES)
        while fetched:
            scores, rows = self._index.search(question[None], fetched, params=parameters)
            rows, scores = rows[0], scores[0]
            is_hit = rows >= 0
            rows, scores = rows[is_hit], scores[is_hit]
            if len(rows) < fetched or fetched == most or scores[-1] < scores[k - 1]:
                return best(rows, scores, k)
            fetched = min(most, 2 * fetched)
        return np.zeros(0, np.int64), np.zeros(0, np.float32)

    def _parameters(self, selector: faiss.IDSelector | None, share: float) -> faiss.SearchParameters | None:
        """`share` is the share of all vectors that the selector admits."""
        if selector is None:
            return None
        is_wrapped = isinstance(self._index, faiss.IndexIDMap | faiss.IndexIDMap2)
        index = faiss.downcast_index(self._index.index) if is_wrapped else self._index  # files of before are wrapped
        if isinstance(index, faiss.IndexIVF):
            return faiss.SearchParametersIVF(sel=selector, nprobe=min(index.nlist, math.ceil(index.nprobe / max(share, 1e-9))))
        return faiss.SearchParameters(sel=selector)


def _bitmap(rows: Rows) -> faiss.IDSelectorBitmap:
    """A bitmap of the rows: a lookup costs the same for any number of rows."""
    bits = np.zeros(int(rows.max(initial=0)) + 1, bool)
    bits[rows] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))


class ExactVectors:
    """Brute force over a matrix, for the rows since the last file and as the reference in tests."""

    def __init__(self, rows: Rows, vectors: Vectors) -> None:
        self._rows = rows
        self._vectors = vectors

    @property
    def count(self) -> int:
        return len(self._rows)

    def search(
        self, question: Vectors, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        # not `@`: BLAS rounds depending on a row's position, and equal passages would no longer tie
        scores = np.einsum("nd,d->n", self._vectors, question)
        kept = admitted(self._rows, excluded, selected)
        return best(self._rows[kept], scores[kept], k)


def no_vectors(dimension: int) -> ExactVectors:
    """An index of no passages."""
    return ExactVectors(np.zeros(0, np.int64), np.zeros((0, dimension), np.float32))


class OverlaidVectors:
    """Two indexes over different rows, searched as one."""

    def __init__(self, base: VectorIndex, overlay: VectorIndex) -> None:
        self._parts = (base, overlay)

    @property
    def count(self) -> int:
        return sum(part.count for part in self._parts)

    def search(
        self, question: Vectors, *, k: int, excluded: Collection[int] = (), selected: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        results = [part.search(question, k=k, excluded=excluded, selected=selected) for part in self._parts if part.count]
        if not results:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return best(np.concatenate([rows for rows, _ in results]), np.concatenate([scores for _, scores in results]), k)


def admitted(rows: Rows, excluded: Collection[int], selected: Rows | None) -> NDArray[np.bool_]:
    """(n,) whether each row is selected (all are if `selected` is None) and not excluded; `selected` is ascending."""
    kept = ~np.isin(rows, np.fromiter(excluded, np.int64)) if excluded else np.ones(len(rows), bool)
    if selected is None:
        return kept
    if not len(selected):
        return np.zeros(len(rows), bool)
    places = np.minimum(np.searchsorted(selected, rows), len(selected) - 1)
    is_selected: NDArray[np.bool_] = selected[places] == rows
    return kept & is_selected


def without(rows: Rows, excluded: Collection[int]) -> Rows:
    """The rows that are not excluded."""
    return rows[admitted(rows, excluded, None)]


def best(rows: Rows, scores: Vectors, k: int) -> tuple[Rows, Vectors]:
    """The best k and all that tie with the k-th, by (-score, row)."""
    order = np.lexsort((rows, -scores))
    rows, scores = rows[order], scores[order]
    if len(rows) <= k:
        return rows, scores
    kept = int(np.searchsorted(-scores, -scores[k - 1], side="right"))
    return rows[:kept], scores[:kept]
