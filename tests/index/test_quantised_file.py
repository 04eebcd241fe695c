"""A small file in the format of the default encoder: what is read of it, and what is said of a damaged one."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from qa.base.errors import ModelError
from qa.index.quantised_file import QuantisedFile, Sizes, SpecialPieces

MAGIC = b"E5S1\x01\x00\x00\x00"
SIZES = (32, 1, 4, 64, 5, 8, 2)
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁a"]
FLOATS = np.arange(32, dtype="<f4")
# two rows of a block each: scale 2, low halves 0 to 15, high halves 15
BLOCK = np.float16(2).tobytes() + bytes(0xF0 + low for low in range(16))


def written(
    *,
    magic: bytes = MAGIC,
    sizes: tuple[int, ...] = SIZES,
    block_weights: int = 32,
    special: tuple[int, ...] = (0, 2, 1, 3),
    pieces: list[bytes] | None = None,
    ends: list[int] | None = None,
) -> bytes:
    pieces = [piece.encode() for piece in PIECES] if pieces is None else pieces
    ends = np.cumsum([0, *map(len, pieces)]).tolist() if ends is None else ends
    head = magic + struct.pack("<7ifi", *sizes, 1e-12, block_weights) + struct.pack("<5iQ", len(pieces), *special, ends[-1])
    head += np.array(ends, "<u4").tobytes() + np.array([0, 0, 0, 0, -1.5], "<f4")[: len(pieces)].tobytes() + b"".join(pieces)
    head += struct.pack("<iI", 1, 3) + b"abc" + struct.pack("<i", 2)
    table = struct.calcsize("<HBIQQ") * 2 + len("norm") + len("words")
    start = len(head) + table
    head += struct.pack("<H", 4) + b"norm" + struct.pack("<BIQQ", 0, 32, start, FLOATS.nbytes)
    head += struct.pack("<H", 5) + b"words" + struct.pack("<BIQQ", 1, 64, start + FLOATS.nbytes, 2 * len(BLOCK))
    return head + FLOATS.tobytes() + 2 * BLOCK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "model.bin"
    path.write_bytes(written())
    return path


def test_sizes_vocabulary_and_tensors_are_those_of_the_file(path: Path) -> None:
    file = QuantisedFile(path)
    assert file.sizes == Sizes(*SIZES, pytest.approx(1e-12))
    assert file.vocabulary.pieces == PIECES
    assert file.vocabulary.scores.tolist() == [0, 0, 0, 0, -1.5]
    assert file.vocabulary.special == SpecialPieces(begin=0, end=2, padding=1, unknown=3)
    assert file.floats("norm", 4, 8).tolist() == FLOATS.reshape(4, 8).tolist()
    assert file.blocks("words", 2, 32).tobytes() == 2 * BLOCK


def test_a_file_that_is_cut_anywhere_says_so(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError, match=r"model\.bin"):
            file = QuantisedFile(path)
            file.floats("norm", 32)
            file.blocks("words", 2, 32)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"PK\x03\x04 something else", r"is no model in 4-bit blocks: it begins with b'PK"),
        (written(magic=b"E5S1\x02\x00\x00\x00"), "is no model in 4-bit blocks"),
        (written(block_weights=64), "blocks of 64 weights"),
        (written(sizes=(33, *SIZES[1:])), r"sizes \(33,"),
        (written(sizes=(32, 0, *SIZES[2:])), r"sizes \(32, 0,"),
        (written(special=(0, 2, 1, 9)), r"5 pieces, special ones \[0, 2, 1, 9\]"),
        (written(pieces=[b"a"] * 6), "6 pieces"),
        (written(ends=[0, 5, 3, 8, 9, 10]), "pieces that overlap"),
        (written(pieces=[b"\xff\xfe", b"a", b"b", b"c", b"d"]), "a piece that is not UTF-8"),
    ],
)
def test_a_foreign_or_damaged_file_says_what_is_wrong(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ModelError, match=said):
        QuantisedFile(path)


def test_a_tensor_of_another_name_kind_or_size_is_refused(path: Path) -> None:
    file = QuantisedFile(path)
    with pytest.raises(ModelError, match="nothing as 'other' where 32 weights in 128 bytes are expected"):
        file.floats("other", 32)
    with pytest.raises(ModelError, match="as 'words' where 64 weights"):
        file.floats("words", 64)
    with pytest.raises(ModelError, match="as 'words' where 128 weights"):
        file.blocks("words", 4, 32)


def test_a_file_that_is_not_there_is_an_error_of_the_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        QuantisedFile(tmp_path / "none.bin")
