"""What the formats' tests share: the child process, and ZIP files made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pytest

from qa.corpus.parser_process import ParserProcess


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    with ParserProcess() as running:
        yield running


@pytest.fixture(scope="session")
def zip_of() -> Callable[..., bytes]:
    return _zip_of


@pytest.fixture(scope="session")
def marked_encrypted() -> Callable[[bytes], bytes]:
    return _marked_encrypted


def _zip_of(files: Mapping[str, str | bytes], *, stored: str = "") -> bytes:
    """These files in their order, `stored` of them without packing."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == stored else None)
    return made.getvalue()


def _marked_encrypted(data: bytes) -> bytes:
    """The same with the bit set that says of every file that it is encrypted."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + offset] |= 1
            place = changed.find(mark, place + 1)
    return bytes(changed)
