"""The routes that imitate OpenAI's API, through its own client, over the samples."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from starlette.requests import Request
from starlette.responses import StreamingResponse

from qa.api.answer import AnswerShape
from qa.base.errors import IndexDamaged
from qa.service.observers import OnStage
from qa.service.service import Service
from web.api.streaming import streamed
from web.openai.completions import CompletionChunks, CompletionHead
from web.openai.shapes import CompletionShape
from web.runtime.running import Running

QUESTION = "How old was Wilhelmina Sorrowby when she died?"
UNANSWERED = "What is the boiling point of tungsten?"
SEVERAL = "How many people were hurt in the Eider accident?"
FURTHER = "Which ship does Solveig Anterby now think the wreck is?"  # further sentences answer it too


def connect(server: object) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, timeout=60)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def chat(server: object) -> Iterator[openai.OpenAI]:
    with connect(server) as connected:
        yield connected


def user(content: object) -> list[dict]:
    return [{"role": "user", "content": content}]


def complete(chat: openai.OpenAI, messages: object, **fields: object) -> ChatCompletion:
    return chat.chat.completions.create(**{"model": "qa", "messages": messages, **fields})  # type: ignore[call-overload]


def stream(chat: openai.OpenAI, messages: object, **fields: object) -> list[ChatCompletionChunk]:
    return list(complete(chat, messages, stream=True, **fields))  # type: ignore[arg-type]


def native(told: ChatCompletion | ChatCompletionChunk) -> AnswerShape:
    return AnswerShape.model_validate_json(json.dumps(told.qa))  # type: ignore[union-attr]


def refused(chat: openai.OpenAI, kind: type[openai.APIStatusError], messages: object, **fields: object) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        complete(chat, messages, **fields)
    assert type(caught.value) is kind, caught.value
    assert set(caught.value.body) == {"message", "type", "param", "code"}  # type: ignore[call-overload]
    assert caught.value.request_id == caught.value.response.headers["X-Request-Id"]
    return caught.value


def test_an_answer_comes_as_a_completion_whose_annotations_are_its_quotes(chat: openai.OpenAI, client: httpx.Client) -> None:
    told = complete(chat, user(FURTHER), extra_body={"qa": {"max_citations": 3}})
    answer = native(told)
    assert len(answer.citations) > 1
    (choice,) = told.choices
    assert (told.object, told.model, choice.index, choice.finish_reason) == ("chat.completion", "qa", 0, "stop")
    assert (choice.message.role, choice.message.content, choice.message.refusal) == ("assistant", answer.answer, None)
    assert choice.message.content is not None and choice.message.annotations is not None
    for citation, annotation in zip(answer.citations, choice.message.annotations, strict=True):
        place = annotation.url_citation
        assert annotation.type == "url_citation"
        assert choice.message.content[place.start_index : place.end_index] == citation.cited_text
        assert choice.message.content[place.end_index :].startswith(f" [{citation.number}]")
        assert (place.title, place.url) == (citation.article_title, citation.links.original)
        text = client.get(f"/v1/articles/{citation.article_id}").json()["text"]
        assert text[citation.start_char_index : citation.end_char_index] == citation.cited_text


def test_the_answer_is_kept_and_can_be_verified_and_judged(chat: openai.OpenAI, client: httpx.Client) -> None:
    told = complete(chat, user(QUESTION))
    answer_id = native(told).id
    assert client.get(f"/v1/answers/{answer_id}").json() == told.qa  # type: ignore[attr-defined]
    assert client.get(f"/v1/citations/{answer_id}/1/verify").json()["status"] == "unchanged"
    assert client.post(f"/v1/answers/{answer_id}/feedback", json={"verdict": "helpful"}).status_code == 200


def test_what_other_articles_say_instead_comes_as_further_choices(chat: openai.OpenAI, client: httpx.Client) -> None:
    told = complete(chat, user(SEVERAL), n=5)
    answer = native(told)
    assert [choice.index for choice in told.choices] == [0, 1] and len(answer.statements) == 2
    citation = answer.statements[1].citation
    (annotation,) = told.choices[1].message.annotations or []
    content, place = told.choices[1].message.content or "", annotation.url_citation
    assert content == f"{citation.cited_text} [{citation.number}]" and citation.number == len(answer.citations) + 1
    assert content[place.start_index : place.end_index] == citation.cited_text
    assert client.get(f"/v1/citations/{answer.id}/{citation.number}/verify").json()["status"] == "unchanged"
    assert len(complete(chat, user(SEVERAL)).choices) == len(complete(chat, user(UNANSWERED), n=2).choices) == 1


def test_each_choice_of_a_stream_ends(chat: openai.OpenAI) -> None:
    whole = complete(chat, user(SEVERAL), n=2)
    told = [chunk.choices[0] for chunk in stream(chat, user(SEVERAL), n=2)]
    for choice in whole.choices:
        own = [one for one in told if one.index == choice.index]
        assert (own[0].delta.role, own[-1].finish_reason) == ("assistant", "stop")
        assert "".join(one.delta.content or "" for one in own) == choice.message.content


@pytest.mark.parametrize("question", [QUESTION, SEVERAL, FURTHER, UNANSWERED])
def test_a_stream_tells_the_same_as_a_completion(chat: openai.OpenAI, client: httpx.Client, question: str) -> None:
    options = {"qa": {"max_citations": 3, "asked_at": "2025-03-08T05:00:00Z"}}
    whole = complete(chat, user(question), extra_body=options)
    first, *between, last = stream(chat, user(question), extra_body=options)
    assert (first.choices[0].delta.role, first.choices[0].delta.content) == ("assistant", "")
    assert (last.choices[0].delta.content, last.choices[0].finish_reason) == (None, "stop")
    assert {(chunk.object, chunk.id, chunk.model) for chunk in between} == {("chat.completion.chunk", first.id, "qa")}
    assert [chunk.choices[0].finish_reason for chunk in between] == [None] * len(between)
    assert len(between) == max(1, len(native(whole).citations))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in between) == whole.choices[0].message.content
    told = between[-1]
    annotations = [annotation.model_dump() for annotation in whole.choices[0].message.annotations or []]
    assert told.choices[0].delta.annotations == annotations  # type: ignore[attr-defined]
    changing = {"id", "created_at", "timings_ms"}
    assert native(told).model_dump(exclude=changing) == native(whole).model_dump(exclude=changing)
    assert client.get(f"/v1/answers/{native(told).id}").json() == told.qa  # type: ignore[attr-defined]


def test_what_is_not_there_is_not_found(chat: openai.OpenAI) -> None:
    told = complete(chat, user(UNANSWERED))
    message = told.choices[0].message
    assert (message.content, message.annotations) == ("Not found in these articles.", [])
    answer = native(told)
    assert (answer.status, len(answer.nearest)) == ("not_found", 3)
    assert answer.reason is not None


def test_an_article_without_an_address_is_cited_by_the_page_that_this_server_has_of_it(
    tmp_path: Path, start_server: Callable
) -> None:
    server = start_server(tmp_path / "index").wait_until_ready()
    text = "The lighthouse keeper of Gorse Point is called Barnaby Quill."
    with connect(server) as chat:
        assert chat.models.retrieve("qa").created == 0
        server.client.post("/v1/articles", json={"articles": [{"text": text}]}).raise_for_status()
        assert chat.models.retrieve("qa").created > 1_700_000_000
        told = complete(chat, user("What is the lighthouse keeper of Gorse Point called?"))
    (annotation,) = told.choices[0].message.annotations or []
    assert annotation.url_citation.url == server.url + native(told).citations[0].links.sentence
    assert server.client.get(annotation.url_citation.url).status_code == 200


def test_a_follow_up_leans_on_the_messages_before(chat: openai.OpenAI) -> None:
    said = complete(chat, user(QUESTION)).choices[0].message.content
    messages = [
        {"role": "system", "content": "Be brief."},
        *user(QUESTION),
        {"role": "assistant", "content": said},
        *user([{"type": "text", "text": "When was"}, {"type": "text", "text": "she born?"}]),
    ]
    answer = native(complete(chat, messages))
    assert (answer.question, answer.standalone_question) == ("When was she born?", "When was Wilhelmina Sorrowby born?")
    assert answer.short_answer is not None and answer.short_answer.text == "3 June 1930"


def test_what_openai_takes_beside_the_messages_is_accepted_and_not_used(chat: openai.OpenAI) -> None:
    messages = [
        {"role": "developer", "content": "Answer in French."},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "a"}}]},
        {"role": "tool", "content": "42", "tool_call_id": "1"},
        {"role": "user", "content": QUESTION, "name": "Ann"},
        {"role": "assistant", "content": "She was"},
    ]
    fields = {"temperature": 0.2, "n": 1, "max_tokens": 5, "seed": 7, "response_format": {"type": "json_object"}}
    answer = native(complete(chat, messages, **fields, tools=[], extra_body={"unheard_of": {"a": 1}}))
    assert answer.standalone_question == QUESTION
    assert answer.answer == native(complete(chat, user(QUESTION))).answer


def test_the_options_of_our_own_narrow_the_answer(chat: openai.OpenAI) -> None:
    answer = native(complete(chat, user(QUESTION), extra_body={"qa": {"filters": {"published_from": "2030"}}}))
    assert (answer.status, answer.reason) == ("not_found", "all_filtered_out")
    wrong = refused(chat, openai.BadRequestError, user(QUESTION), extra_body={"qa": {"thresold": 1}})
    assert (wrong.param, wrong.code) == ("qa.thresold", "extra_forbidden")


def test_the_usage_counts_the_messages_that_were_used(chat: openai.OpenAI, encoder: object) -> None:
    def tokens(*texts: str) -> int:
        return sum(encoder.token_counts(texts))  # type: ignore[attr-defined]

    messages = [{"role": "system", "content": "Be brief."}, *user(QUESTION), *user("When was she born?")]
    told = complete(chat, messages)
    assert told.usage is not None
    assert told.usage.prompt_tokens == tokens(QUESTION, "When was she born?")
    assert told.usage.completion_tokens == tokens(told.choices[0].message.content or "")
    assert told.usage.total_tokens == told.usage.prompt_tokens + told.usage.completion_tokens
    *chunks, last = stream(chat, messages, stream_options={"include_usage": True})
    assert [chunk.usage for chunk in chunks] == [None] * len(chunks)
    assert (last.choices, last.usage) == ([], told.usage)


CHAT = "/v1/chat/completions"
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}


@pytest.mark.parametrize(
    ("messages", "fields", "param", "says"),
    [
        ([], {}, "messages", "at least 1 item"),
        ([{"role": "system", "content": "Be brief."}], {}, "messages", "There is no message of the user"),
        (user(" \n"), {}, "messages", "is blank; expected a question"),
        (user(None), {}, "messages", "is blank; expected a question"),
        (user("who " * 300), {}, "messages", "has 1,199 characters, at most 1,000"),
        (
            user([{"type": "text", "text": "Who is this?"}, IMAGE]),
            {},
            "messages[0].content[1].type",
            "'image_url' cannot",
        ),
        (user(5), {}, "messages[0].content", "expected a string"),
        ([{"role": "robot", "content": "Who?"}], {}, "messages[0].role", "'user'"),
        (user(QUESTION), {"n": 129}, "n", "less than or equal to 128"),
        (user(QUESTION), {"model": 5}, "model", "valid string"),
    ],
)
@pytest.mark.parametrize("streaming", [False, True])
def test_what_cannot_be_used_is_a_bad_request_that_names_the_place(
    chat: openai.OpenAI, messages: list, fields: dict, param: str, says: str, streaming: bool
) -> None:
    error = refused(chat, openai.BadRequestError, messages, **fields, stream=streaming)
    assert (error.type, error.param) == ("invalid_request_error", param)
    assert says.lower() in error.message.lower()


def test_another_model_is_not_found(chat: openai.OpenAI) -> None:
    error = refused(chat, openai.NotFoundError, user(QUESTION), model="gpt-9")
    assert (error.code, error.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError) as caught:
        chat.models.retrieve("gpt-9")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_the_models_are_listed_and_described(chat: openai.OpenAI) -> None:
    (model,) = chat.models.list().data
    assert (model.id, model.object, model.owned_by) == ("qa", "model", "qa")
    assert chat.models.retrieve("qa") == model


def test_a_request_keeps_its_id(chat: openai.OpenAI) -> None:
    told = complete(chat, user(QUESTION), extra_headers={"X-Request-Id": "job-7.A"})
    assert told._request_id == "job-7.A"


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"method": "POST", "url": CHAT, "content": b'{"model": "qa", '}, 400, "json_invalid"),
        ({"method": "POST", "url": CHAT, "content": bytes(2_000_000)}, 413, "too_large"),
        (
            {"method": "POST", "url": CHAT, "headers": {"Content-Type": "text/plain"}},
            415,
            "unsupported_media_type",
        ),
        ({"method": "POST", "url": CHAT, "headers": {"Origin": "http://evil.example"}}, 403, "foreign_origin"),
        ({"method": "GET", "url": "/v1/models", "headers": {"Host": "evil.example"}}, 421, "wrong_host"),
        ({"method": "GET", "url": CHAT}, 405, "method_not_allowed"),
        ({"method": "GET", "url": "/v1/models/a/b"}, 404, "not_found"),
        ({"method": "GET", "url": "/v1/chat/nothing"}, 404, "not_found"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_refusal_has_the_shape_of_openai(client: httpx.Client, request_: dict, status: int, code: str) -> None:
    headers = {"Content-Type": "application/json", **request_.pop("headers", {})}
    response = client.request(**request_, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/json")
    error = response.json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", None, code)
    assert error["message"]


def test_a_body_that_is_too_large_is_told_to_the_client(chat: openai.OpenAI) -> None:
    assert refused(chat, openai.APIStatusError, user("x" * 2_000_000)).status_code == 413


def test_too_many_requests_and_a_server_that_is_not_ready_are_told(sample_copy: Path, start_server: Callable) -> None:
    server = start_server(sample_copy, fresh=True, requests_per_minute=2)
    with connect(server) as chat:
        assert refused(chat, openai.InternalServerError, user(QUESTION)).code == "not_ready"
        with pytest.raises(openai.InternalServerError):
            chat.models.list()
        server.wait_until_ready()
        errors = []
        for _ in range(5):
            try:
                complete(chat, user(QUESTION))
            except openai.RateLimitError as error:
                errors.append((error.type, error.code))
    assert set(errors) == {("rate_limit_error", "too_many_requests")}


def test_comments_and_the_end_are_spelled_as_clients_expect(client: httpx.Client) -> None:
    body = {"model": "qa", "messages": user(QUESTION), "stream": True}
    response = client.post(CHAT, json=body)
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    events = response.text.removesuffix("\n\n").split("\n\n")
    assert events[-1] == "data: [DONE]"
    assert [event.split()[1] for event in events if event.startswith(":")] == ["encode", "search", "read", "compose"]
    assert all(re.match(r"data: \{|: |data: \[DONE\]$", event) and "\n" not in event for event in events)


def test_clients_that_leave_keep_nobody_waiting(chat: openai.OpenAI) -> None:
    for _ in range(20):
        with chat.chat.completions.create(model="qa", messages=user(QUESTION), stream=True) as told:  # type: ignore[arg-type]
            assert next(iter(told)).choices[0].delta.role == "assistant"
    assert native(complete(chat, user(QUESTION))).status == "answered"


@pytest.fixture
def app(sample_index: Path, open_service: Callable[..., Service]) -> Running:
    running = Running(open_service(sample_index))
    running.ready = True
    return running


async def _chunks(app: Running, work: Callable[[OnStage], CompletionShape]) -> AsyncIterator[str]:
    scope = {"type": "http", "method": "POST", "path": CHAT, "headers": [], "state": {"request_id": "r"}}
    request = Request(scope, asyncio.Event().wait)  # type: ignore[arg-type]  # a client that stays says nothing
    response = await streamed(request, app, work, CompletionChunks(CompletionHead(), with_usage=False))
    assert isinstance(response, StreamingResponse)
    return response.body_iterator  # type: ignore[return-value]  # these are strings


@pytest.mark.parametrize(
    ("error", "code"),
    [(IndexDamaged(Path("x"), "a file was changed"), "index_unavailable"), (RuntimeError("secret"), "internal")],
)
def test_what_goes_wrong_in_between_is_the_last_event(app: Running, error: Exception, code: str) -> None:
    def work(on_stage: OnStage) -> CompletionShape:
        on_stage("encode", 1.0)
        raise error

    async def read() -> list[str]:
        return [event async for event in await _chunks(app, work)]

    started, _, last = asyncio.run(read())
    assert '"role": "assistant"' in started
    told = json.loads(last.removeprefix("data: "))["error"]
    assert (told["type"], told["code"]) == ("server_error", code)
    assert "secret" not in last
