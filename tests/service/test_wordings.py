"""A follow-up is searched for with two wordings, over the sample articles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.api.answer import answer_of, answer_shape, earlier_turn
from qa.base.stages import SEARCH_STAGES
from qa.base.types import Answer, parse_passage_id
from qa.conversation import Turn
from qa.service.service import Service

CARGO = "How many tonnes of cargo did the port handle in 2024?"


@pytest.fixture(scope="module")
def service(sample_index: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(sample_index)


def test_an_answer_says_what_was_searched_for(service: Service) -> None:
    first = service.ask(CARGO)
    assert first.searched_for == (CARGO,)
    title = answer_shape(first).citations[0].article_title
    answer = service.ask("And in 2023?", earlier=[earlier_turn(answer_shape(first))])
    assert answer.searched_for == (answer.standalone_question, f"{title} {CARGO} {answer.standalone_question}")
    assert answer_of(answer_shape(answer)).searched_for == answer.searched_for
    assert service.ask("hello").searched_for == ()


def test_the_conversation_moves_its_passages_up(service: Service) -> None:
    earlier = [Turn("Who is Wilhelmina Sorrowby?", titles=("Wilhelmina Sorrowby, the last sailmaker of Candle Lane",))]
    question = "How many visitors came to the market in the end?"
    alone, both = service.ask(question), service.ask(question, earlier=earlier)
    assert both.standalone_question == both.searched_for[0] == question
    assert [ranking.scorer for ranking in both.trace.rankings] == list(SEARCH_STAGES)
    assert both.trace.rankings[:-1] == alone.trace.rankings[:-1]  # those of the first wording
    assert sum(_places_of_sorrowby(both, service)) < sum(_places_of_sorrowby(alone, service))
    found = [hit.passage_id for hit in both.trace.rankings[-1].hits]
    assert len(found) == len(set(found))


def test_the_same_wordings_find_the_same_again(service: Service) -> None:
    first = service.ask(CARGO)
    answer = service.ask("How much of it was grain?", earlier=[earlier_turn(answer_shape(first))])
    again = service.ask(answer.standalone_question, searched_for=answer.searched_for)
    assert again.trace.rankings == answer.trace.rankings
    assert [one.quote for one in again.citations] == [one.quote for one in answer.citations]


def test_a_conversation_of_too_many_tokens_is_left_out(service: Service) -> None:
    earlier = [Turn("☃ ☄ ★ " * 50)] * 3
    answer = service.ask("What did the port handle?", earlier=earlier)
    assert answer.searched_for == ("What did the port handle?",)
    assert answer.citations or answer.nearest


def test_dates_are_those_of_the_question_alone(service: Service) -> None:
    answer = service.ask("How much of it was grain?", earlier=[Turn("How much cargo did the port handle in 2019?")])
    assert "2019" in answer.searched_for[-1]
    assert answer.date_ranges == ()


def _places_of_sorrowby(answer: Answer, service: Service) -> list[int]:
    """Those of the passages of her article in the last ranking."""
    (article_id,) = [stored.article.id for stored in service.articles() if "Wilhelmina Sorrowby" in stored.article.title]
    articles = [parse_passage_id(hit.passage_id)[0] for hit in answer.trace.rankings[-1].hits]
    return [place for place, one in enumerate(articles, start=1) if one == article_id]
