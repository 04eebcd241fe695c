"""Groups: which questions a pass asks, and with which passages."""

from __future__ import annotations

import random

from qa.training.examples import Example, PassageTokens, Place, Right, SetExamples
from qa.training.groups import Asked, Kind, Window, group_of, questions_of_pass

PASSAGES = [PassageTokens([100 + number], [200 + number], True) for number in range(12)]
RIGHT = [Right(0, [Place(0, 0)]), Right(1, [Place(0, 0)])]
EXAMPLE = Example([7], RIGHT, list(range(2, 12)), [[8], [9]])


def groups(example: Example, *, size: int = 6, tries: int = 300) -> list[list[Window]]:
    return [group_of(Asked(example, PASSAGES), size=size, random_=random.Random(seed)) for seed in range(tries)]


def kinds(group: list[Window]) -> list[str]:
    return [window.kind.name for window in group]


def test_a_group_has_a_right_passage_or_both_and_different_near_misses_up_to_its_size() -> None:
    made = groups(EXAMPLE)
    assert {len(group) for group in made} == {6}
    assert all(len({(window.question[0], window.text[0]) for window in group}) == 6 for group in made)
    assert 110 <= sum(kinds(group).count("ANSWERS") == 2 for group in made) <= 190
    assert all(kinds(group)[0] == "ANSWERS" and group[0].places == [Place(0, 0)] for group in made)


def test_near_misses_are_most_often_of_the_nearest() -> None:
    taken = [window.text[0] - 200 for group in groups(EXAMPLE, size=4) for window in group if window.kind is Kind.MISS]
    assert taken.count(2) > 2 * taken.count(10) > 0


def test_the_right_passage_stands_beside_a_made_question_in_some_groups() -> None:
    made = [window for group in groups(EXAMPLE) for window in group if window.kind is Kind.MADE]
    assert 150 <= len(made) <= 210
    assert {window.question[0] for window in made} == {8, 9}
    assert {window.text[0] for window in made} == {200}
    assert all(not window.places for window in made)


def test_some_groups_are_read_without_titles_and_headlines_always() -> None:
    shown = [{bool(window.title) for window in group} for group in groups(EXAMPLE)]
    assert all(len(one) == 1 for one in shown)
    assert 210 <= sum(one == {True} for one in shown) <= 270
    headline = Example([7], [Right(0, [])], [2, 3], [], is_headline=True)
    for group in groups(headline, tries=20):
        assert kinds(group) == ["RELEVANT", "MISS", "MISS"]
        assert not any(window.title for window in group)


def test_a_question_without_an_answer_has_near_misses_alone() -> None:
    assert kinds(groups(Example([7], [], [2, 3], []), tries=1)[0]) == ["MISS", "MISS"]


def test_a_pass_asks_sets_as_often_and_as_much_as_it_is_told() -> None:
    sets = [
        SetExamples(name, PASSAGES, [Example([number], RIGHT, [], []) for number in range(start, start + 10)], 0)
        for name, start in (("news", 0), ("facts", 10), ("tales", 20))
    ]

    def asked(seed: int) -> list[int]:
        chosen = questions_of_pass(sets, times={"news": 2}, takes={"facts": 4}, random_=random.Random(seed))
        return [one.example.question[0] for one in chosen]

    first, second = asked(1), asked(2)
    assert sorted(one for one in first if not 10 <= one < 20) == sorted([*range(10), *range(10), *range(20, 30)])
    facts = [{one for one in chosen if 10 <= one < 20} for chosen in (first, second)]
    assert [*map(len, facts)] == [4, 4] and facts[0] != facts[1]
    assert asked(1) == first != sorted(first)
