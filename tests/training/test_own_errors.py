"""Own errors: of near misses to spare, those that a reader takes most for answers."""

from __future__ import annotations

import random

from qa.base.settings import PACKAGED_READER
from qa.index.packaged_words import PackagedWords
from qa.training.examples import SetExamples
from qa.training.groups import Kind, window_of
from qa.training.own_errors import with_own_errors
from qa.training.reader_start import named_reader


def test_half_of_the_near_misses_are_those_that_the_reader_likes_best(keys: SetExamples, words: PackagedWords) -> None:
    network = named_reader(PACKAGED_READER, words)
    question = keys.examples[0].question
    right = window_of(Kind.ANSWERS, question, keys.passages[0], keys.examples[0].right[0].places)
    misses = [window_of(Kind.MISS, question, passage) for passage in keys.passages[1::2]]
    liked = window_of(Kind.MISS, question, keys.passages[2])  # it says who kept them
    for seed in range(8):
        (chosen,) = with_own_errors(network, [[right, *misses, liked]], words, size=3, random_=random.Random(seed), device="cpu")
        assert chosen[0] == right
        assert len(chosen) == 3
        assert liked in chosen
        assert all(one in misses for one in chosen if one not in (right, liked))
