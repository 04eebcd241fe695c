"""Several articles on one event: which statement leads, how the others stand to it, and where that is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.api.answer import AnswerShape, answer_of, answer_shape
from qa.api.exports import copied_text
from qa.api.fate_words import fate_in_words
from qa.base.explanations import NotChosen
from qa.base.types import Answer, Article, Relation, Status, ValueKind
from qa.cli.output.answers import show_answer
from qa.cli.output.screen import Screen
from qa.index.store import open_store
from qa.service.question import AnswerRequest
from qa.service.service import Service
from qa.service.verification import answer_problems

FIRST_REPORT = "Twelve people were injured when the ferry Lapwing struck the quay at Marlness on Monday, police said."
CORRECTION = "Nine people and not twelve were injured when the ferry Lapwing struck the quay at Marlness, the hospital said."
REPEATED = "Nine people were injured in the accident of the ferry Lapwing at Marlness."
ARTICLES = (
    ("first", "The Marlness Post", "2024-09-09", f"{FIRST_REPORT} The quay is closed until Friday."),
    ("corrected", "The Coast Herald", "2024-09-11", f"{CORRECTION} Three of them had been counted twice."),
    ("repeated", "Radio Marl", "2024-09-12", f"{REPEATED} The captain was questioned on Tuesday."),
    ("bridge-a", "The Marlness Post", "2024-10-01", "The new bridge over the Marl cost 27 million euros, the mayor said."),
    ("bridge-b", "The Coast Herald", "2024-10-01", "The new bridge over the Marl cost €27m, it was announced at the opening."),
    ("bridge-c", "Radio Marl", "2024-10-01", "The new bridge over the Marl cost 31 million euros, its builder said."),
    ("rumour", "The Marlness Post", "2024-11-04", "According to a rumour, the Marlness shipyard will close in the spring."),
    ("denial", "Radio Marl", "2024-11-05", "The owner has denied that the Marlness shipyard will close."),
)
INJURED = "How many people were injured when the ferry Lapwing struck the quay?"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, open_service: Callable[..., Service]) -> Service:
    service = open_service(tmp_path_factory.mktemp("stating") / "index", read_passages=6)
    service.add_articles(Article(name, name, name, text, source=source, published_at=day) for name, source, day, text in ARTICLES)
    return service


@pytest.fixture(scope="module")
def corrected(service: Service) -> Answer:
    return service.ask(INJURED)


def test_what_was_corrected_stands_below_the_correction(corrected: Answer, service: Service) -> None:
    leading, other = corrected.statements
    assert corrected.citations[0].article_id in {"corrected", "repeated"}
    assert (leading.relation, leading.kind, leading.articles, leading.sources) == (Relation.AGREES, ValueKind.NUMBER, 2, 2)
    assert (leading.first_day, leading.last_day) == (date(2024, 9, 11), date(2024, 9, 12))
    assert (other.value, other.relation, other.articles) == ("Twelve", Relation.CORRECTED_BY, 1)
    assert (other.citation.quote, other.citation.number) == (FIRST_REPORT, len(corrected.citations) + 1)
    assert corrected.agreeing == 2
    assert FIRST_REPORT not in corrected.text
    with open_store(service.folder) as store:
        assert not list(answer_problems(corrected, store))


def test_sources_of_one_day_differ_and_forms_of_one_value_agree(service: Service) -> None:
    answer = service.ask("How much did the new bridge over the Marl cost?")
    leading, other = answer.statements
    assert (leading.articles, leading.sources, leading.kind) == (2, 2, ValueKind.MONEY)
    assert (other.value, other.relation) == ("31 million euros", Relation.DIFFERS)


def test_a_question_for_the_first_count_is_not_answered_by_the_last(service: Service) -> None:
    answer = service.ask("How many people did police at first say were injured by the ferry Lapwing?", threshold=0)
    assert answer.short_answer == "Twelve"


def test_as_of_an_earlier_day_only_what_was_published_speaks(service: Service) -> None:
    answer = service.ask(INJURED, asked_at=datetime(2024, 9, 10, 12, tzinfo=UTC))
    assert [statement.value for statement in answer.statements] == ["Twelve"]


def test_statements_are_read_back_from_json_as_they_were(corrected: Answer) -> None:
    shape = answer_shape(corrected)
    back = answer_of(AnswerShape.model_validate_json(shape.model_dump_json()))
    assert [(one.value, one.relation, one.articles, one.sources, one.first_day) for one in back.statements] == [
        (one.value, one.relation, one.articles, one.sources, one.first_day) for one in corrected.statements
    ]


def test_an_article_that_says_something_else_is_explained_so(service: Service, corrected: Answer) -> None:
    fate = service.explain(AnswerRequest(INJURED), article="first").article
    assert fate is not None and fate.not_chosen is NotChosen.SAYS_OTHERWISE, fate
    number = corrected.statements[1].citation.number
    said = f"says something else than the answer: “Twelve” [{number}], corrected since, under “Others say”."
    assert fate_in_words(fate, corrected).endswith(said)


def test_what_others_say_is_verified_too(service: Service, corrected: Answer) -> None:
    service.keep(corrected)
    numbers = [one.cited.number for one in service.verify(corrected.id)]
    assert numbers == list(range(1, len(corrected.citations) + 2))


def test_people_read_what_others_say(corrected: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(corrected, Screen())
    shown = capsys.readouterr().out
    number = len(corrected.citations) + 1
    assert "2 articles give this answer." in shown
    assert f"Others say:\nTwelve [{number}] corrected since" in shown
    assert "Twelve people were injured" in shown.partition("Others say:")[2]
    copied = copied_text(answer_shape(corrected))
    assert f"Others say:\nTwelve [{number}] (corrected since): “{FIRST_REPORT}”" in copied


def test_a_denied_rumour_stands_below_its_denial_and_is_read_without_a_short_answer(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = service.ask("Will the Marlness shipyard close?")
    assert [(one.citation.article_id, one.relation, one.value) for one in answer.statements] == [
        ("denial", Relation.AGREES, ""),
        ("rumour", Relation.CORRECTED_BY, ""),
    ]
    number, quote = answer.statements[1].citation.number, answer.statements[1].citation.quote
    show_answer(answer, Screen())
    assert f"Others say:\n[{number}] corrected since" in capsys.readouterr().out
    assert f"Others say:\n[{number}] (corrected since): “{quote}”" in copied_text(answer_shape(answer))


def test_a_deleted_article_leaves_no_word_in_the_statements_of_kept_answers(
    tmp_path: Path, open_service: Callable[..., Service]
) -> None:
    service = open_service(tmp_path / "index", read_passages=6)
    service.add_articles(
        Article(name, name, name, text, source=source, published_at=day) for name, source, day, text in ARTICLES[:3]
    )
    answer = service.ask(INJURED)
    service.keep(answer)
    assert answer.status is not Status.NOT_FOUND and len(answer.statements) == 2
    service.remove(["first"], now=True)
    kept = json.loads(service.kept_answer(answer.id).body)
    assert [one["value"] for one in kept["statements"]] == [answer.statements[0].value, ""]
    assert "Twelve people were injured" not in json.dumps(kept)
