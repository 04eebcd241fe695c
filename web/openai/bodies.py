"""The body of a chat completion: the fields of OpenAI's API, few of which are used, and `qa`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from qa.conversation import Turn
from web.api.bodies.answer import AnswerOptionsBody, turns_of
from web.api.bodies.fields import Clean, Whole
from web.openai import examples
from web.openai.shapes import MODEL


class OpenAIBody(BaseModel):
    """Unknown fields are accepted and not used."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


def _is_text(kind: object) -> object:
    if kind != "text":
        raise ValueError(f"parts of type {str(kind)[:50]!r} cannot be read; expected text")
    return kind


class TextPart(OpenAIBody):
    type: Annotated[Literal["text"], BeforeValidator(_is_text)]
    text: Annotated[str, Clean]


def _in_parts(content: object) -> object:
    """The three spellings of content → a list of parts."""
    if content is None:
        return []
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise ValueError("expected a string, or a list of parts of type text")
    return content


class CompletionMessage(OpenAIBody):
    """A message of the chat. Only messages of the user and of the assistant are used."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[list[TextPart], BeforeValidator(_in_parts, json_schema_input_type=str | list[TextPart] | None)] = []

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.content)


def _end_of_question(messages: list[CompletionMessage]) -> int:
    """The number of messages up to the last one of the user, inclusive; 0 without one."""
    return max((number for number, message in enumerate(messages, start=1) if message.role == "user"), default=0)


def _with_a_question(messages: list[CompletionMessage]) -> list[CompletionMessage]:
    end = _end_of_question(messages)
    if not end:
        raise ValueError("there is no message of the user; the last one is taken as the question")
    if not messages[end - 1].text.strip():
        raise ValueError("the last message of the user is blank; expected a question")
    return messages


class StreamOptionsBody(OpenAIBody):
    include_usage: Annotated[bool | None, Field(description="Whether the last chunk has the usage.")] = None


class CompletionBody(OpenAIBody):
    model_config = ConfigDict(json_schema_extra={"examples": [examples.COMPLETION_BODY]})

    model: Annotated[str, Field(description="An id that GET /v1/models lists.", json_schema_extra={"enum": [MODEL]})]
    messages: Annotated[list[CompletionMessage], Field(min_length=1), AfterValidator(_with_a_question)] = Field(
        description="The last message of the user is the question. It may refer to earlier ones, as in “When was he born?”."
    )
    n: Annotated[int, Field(ge=1, le=128), Whole] | None = Field(
        None, description="At most how many choices: the answer, and then what other articles say instead. There may be fewer."
    )
    stream: Annotated[bool | None, Field(description="Chunks as server-sent events.")] = None
    stream_options: StreamOptionsBody | None = None
    qa: Annotated[AnswerOptionsBody | None, Field(description="Options of POST /v1/answers.")] = None

    @property
    def options(self) -> AnswerOptionsBody:
        return self.qa or AnswerOptionsBody()

    @property
    def has_usage_chunk(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage is True

    @property
    def used(self) -> list[tuple[str, str]]:
        """Role and text of the used messages: the earlier ones of user and assistant, and the question last."""
        messages = self.messages[: _end_of_question(self.messages)]
        return [(message.role, message.text) for message in messages if message.role in ("user", "assistant")]

    @property
    def question(self) -> str:
        return self.used[-1][1]

    def earlier(self) -> list[Turn]:
        return turns_of(self.used[:-1])
