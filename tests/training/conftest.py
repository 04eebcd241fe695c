"""A set of six questions as tokens, and a reader of one layer that learns from it in a moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.answer.reader_weights import ReaderNetwork
from qa.base.settings import PACKAGED_READER
from qa.index.packaged_words import PackagedWords, packaged_words
from qa.training.examples import Example, PassageTokens, Place, Right, SetExamples
from qa.training.reader_start import named_reader, with_layers

NAMES = ("Ada Thorn", "Barnaby Quill", "Odette Farrow", "Leonie Strake", "Piet Doon", "Wilhelmina Sorrowby")


@pytest.fixture(scope="session")
def words() -> PackagedWords:
    return packaged_words()


@pytest.fixture(scope="session")
def keys(words: PackagedWords) -> SetExamples:
    """Who kept the keys, six times; each name has a passage with the answer and one without. The last question has no answer."""

    def tokens(text: str) -> list[int]:
        (ids,), _ = words.tokenize([text])
        return ids

    passages, examples = [], []
    for number, name in enumerate(NAMES):
        before = tokens("The mill closed early.")
        place = Place(len(before), len(before) + len(tokens(name)) - 1)
        passages.append(PassageTokens(tokens("The mill"), tokens(f"The mill closed early. {name} kept the keys of it."), True))
        passages.append(PassageTokens([], tokens(f"{name} rowed home at noon."), number % 2 == 0))
        others = [2 * other + 1 for other in range(len(NAMES))]
        examples.append(Example(tokens("Who kept the keys?"), [Right(2 * number, [place])], others, []))
    examples[-1] = Example(tokens("Who sold the keys?"), [], [1, 3], [])
    return SetExamples("keys", passages, examples, 0)


@pytest.fixture
def small_reader(words: PackagedWords) -> Callable[[], ReaderNetwork]:
    """Makes the packaged reader's first layers, so that every test has its own."""
    return lambda: with_layers(named_reader(PACKAGED_READER, words), [0, 1])
