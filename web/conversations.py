"""The conversations of the web chat, in memory only: they end with the process, and the oldest make room for new ones."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from qa.schemas import AnswerShape, filters_of
from qa.types import Filters

_MOST_CONVERSATIONS = 200
_MOST_TURNS = 50  # with answers of about 10 kB, all conversations stay within 100 MB


@dataclass(frozen=True, slots=True)
class Turn:
    """The `number`-th question of a conversation (from 1) with its answer."""

    number: int
    answer: AnswerShape

    @property
    def filters(self) -> Filters:
        """Those that it was asked with."""
        return filters_of(self.answer.filters)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns; the first of them have been dropped when `turns[0].number` is above 1."""

    id: str
    turns: tuple[Turn, ...]


class Conversations:
    """Keeps the `most` conversations that were used last, `most_turns` of each. Shared between threads."""

    def __init__(self, *, most: int = _MOST_CONVERSATIONS, most_turns: int = _MOST_TURNS) -> None:
        self._most = most
        self._most_turns = most_turns
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation as it is now; None when it was never there or is not kept any more."""
        with self._lock:
            if conversation_id in self._kept:
                self._kept.move_to_end(conversation_id)
            return self._kept.get(conversation_id)

    def append(self, conversation_id: str, answer: AnswerShape) -> Conversation:
        """The conversation with one turn more; a new one, under an id that cannot be guessed, when it is not kept."""
        with self._lock:
            known = self._kept.get(conversation_id) or Conversation(f"cnv_{secrets.token_urlsafe(16)}", ())
            number = known.turns[-1].number + 1 if known.turns else 1
            turns = (*known.turns, Turn(number, answer))[-self._most_turns :]
            grown = Conversation(known.id, turns)
            self._kept[grown.id] = grown
            self._kept.move_to_end(grown.id)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return grown
