from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.base.types import Answer, Article, Status
from qa.service.service import Service
from web.pages.suggestions import Suggestions, answered_questions, person_questions

MakeArticle = Callable[..., Article]


@pytest.fixture(scope="module")
def service(sample_index: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(sample_index)


@pytest.fixture
def asking(service: Service) -> Callable[..., Callable[[str], Answer]]:
    """An `ask` that gives each question the status named for it, `otherwise` the same for all."""
    cited = service.ask("How old was Wilhelmina Sorrowby when she died?")
    not_found = service.ask("hello")

    def make(otherwise: Status = Status.ANSWERED, **statuses: Status) -> Callable[[str], Answer]:
        def ask(question: str) -> Answer:
            status = statuses.get(question, otherwise)
            return not_found if status is Status.NOT_FOUND else dataclasses.replace(cited, status=status)

        return ask

    return make


def test_a_person_who_is_explained_is_asked_who_it_is(article: MakeArticle) -> None:
    told = article("a", "Olaf Brandt, the harbourmaster, counts ships. Brandt counted 412.")
    assert person_questions(told) == ["Who is Olaf Brandt?"]


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour Post said so. Post said it again.",  # "the" is before it
        "He saw Storm Hedda, the worst. A Hedda is rare. Hedda said nothing.",  # "a Hedda": no family name
        "Then Brandt said yes, then Brandt went.",  # a sentence's first word is no name
        "NASA Crew, the ninth. Crew said so.",  # an abbreviation
        "Olaf Brandt, the harbourmaster, counts ships.",  # never by the family name alone
    ],
)
def test_what_is_not_used_like_a_name_is_no_person(text: str, article: MakeArticle) -> None:
    assert person_questions(article("a", text)) == []


def about(name: str) -> str:
    return f"Olaf {name}, the harbourmaster, counts ships. {name} counted 412."


def test_answered_ones_come_before_weak_ones_each_with_its_articles_title(
    article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]
) -> None:
    articles = [
        article("a", about("Brandt"), title="Ships counted"),
        article("b", "Mia Holm, a miller, grinds. Holm is 61.", title="Mill"),
    ]
    ask = asking(**{"Who is Olaf Brandt?": Status.WEAK})
    assert answered_questions(articles, ask) == (("Who is Mia Holm?", "Mill"), ("Who is Olaf Brandt?", "Ships counted"))


def test_no_headline_is_a_question(article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]) -> None:
    assert answered_questions([article("a", "No one.", title="Mill burnt down")], asking()) == ()


def test_what_is_not_found_is_not_suggested(article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]) -> None:
    assert answered_questions([article("a", about("Brandt"))], asking(Status.NOT_FOUND)) == ()


def test_two_questions_never_name_the_same(article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]) -> None:
    articles = [article("a", about("Brandt")), article("b", about("Brandt") + " He is 61."), article("c", about("Holm"))]
    assert [one.question for one in answered_questions(articles, asking())] == ["Who is Olaf Brandt?"]


def test_the_samples_have_their_own_all_but_the_last_are_answered_by_the_articles_named(service: Service) -> None:
    *answered, unanswered = Suggestions(service).questions()
    assert len(answered) >= 4
    for question, title in answered:
        answer = service.ask(question)
        assert title in {citation.article_title for citation in answer.citations}, question
    assert service.ask(unanswered.question).status is Status.NOT_FOUND
    assert unanswered.title == ""


def test_they_are_known_once_worked_out_until_the_index_changes(
    sample_copy: Path, open_service: Callable[..., Service], article: MakeArticle
) -> None:
    service = open_service(sample_copy)
    suggestions = Suggestions(service)
    assert suggestions.known() is None
    assert suggestions.questions() == suggestions.known()
    (of_a_sample,) = (one.article.id for one in service.page(limit=50) if one.article.given_id == "tram-line-five-route")
    service.remove(of_a_sample, now=True)
    service.add_articles([article("art_new", about("Brandt"))])
    assert suggestions.known() is None
    assert "Who is Olaf Brandt?" in [one.question for one in suggestions.questions()]


def test_an_index_without_articles_has_none(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(tmp_path / "index")
    service.create()
    assert Suggestions(service).questions() == ()
