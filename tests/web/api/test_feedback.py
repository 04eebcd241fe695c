"""What is said of an answer, by the API and by the forms of the chat."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from qa.base.errors import AnswerNotFound, SentenceNotFound
from qa.base.feedback import Verdict
from qa.base.types import Filters
from qa.service.service import Service
from qa.service.state.answers import AnswerLog, KeptAnswer
from qa.service.state.file import StateFile

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
NOT_FOUND = "What is the boiling point of tungsten?"


def ask(client: httpx.Client, question: str = QUESTION) -> dict:
    return client.post("/v1/answers", json={"question": question}).raise_for_status().json()


def say(client: httpx.Client, answer: dict, **said: object) -> dict:
    return client.post(f"/v1/answers/{answer['id']}/feedback", json=said).raise_for_status().json()


def test_what_is_said_comes_back_until_it_is_taken_back(client: httpx.Client) -> None:
    answer = ask(client)
    said = {"object": "feedback", "answer_id": answer["id"], "verdict": None, "citations": [], "nearest": []}
    assert say(client, answer, verdict="helpful") == {**said, "verdict": "helpful"}
    wrong = [{"number": 1, "verdict": "wrong"}]
    assert say(client, answer, verdict="wrong", citation=1) == {**said, "verdict": "helpful", "citations": wrong}
    assert say(client, answer, verdict="not_helpful") == {**said, "verdict": "not_helpful", "citations": wrong}
    assert say(client, answer, verdict=None) == {**said, "citations": wrong}
    assert say(client, answer, verdict=None, citation=1.0) == said


def test_a_nearest_sentence_can_be_the_right_one(client: httpx.Client) -> None:
    answer = ask(client, NOT_FOUND)
    assert say(client, answer, verdict="right", nearest=2)["nearest"] == [{"number": 2, "verdict": "right"}]


def test_an_answer_that_is_not_kept_is_not_found(client: httpx.Client) -> None:
    response = client.post("/v1/answers/ans_0/feedback", json={"verdict": "helpful"})
    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize(("field", "shown", "verdict"), [("citation", "citations", "wrong"), ("nearest", "nearest", "right")])
def test_a_number_that_the_answer_does_not_have_is_named(client: httpx.Client, field: str, shown: str, verdict: str) -> None:
    answer = ask(client)
    response = client.post(f"/v1/answers/{answer['id']}/feedback", json={"verdict": verdict, field: 99})
    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid-request")
    (place,) = response.json()["errors"]
    assert (place["pointer"], place["detail"]) == (
        f"#/{field}",
        f"The answer '{answer['id']}' has no number 99 among its {shown}.",
    )


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({}, "#/verdict", "missing"),
        ({"verdict": "great"}, "#/verdict", "'helpful', 'not_helpful', 'right' or 'wrong'"),
        ({"verdict": "right"}, "#", "'right' is no verdict on an answer; expected helpful or not_helpful"),
        ({"verdict": "helpful", "citation": 1}, "#", "'helpful' is no verdict on a sentence; expected right or wrong"),
        ({"verdict": "wrong", "citation": 1, "nearest": 1}, "#", "Expected citation or nearest, not both"),
        ({"verdict": "wrong", "citation": 0}, "#/citation", "greater than"),
        ({"verdict": "wrong", "citation": "1"}, "#/citation", "integer"),
        ({"verdict": "helpful", "comment": "thanks"}, "#/comment", "no such field"),
    ],
    ids=str,
)
def test_what_cannot_be_said_is_told_where_and_why(client: httpx.Client, body: dict, pointer: str, says: str) -> None:
    response = client.post("/v1/answers/ans_0/feedback", json=body)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid-request")
    assert [(place["pointer"], says in place["detail"]) for place in response.json()["errors"]] == [(pointer, True)]


@pytest.mark.parametrize("path", ["/v1/answers/ans_0/feedback", "/answers/ans_0/feedback"])
def test_a_page_of_another_origin_can_say_nothing(client: httpx.Client, path: str) -> None:
    response = client.post(path, json={"verdict": "helpful"}, headers={"Origin": "http://evil.example"})
    assert response.json()["type"] == "/problems/foreign-origin"


# Over one service


@pytest.fixture
def service(sample_copy: Path, open_service: Callable[..., Service]) -> Service:
    return open_service(sample_copy)


def test_a_judged_answer_holds_the_places_of_its_sentences_and_which_of_them_were_meant(service: Service) -> None:
    answer = service.ask(QUESTION)
    service.keep(answer)
    cited = answer.citations[0]
    said = service.judge(answer.id, Verdict.RIGHT, sentence=("citations", 1))
    assert said == service.feedback(answer.id) == service.judged()[0]
    assert (said.question, said.is_abstention, said.is_narrowed) == (QUESTION, False, False)
    first = said.sentences[0]
    assert (first.article_id, first.article_digest, first.span) == (cited.article_id, cited.article_digest, cited.span)


def test_it_is_known_whether_every_article_could_have_answered(service: Service) -> None:
    among_all, among_some = service.ask(NOT_FOUND), service.ask(NOT_FOUND, filters=Filters(language="en"))
    for answer, is_narrowed in ((among_all, False), (among_some, True)):
        service.keep(answer)
        said = service.feedback(answer.id)
        assert (said.is_abstention, said.is_narrowed) == (True, is_narrowed)


def test_what_was_said_can_be_changed_and_taken_back_when_the_answer_is_no_longer_kept(service: Service) -> None:
    answer = service.ask(QUESTION)
    service.keep(answer)
    service.judge(answer.id, Verdict.HELPFUL)
    later = KeptAnswer("ans_later", "2099-01-01T00:00:00Z", "{}", ())
    AnswerLog(StateFile(service.folder)).keep(later, older_than="2098-12-31T00:00:00Z")
    with pytest.raises(AnswerNotFound):
        service.kept_answer(answer.id)
    assert service.judge(answer.id, Verdict.NOT_HELPFUL).verdict is Verdict.NOT_HELPFUL
    assert service.judge(answer.id, None).verdict is None
    with pytest.raises(AnswerNotFound):
        service.judge(answer.id, Verdict.HELPFUL)


def test_a_verdict_of_the_wrong_kind_is_the_callers_mistake(service: Service) -> None:
    answer = service.ask(QUESTION)
    service.keep(answer)
    with pytest.raises(ValueError, match="right is no verdict on a whole answer"):
        service.judge(answer.id, Verdict.RIGHT)
    with pytest.raises(ValueError, match="helpful is no verdict on a sentence"):
        service.judge(answer.id, Verdict.HELPFUL, sentence=("citations", 1))
    with pytest.raises(SentenceNotFound):
        service.judge(answer.id, Verdict.WRONG, sentence=("citations", 99))


# The forms of the chat


def buttons(html: str) -> list[tuple[str, str, str]]:
    """(id, value, pressed) of each."""
    return re.findall(r'<button id="([^"]+)" name="verdict" value="([^"]*)" aria-pressed="(true|false)"', html)


def in_chat(client: httpx.Client, question: str = QUESTION) -> tuple[str, str]:
    """The address of a new conversation, and that of the form for what is said of its only answer."""
    page = client.post("/ask", data={"question": question}, follow_redirects=True)
    return str(page.url.path), re.findall(r'action="(/answers/[^"]+/feedback)"', page.text)[0]


def test_a_form_leads_back_to_its_turn_where_what_was_said_is_shown(client: httpx.Client) -> None:
    address, form = in_chat(client)
    assert buttons(client.get(address).text) == [
        ("citation-1-1", "wrong", "false"),
        ("helpful-1", "helpful", "false"),
        ("not-helpful-1", "not_helpful", "false"),
    ]
    place = {"conversation": address.removeprefix("/c/"), "turn": "1"}
    response = client.post(form, data={**place, "verdict": "wrong", "citation": "1"})
    assert (response.status_code, response.headers["location"]) == (303, f"{address}#turn-1")
    client.post(form, data={**place, "verdict": "not_helpful"})
    assert buttons(client.get(address).text) == [
        ("citation-1-1", "", "true"),
        ("helpful-1", "helpful", "false"),
        ("not-helpful-1", "", "true"),
    ]
    client.post(form, data={**place, "verdict": ""})
    assert buttons(client.get(address).text)[2] == ("not-helpful-1", "not_helpful", "false")


def test_for_htmx_the_form_comes_back_alone_with_words_to_announce(client: httpx.Client) -> None:
    address, form = in_chat(client)
    said = {"conversation": address.removeprefix("/c/"), "turn": "1", "verdict": "wrong", "citation": "1"}
    part = client.post(form, data=said, headers={"HX-Request": "true"})
    assert buttons(part.text) == [("citation-1-1", "", "true")]
    assert '<p id="announcement" hx-swap-oob="innerHTML">Thank you, that is kept.</p>' in part.text
    taken_back = client.post(form, data={**said, "verdict": ""}, headers={"HX-Request": "true"})
    assert "That is taken back." in taken_back.text


def test_a_nearest_sentence_that_answers_comes_back_as_the_answer_of_its_turn(client: httpx.Client) -> None:
    address, form = in_chat(client, NOT_FOUND)
    said = {"conversation": address.removeprefix("/c/"), "turn": "1", "verdict": "right", "nearest": "2"}
    turn = client.post(form, data=said, headers={"HX-Request": "true"}).text
    assert [name for name, *_ in buttons(turn) if name.startswith("nearest")] == ["nearest-1-2", "nearest-1-1", "nearest-1-3"]
    assert "Chosen by you" in turn and "No sure answer" not in turn.partition(">")[2]
    assert "This sentence stands as the answer now." in turn
    assert "Chosen by you" in client.get(address).text
    taken_back = client.post(form, data={**said, "verdict": ""}, headers={"HX-Request": "true"}).text
    assert [name for name, *_ in buttons(taken_back) if name.startswith("nearest")] == [
        "nearest-1-1",
        "nearest-1-2",
        "nearest-1-3",
    ]
    assert "That is taken back." in taken_back and "Chosen by you" not in taken_back
    client.post(f"{address}/remove")
    assert client.post(form, data=said, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_form_leads_nowhere_but_to_a_conversation(client: httpx.Client) -> None:
    _, form = in_chat(client)
    response = client.post(form, data={"verdict": "helpful", "conversation": "//evil.example/?", "turn": "1"})
    assert response.headers["location"] == "/c/%2F%2Fevil.example%2F%3F#turn-1"
    assert client.post(form, data={"verdict": "great"}).status_code == 422


def test_an_answer_that_is_not_kept_has_no_buttons(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, keep_answers_days=0).wait_until_ready()
    page = server.client.post("/ask", data={"question": QUESTION}, follow_redirects=True)
    assert "at the age of" in page.text
    assert buttons(page.text) == []
