"""Keys → what was made for each, that of the keys used last kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.base.recent import Recent


class Making:
    """It makes a word of each number, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def words(self, numbers: Sequence[int]) -> list[str]:
        self.asked.append([*numbers])
        return ["x" * number for number in numbers]


@pytest.fixture
def making() -> Making:
    return Making()


def test_each_key_is_made_once_while_it_is_kept(making: Making) -> None:
    recent: Recent[int, str] = Recent(3)
    assert recent.of([2, 1, 2], making.words) == ["xx", "x", "xx"]
    assert recent.of([1, 3, 2], making.words) == ["x", "xxx", "xx"]
    assert recent.of([3], making.words) == ["xxx"] and recent.of([], making.words) == []
    assert making.asked == [[2, 1], [3]]


def test_the_keys_used_longest_ago_are_forgotten_first(making: Making) -> None:
    recent: Recent[int, str] = Recent(2)
    for number in (1, 2, 1, 3):
        recent.of([number], making.words)
    assert recent.of([1, 3], making.words) == ["x", "xxx"] and making.asked == [[1], [2], [3]]
    recent.of([2], making.words)
    assert making.asked[3:] == [[2]]


def test_sizes_count_and_what_is_larger_than_all_is_not_kept(making: Making) -> None:
    recent: Recent[int, str] = Recent(5, size_of=len)
    recent.of([2, 3], making.words)
    assert recent.size == 5
    recent.of([4], making.words)
    assert recent.size == 4
    assert recent.of([6], making.words) == ["xxxxxx"] and recent.size == 0


def test_a_failure_keeps_nothing(making: Making) -> None:
    recent: Recent[int, str] = Recent(3)

    def fail(_: Sequence[int]) -> list[str]:
        raise OSError

    with pytest.raises(OSError):
        recent.of([1], fail)
    assert recent.of([1], making.words) == ["x"]


def test_threads_may_share_it(making: Making) -> None:
    recent: Recent[int, str] = Recent(4)
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda number: recent.of([number % 7, number % 5], making.words), range(400))
    assert [*found] == [["x" * (number % 7), "x" * (number % 5)] for number in range(400)]
    assert recent.size <= 4
