"""A conversation → its JSON. Its turns hold the answers as they were given, which is their JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.api.answer import AnswerShape
from qa.api.filters import filters_of
from qa.api.shape import Shape
from qa.base.types import Filters


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """The `number`-th question of a conversation (from 1) with its answer."""

    number: int
    answer: AnswerShape

    @property
    def filters(self) -> Filters:
        """The filters of its question."""
        return filters_of(self.answer.filters)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Times are RFC 3339 in UTC; `updated_at` is that of the last question."""

    id: str
    title: str
    created_at: str
    updated_at: str
    turns: tuple[ConversationTurn, ...]


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """A conversation in a list of them, with the number of its questions."""

    id: str
    title: str
    updated_at: str
    questions: int

    @property
    def place(self) -> str:
        """Its place in the order of the list, from which the next page continues."""
        return f"{self.updated_at} {self.id}"


class ConversationShape(Shape):
    """A conversation with its answers in full, in their order. Times are in UTC; `updated_at` is that of the last question."""

    object: Literal["conversation"] = "conversation"
    id: str
    title: str
    created_at: str
    updated_at: str
    turns: list[AnswerShape]


class ConversationLineShape(Shape):
    """A conversation without its answers; `questions` is their number."""

    object: Literal["conversation.line"] = "conversation.line"
    id: str
    title: str
    updated_at: str
    questions: int


class ConversationListShape(Shape):
    """The most recently asked first; `next_cursor` is null on the last page."""

    object: Literal["list"] = "list"
    data: list[ConversationLineShape]
    next_cursor: str | None


class RemovedConversationShape(Shape):
    """The conversation is hidden. The first question after `restorable_until` deletes it with its answers."""

    object: Literal["conversation.removed"] = "conversation.removed"
    id: str
    restorable_until: str


def conversation_shape(conversation: Conversation) -> ConversationShape:
    return ConversationShape(
        id=conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        turns=[turn.answer for turn in conversation.turns],
    )


def conversation_list_shape(lines: Sequence[ConversationLine], *, next_cursor: str | None) -> ConversationListShape:
    return ConversationListShape(data=[_line_shape(line) for line in lines], next_cursor=next_cursor)


def _line_shape(line: ConversationLine) -> ConversationLineShape:
    return ConversationLineShape(id=line.id, title=line.title, updated_at=line.updated_at, questions=line.questions)
