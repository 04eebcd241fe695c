"""Batches: which tokens an answer begins and ends at, and an order that a seed fixes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from transformers import AutoTokenizer

from qa.base.protocols import TitledText
from qa.base.types import Span
from qa.index.packaged_encoders import ENGLISH
from qa.training.batches import Labelled, batches, groups_of_epoch, labelled
from qa.training.pairs import Example, Pair

TEXT = "Ada Thorn kept the keys. Barnaby Quill rowed."


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(ENGLISH.path(), local_files_only=True)


def words(label: Labelled, text: str) -> list[tuple[str, str]]:
    """(word an answer begins at, word it ends at), `[none]` for the first token."""

    def named(marked: Any) -> list[str]:
        return [text[label.window.starts[at] : label.window.ends[at]] if at else "[none]" for at in marked.nonzero()[0]]

    return list(zip(named(label.begins), named(label.ends), strict=True))


def test_an_answer_is_marked_at_its_first_and_last_token(tokenizer: Any) -> None:
    pair = Pair("Who?", TitledText("Ada Thorn", TEXT), (Span(0, 9), Span(25, 38)))
    ((label,),) = labelled(tokenizer, [[pair]], most_tokens=256)
    assert label.has_answer
    assert [(begin.lower()[:2], end.lower()[-2:]) for begin, end in words(label, TEXT)] == [("ad", "rn"), ("ba", "ll")]


def test_a_passage_without_an_answer_is_marked_at_its_first_token(tokenizer: Any) -> None:
    ((label,),) = labelled(tokenizer, [[Pair("Who?", TitledText("", TEXT), ())]], most_tokens=256)
    assert not label.has_answer
    assert words(label, TEXT) == [("[none]", "[none]")]


def test_of_several_windows_only_those_that_hold_the_answer_whole_have_it(tokenizer: Any) -> None:
    text = "rope " * 400 + TEXT
    start = text.index("Ada")
    (labels,) = labelled(tokenizer, [[Pair("Who?", TitledText("", text), (Span(start, start + 9),))]], most_tokens=256)
    assert len(labels) >= 2
    assert [words(label, text) == [("[none]", "[none]")] for label in labels] == [True] * (len(labels) - 1) + [False]


def test_a_window_that_cuts_an_answer_in_two_is_left_out(tokenizer: Any) -> None:
    text = "rope " * 600
    (whole,) = labelled(tokenizer, [[Pair("Who?", TitledText("", text), ())]], most_tokens=256)
    across = labelled(tokenizer, [[Pair("Who?", TitledText("", text), (Span(0, len(text) - 1),))]], most_tokens=256)
    assert len(whole) > 1 and across == []


def epoch(seed: int, **shares: float) -> list[list[Pair]]:
    question = "Who kept the keys of Gallow Hill?"
    right = Pair(question, TitledText("", "Ada Thorn kept the keys of Gallow Hill, near Old Mill."), (Span(0, 9),))
    misses = tuple(Pair(question, TitledText("", f"miss {number}"), ()) for number in range(4))
    examples = [Example((right,), misses)] * 400 + [Example((), misses)] * 10
    return groups_of_epoch(examples, **({"near_misses": 0.5, "made_unanswerable": 0.0} | shares), random_=random.Random(seed))


def test_an_epoch_has_a_right_passage_of_each_question_with_near_misses_by_share() -> None:
    groups = epoch(1)
    assert len(groups) == 410
    assert all(group[0].answers for group in groups[:400]) and not any(pair.answers for group in groups for pair in group[1:])
    assert 160 <= sum(len(group) - 1 for group in groups[:400]) <= 240
    assert [len(group) for group in groups[400:]] == [1] * 10
    assert groups == epoch(1)
    assert groups != epoch(2)


def test_questions_made_unanswerable_are_groups_of_their_own_by_share() -> None:
    made = [group for group in epoch(1, made_unanswerable=0.3) if "Old Mill" in group[0].question]
    assert 90 <= len(made) <= 150
    assert all(len(group) == 1 and not group[0].answers and "Ada Thorn" in group[0].passage.text for group in made)


def test_batches_hold_every_group_once_and_whole_with_those_of_like_length(tokenizer: Any) -> None:
    pairs = [[Pair("Who?", TitledText("", "rope " * (number % 50 + 1)), ())] * (number % 2 + 1) for number in range(200)]
    groups = labelled(tokenizer, pairs, most_tokens=256)
    made = list(batches(groups, size=16, random_=random.Random(3)))
    assert sorted(id(group) for batch in made for group in batch) == sorted(map(id, groups))
    lengths = [[label.window.length for group in batch for label in group] for batch in made]
    assert max(max(some) - min(some) for some in lengths) <= 8
    assert sorted(map(len, lengths))[1:] == [len(some) for some in sorted(lengths, key=len)[1:] if 16 <= len(some) <= 17]
