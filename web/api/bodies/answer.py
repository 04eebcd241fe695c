"""The bodies of questions to be answered, alone and in batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, model_validator

from qa.answer.citations import NOT_FOUND_TEXT, NUMBERS
from qa.conversation import Turn
from web.api.bodies.fields import Body, Clean, Line, Question, Text, Whole, with_example
from web.api.bodies.search import SearchOptionsBody
from web.api.examples.answer import ASK_BODY, BATCH_BODY, EXPLAIN_BODY

_LONGEST_MESSAGE, _MOST_MESSAGES = 20_000, 200


class AnswerOptionsBody(SearchOptionsBody):
    """The options of a question that is to be answered."""

    threshold: float | None = Field(
        default=None, ge=0, le=1, description="The probability below which nothing is answered; default: the setting."
    )
    max_citations: Annotated[int, Field(ge=1, le=10), Whole] | None = Field(
        default=None, description="The most sentences that the answer cites; default: the setting."
    )


class MessageBody(Body):
    """One message of an earlier turn: a question of the user, or its answer."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=_LONGEST_MESSAGE), Clean]


def turns_of(messages: Iterable[tuple[str, str]]) -> list[Turn]:
    """A turn for each question, with the assistant's messages that follow it. A message is its role and its text."""
    turns: list[Turn] = []
    for role, text in messages:
        if role == "user":
            turns.append(Turn(text))
        elif turns:
            quotes = NUMBERS.sub("", text).strip()
            turns[-1] = replace(turns[-1], answer="" if quotes == NOT_FOUND_TEXT else f"{turns[-1].answer} {quotes}".strip())
    return turns


class TurnBody(AnswerOptionsBody):
    """A question to be answered, with the earlier turns that it may refer to."""

    question: Question
    messages: Annotated[list[MessageBody], Field(max_length=_MOST_MESSAGES)] | None = Field(
        None, description="The earlier turns, in order: what the question may refer to, as in “When was he born?”."
    )
    standalone_question: Text | None = Field(
        None, description="The words to search for instead of the question; default: the question, made to stand alone."
    )

    def earlier(self) -> list[Turn]:
        return turns_of((message.role, message.content) for message in self.messages or [])


class AskBody(TurnBody):
    model_config = with_example(ASK_BODY)

    conversation_id: Annotated[
        Line | None, Field(description="The conversation that the question continues, instead of `messages`.")
    ] = None
    stream: Annotated[
        bool, Field(description="Server-sent events while the answer is made; `Accept: text/event-stream` does the same.")
    ] = False

    @model_validator(mode="after")
    def _has_one_past(self) -> AskBody:
        if self.conversation_id is not None and self.messages is not None:
            raise ValueError("expected conversation_id or messages, not both")
        return self


class ExplainBody(TurnBody):
    model_config = with_example(EXPLAIN_BODY)

    article_id: Annotated[
        Line | None, Field(description="Say why this article is cited or not: an id of the index, or a given one.")
    ] = None


class BatchBody(Body):
    model_config = with_example(BATCH_BODY)

    questions: Annotated[list[TurnBody], Field(min_length=1, max_length=100)]
