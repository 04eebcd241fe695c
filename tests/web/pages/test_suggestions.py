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


def test_a_person_whose_words_are_reported_is_asked_for_them(article: MakeArticle) -> None:
    told = article("a", 'Once more Olaf Brandt counted. "There were 412," Brandt said.')
    assert person_questions(told) == ["What did Olaf Brandt say?"]


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


def test_headlines_serve_where_nobody_is_named(article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]) -> None:
    found = answered_questions([article("a", "No one.", title="افتتاح مكتبة  جديدة")], asking())
    assert found == ("افتتاح مكتبة جديدة",)


@pytest.mark.parametrize("title", ["A headline that was cut ...", "Cut…", "word " * 30, "— 12 —"])
def test_a_headline_that_is_cut_too_long_or_without_words_is_not_asked(
    title: str, article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]
) -> None:
    assert answered_questions([article("a", "No one.", title=title)], asking()) == ()


def test_persons_come_before_headlines_and_answered_before_weak(
    article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]
) -> None:
    articles = [
        article("a", "Olaf Brandt, the master, counts. Brandt counted 412.", title="Ships counted"),
        article("b", "No one.", title="Mill burnt down"),
    ]
    ask = asking(**{"Ships counted": Status.WEAK})
    assert answered_questions(articles, ask) == ("Who is Olaf Brandt?", "Mill burnt down", "Ships counted")


def test_what_is_not_found_is_not_suggested(article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]) -> None:
    assert answered_questions([article("a", "No one.", title="Mill burnt down")], asking(Status.NOT_FOUND)) == ()


def test_two_questions_never_name_the_same(article: MakeArticle, asking: Callable[..., Callable[[str], Answer]]) -> None:
    articles = [article(str(n), "No one.", title=title) for n, title in enumerate(["The Eider sinks", "Why did Eider sink?"])]
    assert answered_questions(articles, asking()) == ("The Eider sinks",)


def test_the_samples_get_three_questions_that_are_answered(service: Service) -> None:
    questions = Suggestions(service).questions()
    assert len(questions) == 3
    assert all(service.ask(question).status is not Status.NOT_FOUND for question in questions)
    assert Suggestions(service).questions() == questions


def test_they_are_known_once_worked_out_until_the_index_changes(
    sample_copy: Path, open_service: Callable[..., Service], article: MakeArticle
) -> None:
    service = open_service(sample_copy)
    suggestions = Suggestions(service)
    assert suggestions.known() is None
    assert suggestions.questions() == suggestions.known()
    service.add_articles([article("art_new", "Olaf Brandt, the harbourmaster, counts ships. Brandt counted 412 of them.")])
    assert suggestions.known() is None
    assert "Who is Olaf Brandt?" in suggestions.questions()


def test_an_index_without_articles_has_none(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    service = open_service(tmp_path / "index")
    service.create()
    assert Suggestions(service).questions() == ()
