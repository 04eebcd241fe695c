"""The conversations of the chats: those that are kept with the index, and those that live in memory.

The second are all where nothing is to be kept (`keep_answers_days` 0), and those begun while the folder could not be written.
They end with the process, and the oldest make room for new ones.

A conversation → as it is now, and as the text of a file.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from qa.api.answer import AnswerShape
from qa.api.conversation import Conversation, ConversationLine
from qa.api.exports import ExportFormat, json_text, markdown
from qa.base.errors import ConversationNotFound, StorageError
from qa.base.types import MOST_NAMED
from qa.service.service import Service
from qa.service.state.conversations import History
from qa.service.state.file import StateFile, StateInMemory

log = logging.getLogger(__name__)

_MOST_IN_MEMORY = 200  # conversations; with answers of about 10 kB they stay within some 100 MB

# a conversation, titles of articles by their ids, and its address → a page that needs nothing else
ExportHtml = Callable[[Conversation, Mapping[str, str], str | None], str]


class Conversations:
    """Those of one application. Shared between threads."""

    def __init__(self, service: Service, *, most_in_memory: int = _MOST_IN_MEMORY) -> None:
        self._days = service.settings.keep_answers_days
        self._most = most_in_memory
        self._memory = History(StateInMemory())
        self._kept = History(StateFile(service.folder)) if self._days else None

    @property
    def are_kept(self) -> bool:
        """Whether they outlive the process."""
        return self._kept is not None

    def is_kept(self, conversation_id: str) -> bool:
        """Whether this one outlives the process, if it is anywhere."""
        return self._kept is not None and not self._is_in_memory(conversation_id)

    def begin(self, title: str = "") -> Conversation:
        """A conversation without turns; `History.begin` says more."""
        if self._kept is not None:
            try:
                return self._kept.begin(title)
            except StorageError as error:
                log.warning("A conversation begins in memory alone: %s", error)
        return self._memory.begin(title)

    def append(
        self, conversation_id: str, answer: AnswerShape, *, in_place_of: int | None = None, must_exist: bool = False
    ) -> Conversation:
        """The conversation with one turn more; `History.append` says more."""
        if self._kept is not None and self.is_kept(conversation_id):
            unused_since = datetime.now(UTC) - timedelta(self._days)
            try:
                return self._kept.append(
                    conversation_id, answer, in_place_of=in_place_of, unused_since=unused_since, must_exist=must_exist
                )
            except StorageError as error:
                log.warning("A conversation goes on in memory alone: %s", error)
        return self._memory.append(conversation_id, answer, in_place_of=in_place_of, most=self._most, must_exist=must_exist)

    def known(self, conversation_id: str) -> Conversation | None:
        """The conversation as it is now; None when it is not kept, and for "", which is that of no conversation."""
        if not conversation_id:
            return None
        try:
            return self.of(conversation_id).find(conversation_id)
        except ConversationNotFound:
            return None

    def of(self, conversation_id: str) -> History:
        """Where a conversation is, if it is anywhere."""
        return self._kept if self._kept is not None and self.is_kept(conversation_id) else self._memory

    def page(self, words: str = "", *, limit: int, before: str | None = None) -> list[ConversationLine]:
        """The conversations asked last first; `History.page` says more."""
        histories = [self._memory] if self._kept is None else [self._memory, self._kept]
        lines = [line for history in histories for line in history.page(words, limit=limit, before=before)]
        return sorted(lines, key=lambda line: (line.updated_at, line.id), reverse=True)[:limit]

    def recent(self, *, limit: int) -> list[ConversationLine]:
        """Those asked last; where the kept ones cannot be read, those in memory alone."""
        try:
            return self.page(limit=limit)
        except StorageError as error:
            log.warning("The kept conversations are not listed: %s", error)
            return self._memory.page(limit=limit)

    def removed_lately(self, *, limit: int) -> list[tuple[str, str]]:
        """Ids and titles of those that were removed in the last ten minutes."""
        histories = [self._memory] if self._kept is None else [self._memory, self._kept]
        return [one for history in histories for one in history.removed_lately(limit=limit)][:limit]

    def _is_in_memory(self, conversation_id: str) -> bool:
        return self._memory.has(conversation_id)


def as_of_now(conversation: Conversation, service: Service) -> Conversation:
    """The conversation with what became of the sentences that its answers cite."""
    answers = service.as_of_now([turn.answer for turn in conversation.turns])
    turns = tuple(replace(turn, answer=answer) for turn, answer in zip(conversation.turns, answers, strict=True))
    return replace(conversation, turns=turns)


def filter_titles(conversation: Conversation, service: Service) -> Mapping[str, str]:
    """The titles of the articles that the filters of its questions name, by the ids that they have there."""
    named = [ids for turn in conversation.turns if len(ids := turn.filters.article_ids) <= MOST_NAMED]
    wanted = {id_ for ids in named for id_ in ids}
    return service.titles(wanted) if wanted else {}


def saved_text(
    conversation: Conversation, kind: ExportFormat, service: Service, export_html: ExportHtml, *, address: str | None = None
) -> str:
    """The conversation as it is now, in one of the formats."""
    now, titles = as_of_now(conversation, service), filter_titles(conversation, service)
    match kind:
        case ExportFormat.HTML:
            return export_html(now, titles, address)
        case ExportFormat.MARKDOWN:
            return markdown(now, titles=titles, address=address)
        case ExportFormat.JSON:
            return json_text(now)
