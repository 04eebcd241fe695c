"""The file of a BERT in 4-bit blocks → its sizes, its vocabulary and its tensors. The file is mapped, not read at once.

A block holds 32 neighbouring weights in 18 bytes: a float16 scale, then 16 bytes. The low half of byte `i` is weight `i`, the
high half weight `16 + i`, each a number of 0 to 15 that stands for -8 to 7 times the scale. (ggml calls it Q4_0.)

The file's parts, little-endian: a magic number; the model's sizes; the ids of the special pieces; the pieces of the
vocabulary with their scores; a table of Unicode that is not used here; then the name, kind and place of each tensor.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.base.errors import ModelError

BLOCK_WEIGHTS = 32
BLOCK_BYTES = 18
_MAGIC = b"E5S1\x01\x00\x00\x00"
_FLOATS, _BLOCKS = 0, 1  # kinds of tensors


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a BERT is made of, as its configuration names it."""

    dimension: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class SpecialPieces:
    """Ids of the pieces that stand for no text."""

    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of words by id, with the logarithm of how likely each is. A word's first piece begins with U+2581."""

    pieces: list[str]
    scores: array[float]
    special: SpecialPieces


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: int
    weights: int
    start: int
    bytes: int


class QuantisedFile:
    """A model's file, opened and checked.

    Raises:
        ModelError: the file cannot be read, is of another kind, or ends before what it announces.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as stream:
                # a private copy-on-write mapping: nobody writes, so every process shares the pages
                self._bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        except (OSError, ValueError) as error:  # ValueError: an empty file
            raise ModelError(f"The model {path} cannot be read: {error}.") from error
        if self._bytes[: len(_MAGIC)] != _MAGIC:
            raise ModelError(f"{path} is no model in 4-bit blocks: it begins with {self._bytes[:8]!r}, expected {_MAGIC!r}.")
        self._at = len(_MAGIC)
        dimension, layers, heads, inner, vocabulary, positions, token_types = sizes = self._take("7i")
        (epsilon,) = self._take("f")
        self.sizes = Sizes(dimension, layers, heads, inner, vocabulary, positions, token_types, epsilon)
        block_weights = self._take_number()
        if block_weights != BLOCK_WEIGHTS or min(sizes) <= 0 or dimension % BLOCK_WEIGHTS or inner % BLOCK_WEIGHTS:
            raise self._damaged(f"sizes {sizes} with blocks of {block_weights} weights")
        self.vocabulary = self._take_vocabulary()
        self._skip_table()
        self._tensors = self._take_tensors()

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A float32 tensor of this shape, copied."""
        place = self._tensor(name, _FLOATS, int(np.prod(shape)), bytes_=4 * int(np.prod(shape)))
        return self._array("<f4", place.weights, place.start).astype(np.float32).reshape(shape)

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[np.uint8]:
        """The blocks of a (rows, columns) tensor, (rows, columns / 32, 18), as they stand in the mapped file."""
        blocks = rows * columns // BLOCK_WEIGHTS
        place = self._tensor(name, _BLOCKS, rows * columns, bytes_=blocks * BLOCK_BYTES)
        return self._array("u1", place.bytes, place.start).reshape(rows, columns // BLOCK_WEIGHTS, BLOCK_BYTES)

    def _take_vocabulary(self) -> Vocabulary:
        count, *special, length = self._take("5iQ")
        if count <= 0 or count > self.sizes.vocabulary or not all(0 <= one < count for one in special):
            raise self._damaged(f"{count} pieces, special ones {special}")
        ends = self._array("<u4", count + 1, self._advance(4 * (count + 1)))
        scores = self._array("<f4", count, self._advance(4 * count))
        start = self._advance(length)
        if ends[0] or ends[-1] != length or (np.diff(ends.astype(np.int64)) < 0).any():
            raise self._damaged("pieces that overlap")
        text, places = self._bytes[start : start + length], ends.tolist()
        try:
            pieces = [text[begin:end].decode() for begin, end in pairwise(places)]
        except UnicodeDecodeError as error:
            raise self._damaged(f"a piece that is not UTF-8 ({error})") from error
        return Vocabulary(pieces, array("f", scores.astype(np.float32).tobytes()), SpecialPieces(*special))

    def _skip_table(self) -> None:
        _entries, length = self._take("iI")
        self._advance(length)

    def _take_tensors(self) -> dict[str, _Tensor]:
        tensors: dict[str, _Tensor] = {}
        for _ in range(self._take_number()):
            (length,) = self._take("H")
            start = self._advance(length)
            name = self._bytes[start : start + length].decode(errors="replace")
            tensors[name] = _Tensor(*self._take("BIQQ"))
        return tensors

    def _tensor(self, name: str, kind: int, weights: int, *, bytes_: int) -> _Tensor:
        found = self._tensors.get(name)
        if found is None or (found.kind, found.weights, found.bytes) != (kind, weights, bytes_):
            raise self._damaged(f"{found or 'nothing'} as {name!r} where {weights} weights in {bytes_} bytes are expected")
        return found

    def _take_number(self) -> int:
        return self._take("i")[0]

    def _take(self, layout: str) -> tuple[int, ...]:
        start = self._advance(struct.calcsize("<" + layout))
        return struct.unpack_from("<" + layout, self._bytes, start)

    def _advance(self, length: int) -> int:
        """Where the next `length` bytes begin; the reading goes on behind them."""
        start = self._at
        self._within(start, length)
        self._at = start + length
        return start

    def _array(self, kind: str, count: int, start: int) -> NDArray[np.uint8]:
        self._within(start, count * np.dtype(kind).itemsize)
        return np.frombuffer(self._bytes, kind, count, start)

    def _within(self, start: int, length: int) -> None:
        if start + length > len(self._bytes):
            raise self._damaged(f"{len(self._bytes)} bytes, and {length} more are expected from byte {start} on")

    def _damaged(self, found: str) -> ModelError:
        return ModelError(f"The model {self.path} is damaged or cut short: it has {found}. Install its package again.")
