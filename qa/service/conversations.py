"""A conversation that is kept → as it is now, and as the text of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from qa.api.conversation import Conversation
from qa.api.exports import ExportFormat, json_text, markdown
from qa.base.types import MOST_NAMED
from qa.service.service import Service

# a conversation, titles of articles by their ids, and its address → a page that needs nothing else
ExportHtml = Callable[[Conversation, Mapping[str, str], str | None], str]


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
