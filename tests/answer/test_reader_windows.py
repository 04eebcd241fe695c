"""Windows of tokens: each token of a passage is in one, and the question and the title are in all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from qa.answer.reader_windows import check_length, token_windows
from qa.answer.token_cache import Tokens
from qa.base.errors import QuestionError


def tokens(count: int, *, first_id: int = 1_000) -> Tokens:
    ids = np.arange(first_id, first_id + count, dtype=np.int32)
    return Tokens(ids, ids, ids)


BEGIN, END = 0, 2


def test_segments_stand_apart() -> None:
    (window,) = token_windows([7, 8], tokens(2, first_id=20), tokens(3), begin=BEGIN, end=END)
    assert window.ids.tolist() == [0, 7, 8, 2, 2, 20, 21, 2, 1000, 1001, 1002, 2]
    assert (window.first, window.tokens) == (8, slice(0, 3))
    (untitled,) = token_windows([7, 8], tokens(0), tokens(3), begin=BEGIN, end=END)
    assert untitled.ids.tolist() == [0, 7, 8, 2, 2, 1000, 1001, 1002, 2]


@pytest.mark.parametrize("question", [5, 48, 200, 355])
@pytest.mark.parametrize("count", [0, 1, 231, 232, 233, 300, 2_000])
def test_every_token_is_in_a_window_at_its_place_and_windows_overlap(question: int, count: int) -> None:
    held = token_windows(list(range(10, 10 + question)), tokens(24, first_id=500), tokens(count), begin=BEGIN, end=END)
    assert sorted({at for window in held for at in range(window.tokens.start, window.tokens.stop)}) == list(range(count))
    for window in held:
        start, stop = window.tokens.start, window.tokens.stop
        assert window.ids[window.first : -1].tolist() == list(range(1_000 + start, 1_000 + stop))
        assert len(window.ids) <= 512
    assert all(one.tokens.stop - other.tokens.start == 64 for one, other in pairwise(held))


def test_a_passage_that_fits_as_in_training_is_one_window() -> None:
    question = list(range(10, 58))
    assert len(token_windows(question, tokens(24), tokens(232), begin=BEGIN, end=END)) == 1
    assert len(token_windows(question, tokens(24), tokens(233), begin=BEGIN, end=END)) == 2


def test_of_a_longer_title_the_beginning_is_read() -> None:
    (window,) = token_windows([7], tokens(30, first_id=500), tokens(3), begin=BEGIN, end=END)
    assert window.ids[4 : 4 + 25].tolist() == [*range(500, 524), END]


def test_a_question_that_leaves_no_room_is_refused() -> None:
    check_length([1] * 355, positions=512)
    with pytest.raises(QuestionError, match="has 356 tokens; the reader takes 355"):
        check_length([1] * 356, positions=512)
