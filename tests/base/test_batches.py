"""Inputs by their lengths → batches, in which each row's length follows from its own alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.base.batches import batches

LENGTHS = st.lists(st.integers(0, 512), max_size=40)


def lengths_of(lengths: list[int], most_tokens: int = 2_048) -> dict[int, int]:
    return {row: batch.length for batch in batches(lengths, most_tokens=most_tokens, longest=512) for row in batch.rows}


@given(lengths=LENGTHS, most_tokens=st.integers(1, 4_096))
def test_every_row_stands_once_in_a_batch_that_holds_it(lengths: list[int], most_tokens: int) -> None:
    made = [*batches(lengths, most_tokens=most_tokens, longest=512)]
    assert sorted(row for batch in made for row in batch.rows) == [*range(len(lengths))]
    for batch in made:
        assert max(lengths[row] for row in batch.rows) <= batch.length <= 512
        assert len(batch.rows) * batch.length <= most_tokens or len(batch.rows) == 1
    assert [batch.length for batch in made] == sorted(batch.length for batch in made)


@given(lengths=LENGTHS.filter(len))
def test_a_row_is_filled_up_to_the_same_length_alone_and_among_others(lengths: list[int]) -> None:
    together = lengths_of(lengths)
    assert [together[row] for row in range(len(lengths))] == [lengths_of([length])[0] for length in lengths]


def test_little_is_filling() -> None:
    assert [lengths_of([length])[0] for length in (0, 1, 8, 9, 40, 41, 100, 129, 200, 256, 257, 505)] == [
        *(8, 8, 8, 16, 40, 48, 112, 160, 224, 256, 288, 512)
    ]


def test_a_model_with_fewer_places_than_the_filling_takes_is_not_exceeded() -> None:
    assert [batch.length for batch in batches([250, 90], most_tokens=1_000, longest=250)] == [96, 250]
