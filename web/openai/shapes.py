"""The JSON shapes of the imitated part of OpenAI's API: completions, models and errors."""

from __future__ import annotations

from typing import Literal

from qa.api.answer import AnswerShape
from qa.api.shape import Shape

MODEL = "qa"  # the only one: what answers from the index


class UrlCitationShape(Shape):
    """The code points of the message's content that quote what stands at `url`, half-open."""

    start_index: int
    end_index: int
    title: str
    url: str


class AnnotationShape(Shape):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitationShape


class CompletionMessageShape(Shape):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[AnnotationShape]


class ChoiceShape(Shape):
    index: int
    message: CompletionMessageShape
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class UsageShape(Shape):
    """Tokens of the used messages and of all contents, by the index's encoder, without special tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionShape(Shape):
    """`qa` is the answer as `POST /v1/answers` gives it, under whose id it is kept.

    The first choice is the answer. Each further one is a statement of other articles that says something else.
    """

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChoiceShape]
    usage: UsageShape
    qa: AnswerShape


class ModelShape(Shape):
    """`created` is when the index last changed, in seconds since 1970; 0 before the first article."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["qa"] = "qa"


class ModelListShape(Shape):
    object: Literal["list"] = "list"
    data: list[ModelShape]


OpenAIErrorType = Literal["invalid_request_error", "rate_limit_error", "server_error"]


class OpenAIErrorShape(Shape):
    """`param` is the wrong field, as in `messages[0].content`; `code` names the error in one word."""

    message: str
    type: OpenAIErrorType
    param: str | None
    code: str


class OpenAIProblemShape(Shape):
    """An error of the routes that imitate OpenAI's API."""

    error: OpenAIErrorShape
