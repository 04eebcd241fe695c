"""/v1/chat/completions and /v1/models: the answers of the index for clients of OpenAI's API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from fastapi import APIRouter, Request, Response

from qa.base.errors import QuestionError, WrongPlace
from qa.service.observers import OnStage
from web.api.asking import answered
from web.api.routes.json_route import JsonRoute
from web.api.streaming import EVENT_STREAM, streamed
from web.openai import examples
from web.openai.bodies import CompletionBody
from web.openai.completions import CHUNK_SCHEMA, CompletionChunks, CompletionHead, choices_of, completion
from web.openai.openapi import openai_problems
from web.openai.shapes import MODEL, ChoiceShape, CompletionShape, ModelListShape, ModelShape, UsageShape
from web.problems import Problem
from web.runtime.dependencies import RunningDep
from web.runtime.leaving import stop_if_left, while_there
from web.runtime.running import Running

router = APIRouter(prefix="/v1", tags=["OpenAI"], route_class=JsonRoute)


@router.post(
    "/chat/completions",
    summary="Ask as with OpenAI's API",
    response_model=CompletionShape,
    responses={
        200: {"content": {EVENT_STREAM: {"schema": CHUNK_SCHEMA, "examples": examples.CHUNKS}}},
        **openai_problems(400, 403, 404, 413, 415, 429, 503),
    },
)
async def complete_chat(request: Request, body: CompletionBody, running: RunningDep) -> CompletionShape | Response:
    """The last message of the user is the question. Earlier messages of user and assistant only resolve what it refers to.

    Other messages, and fields that are not listed here, are accepted and not used. The content is the text of the answer. Each
    `url_citation` is the place of a quote in it, and `qa` is the answer of `POST /v1/answers`. With `n` above 1, what other
    articles say instead of the answer follows as further choices, one sentence each. With `stream`, chunks come as server-sent
    events; the last one with text of each choice also has `annotations`, and that of the first has `qa`.
    """
    _require_model(body.model, "#/model")
    head = CompletionHead()
    server = str(request.base_url).removesuffix("/")

    def work(on_stage: OnStage) -> CompletionShape:
        try:
            answer = answered(running, body.question, body.options, earlier=body.earlier(), on_stage=on_stage)
        except QuestionError as error:
            raise Problem("invalid-request", str(error), errors=(WrongPlace("#/messages", "question", str(error)),)) from error
        choices = choices_of(answer, most=body.n or 1, server=server)
        return completion(head, answer, choices, _usage(running, body, choices))

    if body.stream:
        return await streamed(request, running, work, CompletionChunks(head, with_usage=body.has_usage_chunk))
    return await while_there(request, running.ask(lambda: work(stop_if_left)))


def _usage(running: Running, body: CompletionBody, choices: Sequence[ChoiceShape]) -> UsageShape:
    def tokens(texts: Iterable[str]) -> int:
        return sum(running.service.encoder.token_counts(list(texts)))

    prompt, completed = tokens(text for _, text in body.used), tokens(choice.message.content for choice in choices)
    return UsageShape(prompt_tokens=prompt, completion_tokens=completed, total_tokens=prompt + completed)


@router.get("/models", summary="List the models", responses=openai_problems(503))
def list_models(running: RunningDep) -> ModelListShape:
    """There is one model: the answers of this index."""
    return ModelListShape(data=[_model(running)])


@router.get("/models/{model}", summary="Describe a model", responses=openai_problems(404, 503))
def read_model(model: str, running: RunningDep) -> ModelShape:
    """The model of this id."""
    _require_model(model, "{model}")
    return _model(running)


def _require_model(model: str, pointer: str) -> None:
    if model != MODEL:
        detail = f"There is no model {model[:100]!r}; expected {MODEL!r}."
        raise Problem("not-found", detail, errors=(WrongPlace(pointer, "model_not_found", detail),))


def _model(running: Running) -> ModelShape:
    changed_at = running.described().changed_at
    return ModelShape(id=MODEL, created=int(datetime.fromisoformat(changed_at).timestamp()) if changed_at else 0)
