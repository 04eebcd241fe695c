"""Figures of a reader: where the answer is, whether there is one, and which passage has it."""

from __future__ import annotations

import math
from dataclasses import replace

from qa.base.settings import PACKAGED_READER
from qa.index.packaged_words import PackagedWords
from qa.training.examples import SetExamples
from qa.training.reader_figures import measure
from qa.training.reader_start import named_reader


def test_the_packaged_reader_finds_who_kept_the_keys_and_that_nobody_sold_them(keys: SetExamples, words: PackagedWords) -> None:
    answerable = replace(keys, name="answerable", examples=keys.examples[:2])
    both, found, nothing = keys, answerable, replace(keys, examples=[])
    figures = measure(named_reader(PACKAGED_READER, words), [both, found, nothing], words)
    assert [one.name for one in figures] == ["keys", "answerable"]
    assert figures[0].exact.tolist() == figures[0].f1.tolist() == figures[0].first.tolist() == [1.0] * 5
    assert figures[0].answerable == 1.0
    assert math.isnan(figures[1].answerable)
