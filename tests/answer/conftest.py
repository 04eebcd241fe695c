"""The packaged reader, loaded once for the tests of this folder."""

from __future__ import annotations

import pytest

from qa.answer.reading import ReadingModel


@pytest.fixture(scope="session")
def packaged() -> ReadingModel:
    # with torch, which the process that shares out the tests does not need
    from qa.answer.packaged_reader import PackagedReader
    from qa.answer.reader_files import PACKAGED
    from qa.index.packaged_words import packaged_words

    return PackagedReader(PACKAGED, packaged_words, precision="float32")
