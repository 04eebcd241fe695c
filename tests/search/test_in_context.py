"""The ranking of a question and that of its conversation → one ranking, the arithmetic written out."""

from __future__ import annotations

import pytest

from qa.base.types import Hit, Ranking
from qa.search.in_context import in_context


def ranking(*hits: tuple[str, float], question: str = "q") -> Ranking:
    return Ranking(question, "distinct", tuple(Hit(*hit) for hit in hits))


QUESTION = ranking(("a", 1.0), ("b", 0.9), ("c", 0.5))


def test_the_conversation_s_passages_move_up_and_the_best_score_stays() -> None:
    merged = in_context(QUESTION, ranking(("b", 7.0), ("d", 2.0), question="the conversation"), k=10)
    assert [hit.passage_id for hit in merged.hits] == ["b", "a", "d", "c"]
    bonus = 0.6 * (1.0 - 0.5)  # .6 of the difference between the first and the last score
    lift = 0.9 + bonus - 1.0  # b is first now, and has the score that a had
    assert [hit.score for hit in merged.hits] == pytest.approx([1.0, 1.0 - lift, 0.5 + bonus - lift, 0.5 - lift])
    assert (merged.question, merged.scorer) == ("q", "distinct")


def test_the_question_alone_orders_the_first_ten_of_the_conversation() -> None:
    conversation = ranking(("c", 10.0), ("b", 9.0), ("a", 8.0), *((f"x{n}", 7.0 - n / 10) for n in range(7)))
    assert [hit.passage_id for hit in in_context(QUESTION, conversation, k=3).hits] == ["a", "b", "c"]


def test_those_behind_the_tenth_earn_less_and_the_last_nothing() -> None:
    conversation = ranking(*((f"x{n:02}", 20.0 - n) for n in range(10)), ("half", 8.5), ("last", 6.0))
    scores = {hit.passage_id: hit.score for hit in in_context(QUESTION, conversation, k=20).hits}
    bonus = 0.6 * (1.0 - 0.5)
    assert scores["x09"] - scores["last"] == pytest.approx(bonus)
    assert scores["half"] - scores["last"] == pytest.approx(bonus * (8.5 - 6.0) / (11.0 - 6.0))  # the tenth has 11
    assert scores["last"] == pytest.approx(scores["c"])


def test_a_ranking_of_equal_scores_is_ordered_by_the_conversation() -> None:
    equal = ranking(("a", 0.5), ("b", 0.5))
    assert [hit.passage_id for hit in in_context(equal, ranking(("b", 1.0)), k=2).hits] == ["b", "a"]


def test_where_one_of_them_found_nothing_the_question_s_ranking_stays() -> None:
    assert in_context(QUESTION, ranking(), k=10) == QUESTION
    assert in_context(ranking(), QUESTION, k=10) == ranking()
