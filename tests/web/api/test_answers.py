from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from qa.api.answer import AnswerShape
from qa.api.search import SearchShape

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
CHANGING_FIELDS = ("id", "created_at", "asked_at", "timings_ms")


def ask(client: httpx.Client, question: str, **fields: object) -> AnswerShape:
    response = client.post("/v1/answers", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    return AnswerShape.model_validate_json(response.content)


def test_every_citation_stands_at_its_offsets_in_the_article_that_the_api_gives(client: httpx.Client) -> None:
    answer = ask(client, QUESTION)
    assert answer.status == "answered"
    (citation,) = answer.citations
    assert citation.cited_text.endswith("died on 17 February at the age of 94.")
    article = client.get(f"/v1/articles/{citation.article_id}").json()
    assert article["text"][citation.start_char_index : citation.end_char_index] == citation.cited_text
    assert article["article_digest"] == citation.article_digest


def test_all_questions_of_the_samples_are_answered_exactly_or_not_at_all(
    client: httpx.Client, sample_questions: list[dict[str, object]]
) -> None:
    texts: dict[str, str] = {}
    for record in sample_questions[::4]:
        answer = ask(client, str(record["question"]))
        assert (answer.status == "not_found") == (answer.citations == [])
        for citation in [*answer.citations, *answer.nearest]:
            text = texts.setdefault(citation.article_id, client.get(f"/v1/articles/{citation.article_id}").json()["text"])
            assert text[citation.start_char_index : citation.end_char_index] == citation.cited_text


def test_what_is_not_there_is_not_found_with_a_reason_and_the_nearest_sentences(client: httpx.Client) -> None:
    answer = ask(client, "What is the boiling point of tungsten?")
    assert (answer.status, answer.answer, answer.citations) == ("not_found", "Not found in these articles.", [])
    assert answer.reason in ("nothing_close", "no_answer_read")
    assert len(answer.nearest) == 3


def test_a_question_that_leans_on_earlier_messages_is_made_to_stand_alone(client: httpx.Client) -> None:
    first = ask(client, QUESTION)
    assert (first.standalone_question, first.carried) == (QUESTION, [])
    messages = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": first.answer}]
    answer = ask(client, "When was she born?", messages=messages)
    assert answer.question == "When was she born?"
    assert answer.standalone_question == "When was Wilhelmina Sorrowby born?"
    assert [carried.text for carried in answer.carried] == ["Wilhelmina Sorrowby"]
    assert answer.short_answer is not None and answer.short_answer.text == "3 June 1930"


def test_words_given_for_a_question_are_searched_for_in_its_place(client: httpx.Client) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    answer = ask(client, "When was she born?", messages=messages, standalone_question="When did Annika Rosmund become a pilot?")
    assert answer.standalone_question == "When did Annika Rosmund become a pilot?"
    literal = ask(client, "When was she born?", messages=messages, standalone_question="When was she born?")
    assert (literal.standalone_question, literal.carried) == ("When was she born?", [])


@pytest.mark.parametrize(
    "messages, pointer",
    [
        ([{"role": "system", "content": "Be brief."}], "#/messages/0/role"),
        ([{"role": "user"}], "#/messages/0/content"),
        ([{"role": "user", "content": "x" * 20_001}], "#/messages/0/content"),
        ([{"role": "user", "content": "x", "name": "Ann"}], "#/messages/0/name"),
        ("When?", "#/messages"),
    ],
)
def test_messages_of_another_form_are_refused(client: httpx.Client, messages: object, pointer: str) -> None:
    response = client.post("/v1/answers", json={"question": "When?", "messages": messages})
    assert response.status_code == 422
    assert [wrong["pointer"] for wrong in response.json()["errors"]] == [pointer]


def test_the_command_line_prints_the_object_that_the_api_returns(
    client: httpx.Client, server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_PASSAGE_CHARACTERS", "600")
    monkeypatch.setenv("QA_PASSAGE_OVERLAP_SENTENCES", "1")
    monkeypatch.setenv("QA_READ_PASSAGES", "3")
    printed = subprocess.run(
        [sys.executable, "-m", "qa", "--index", str(server.folder), "ask", "--json", QUESTION],  # type: ignore[attr-defined]
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    answers = [json.loads(printed), client.post("/v1/answers", json={"question": QUESTION}).json()]
    for answer in answers:
        assert all(answer.pop(name) for name in CHANGING_FIELDS)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"threshold": 1.0}, lambda answer: answer.status == "not_found" and answer.confidence.threshold == 1),
        ({"max_citations": 1, "threshold": 0}, lambda answer: len(answer.citations) == 1),
        ({"asked_at": "2024-03-08T05:00:00+02:00"}, lambda answer: answer.asked_at == "2024-03-08T03:00:00Z"),
        ({"threshold": None, "asked_at": None, "max_citations": None}, lambda answer: answer.confidence.threshold == 0.15),
    ],
    ids=["threshold", "max_citations", "asked_at", "null is the default"],
)
def test_a_request_may_say_how_it_is_answered(
    client: httpx.Client, fields: dict[str, object], holds: Callable[[AnswerShape], bool]
) -> None:
    assert holds(ask(client, QUESTION, **fields))


@pytest.mark.parametrize(
    ("as_of", "in_force", "is_found"),
    [(None, "2025-01-31", False), ("2025-03", "2025-03-31", True), ("any", None, True)],
)
def test_a_clock_in_the_past_leaves_later_articles_out_unless_the_filters_say_otherwise(
    client: httpx.Client, as_of: str | None, in_force: str | None, is_found: bool
) -> None:
    answer = ask(client, QUESTION, asked_at="2025-01-31T12:00:00Z", filters={"as_of": as_of})
    assert answer.filters.model_dump(mode="json")["as_of"] == in_force
    assert ("sorrowby-obituary" in {cited.given_id for cited in answer.citations}) is is_found
    assert client.get(f"/v1/answers/{answer.id}").json()["filters"]["as_of"] == in_force


def test_filters_and_the_clock_narrow_an_answer_and_are_echoed(client: httpx.Client) -> None:
    answer = ask(
        client,
        "What was in the news in March?",
        asked_at="2025-04-02T12:00:00Z",
        filters={"sources": ["the harbour post"], "published_from": "2024-12", "published_to": "2025"},
        threshold=0,
    )
    assert {cited.source.name for cited in answer.citations} == {"The Harbour Post"}
    assert all((cited.source.published_at or "") >= "2024-12" for cited in answer.citations)
    assert [(period.text, str(period.first_day)) for period in answer.periods] == [("in March", "2025-03-01")]
    assert answer.filters.model_dump(mode="json") == {
        "sources": ["the harbour post"],
        "article_ids": [],
        "published_from": "2024-12-01",
        "published_to": "2025-12-31",
        "language": None,
        "as_of": "2025-04-02",
    }


def test_when_nothing_passes_the_filters_the_reason_says_so(client: httpx.Client) -> None:
    answer = ask(client, QUESTION, filters={"published_from": "2030"})
    assert (answer.status, answer.reason, answer.nearest) == ("not_found", "all_filtered_out", [])
    (advice,) = answer.filter_advice
    assert (advice.filter, advice.unmatched, advice.passing_without) == ("published", ["from 2030-01-01"], 44)
    assert advice.text.startswith(
        "No article was published from 1 January 2030. The nearest day is 14 April 2025. All articles are from "
    )
    found = client.post("/v1/search", json={"question": QUESTION, "filters": {"language": "fr"}}).json()
    assert (found["hits"], found["filters"]["language"]) == ([], "fr")
    assert [(one["filter"], one["unmatched"]) for one in found["filter_advice"]] == [("language", ["fr"])]
    listed = client.get("/v1/articles", params={"source": "Harbor Post"}).json()
    assert (listed["data"], listed["filter_advice"][0]["nearest"]) == ([], ["The Harbour Post"])
    assert client.get("/v1/articles", params={"source": "harbour post"}).json()["filter_advice"] == []


@pytest.mark.parametrize(
    ("filters", "pointer", "said"),
    [
        ({"published_from": "yesterday"}, "#/filters/published_from", "is no day, month or year"),
        ({"published_from": "2024-02-30"}, "#/filters/published_from", "is no date"),
        ({"published_from": "2024-13"}, "#/filters/published_from", "is no date"),
        ({"published_from": "2024-05", "published_to": "2024-04"}, "#/filters", "is after published_to"),
        ({"published_to": 2024}, "#/filters/published_to", "string"),
        ({"sources": "cnn"}, "#/filters/sources", "list"),
        ({"source": "cnn"}, "#/filters/source", "no such field"),
        ({"article_ids": ["a"] * 1_001}, "#/filters/article_ids", "1000"),
    ],
)
def test_filters_that_cannot_be_used_are_named(client: httpx.Client, filters: dict[str, object], pointer: str, said: str) -> None:
    for address in ("/v1/answers", "/v1/search"):
        response = client.post(address, json={"question": QUESTION, "filters": filters})
        assert response.status_code == 422
        (place,) = response.json()["errors"]
        assert place["pointer"] == pointer
        assert said in place["detail"]


def test_nul_and_lone_surrogates_become_replacement_characters_one_for_one(client: httpx.Client) -> None:
    response = client.post(
        "/v1/answers", content=b'{"question": "Who \\ud800 died \\u0000?"}', headers={"Content-Type": "application/json"}
    )
    assert response.json()["question"] == "Who \ufffd died \ufffd?"


def test_a_search_ranks_passages_with_the_rank_and_score_of_each_stage(client: httpx.Client) -> None:
    response = client.post("/v1/search", json={"question": "last sailmaker of Candle Lane", "k": 3})
    found = SearchShape.model_validate_json(response.content)
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    best = found.hits[0]
    assert best.passage.article_title == "Wilhelmina Sorrowby, the last sailmaker of Candle Lane"
    assert set(best.stages) == {"dense", "lexical", "merged", "ranked", "distinct", "after_reading"}
    assert best.stages["ranked"].rank == best.stages["after_reading"].rank == 1
    text = client.get(f"/v1/articles/{best.passage.article_id}").json()["text"]
    assert text[best.passage.start_char_index : best.passage.end_char_index] == best.passage.text
