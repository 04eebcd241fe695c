"""Batches: which tokens an answer begins and ends at, and an order that a seed fixes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from transformers import AutoTokenizer

from qa.index.encoder import packaged_model_path
from qa.protocols import TitledText
from qa.training.batches import Labelled, batches, labelled, pairs_of_epoch
from qa.training.pairs import Example, Pair
from qa.types import Span

TEXT = "Ada Thorn kept the keys. Barnaby Quill rowed."


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(packaged_model_path(), local_files_only=True)


def words(label: Labelled, text: str) -> list[tuple[str, str]]:
    """(word an answer begins at, word it ends at), `[none]` for the first token."""

    def named(marked: Any) -> list[str]:
        return [text[label.window.starts[at] : label.window.ends[at]] if at else "[none]" for at in marked.nonzero()[0]]

    return list(zip(named(label.begins), named(label.ends), strict=True))


def test_an_answer_is_marked_at_its_first_and_last_token(tokenizer: Any) -> None:
    pair = Pair("Who?", TitledText("Ada Thorn", TEXT), (Span(0, 9), Span(25, 38)))
    (label,) = labelled(tokenizer, [pair], most_tokens=256)
    assert [(begin.lower()[:2], end.lower()[-2:]) for begin, end in words(label, TEXT)] == [("ad", "rn"), ("ba", "ll")]


def test_a_passage_without_an_answer_is_marked_at_its_first_token(tokenizer: Any) -> None:
    (label,) = labelled(tokenizer, [Pair("Who?", TitledText("", TEXT), ())], most_tokens=256)
    assert words(label, TEXT) == [("[none]", "[none]")]


def test_of_several_windows_only_those_that_hold_the_answer_whole_have_it(tokenizer: Any) -> None:
    text = "rope " * 400 + TEXT
    start = text.index("Ada")
    labels = labelled(tokenizer, [Pair("Who?", TitledText("", text), (Span(start, start + 9),))], most_tokens=256)
    assert len(labels) >= 2
    assert [words(label, text) == [("[none]", "[none]")] for label in labels] == [True] * (len(labels) - 1) + [False]


def test_a_window_that_cuts_an_answer_in_two_is_left_out(tokenizer: Any) -> None:
    text = "rope " * 600
    whole = labelled(tokenizer, [Pair("Who?", TitledText("", text), ())], most_tokens=256)
    across = labelled(tokenizer, [Pair("Who?", TitledText("", text), (Span(0, len(text) - 1),))], most_tokens=256)
    assert len(whole) > 1 and across == []


def test_an_epoch_has_a_right_passage_of_each_question_and_near_misses_by_share() -> None:
    right = Pair("q", TitledText("", "right"), (Span(0, 5),))
    misses = tuple(Pair("q", TitledText("", f"miss {number}"), ()) for number in range(4))
    examples = [Example((right,), misses)] * 400 + [Example((), misses)] * 10
    chosen = pairs_of_epoch(examples, near_misses=0.5, random_=random.Random(1))
    assert sum(bool(pair.answers) for pair in chosen) == 400
    assert 160 <= sum(not pair.answers for pair in chosen) - 10 <= 240
    assert chosen == pairs_of_epoch(examples, near_misses=0.5, random_=random.Random(1))
    assert chosen != pairs_of_epoch(examples, near_misses=0.5, random_=random.Random(2))


def test_batches_hold_every_window_once_with_those_of_like_length(tokenizer: Any) -> None:
    pairs = [Pair("Who?", TitledText("", "rope " * (number % 50 + 1)), ()) for number in range(200)]
    labels = labelled(tokenizer, pairs, most_tokens=256)
    made = list(batches(labels, size=16, random_=random.Random(3)))
    assert sorted(id(label) for batch in made for label in batch) == sorted(map(id, labels))
    assert max(max(one.window.length for one in batch) - min(one.window.length for one in batch) for batch in made) <= 8
    assert [len(batch) for batch in made].count(16) == 12
