"""/v1/conversations: begin, list, read, rename and remove conversations. The chat and the API share them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from qa.api.conversation import (
    ConversationListShape,
    ConversationShape,
    RemovedConversationShape,
    conversation_list_shape,
    conversation_shape,
)
from qa.api.exports import ExportFormat
from qa.base.times import REMOVED_KEPT, rfc3339
from qa.corpus.decode import clean
from qa.service.conversations import as_of_now
from web.api.bodies.conversation import BeginBody, RenameBody
from web.api.examples.conversation import SAVED
from web.api.openapi import problems
from web.api.routes.json_route import JsonRoute
from web.api.saved_files import ExportHtmlDep, saved_file
from web.runtime.cursors import cursor_of, place_of
from web.runtime.dependencies import ConversationsDep, RunningDep

router = APIRouter(prefix="/v1/conversations", tags=["Conversations"], route_class=JsonRoute)

_CURSOR = "asked-before"


@router.post("", summary="Begin a conversation", responses=problems(403, 413, 415, 422, 429, 503))
def begin_conversation(body: BeginBody, running: RunningDep, conversations: ConversationsDep) -> ConversationShape:
    """A conversation without questions. Ask questions in it with its id as `conversation_id`."""
    running.require_ready()
    return conversation_shape(conversations.begin(body.title or ""))


@router.get("", summary="List conversations", responses=problems(422, 503))
def list_conversations(
    running: RunningDep,
    conversations: ConversationsDep,
    limit: Annotated[int, Query(ge=1, le=100, description="How many.")] = 20,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of a title, a question or an answer.")] = None,
) -> ConversationListShape:
    """The most recently asked first."""
    running.require_ready()
    lines = conversations.page(clean(q or ""), limit=limit + 1, before=place_of(_CURSOR, cursor, str))
    shown = lines[:limit]
    next_cursor = cursor_of(_CURSOR, shown[-1].place) if len(lines) > limit else None
    return conversation_list_shape(shown, next_cursor=next_cursor)


@router.get("/{conversation_id}", summary="Read a conversation", responses=problems(404, 422, 503))
def read_conversation(conversation_id: str, running: RunningDep, conversations: ConversationsDep) -> ConversationShape:
    """Its answers as they were given, in order, each with the citations that no longer stand in their articles."""
    running.require_ready()
    return conversation_shape(as_of_now(conversations.of(conversation_id).find(conversation_id), running.service))


@router.get(
    "/{conversation_id}/export",
    summary="Save a conversation",
    response_class=Response,
    responses={
        200: {
            "description": "A file: Markdown, the JSON of the conversation, or a self-contained HTML page.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/ConversationShape"}},
                "text/markdown": {"schema": {"type": "string"}, "examples": {"example 1": {"value": SAVED}}},
                "text/html": {"schema": {"type": "string"}, "examples": {"example 1": {"value": "<!doctype html>…"}}},
            },
        },
        **problems(404, 422, 503),
    },
)
def export_conversation(
    request: Request,
    conversation_id: str,
    running: RunningDep,
    conversations: ConversationsDep,
    export_html: ExportHtmlDep,
    format: Annotated[ExportFormat, Query(description="md, json or html.")] = ExportFormat.MARKDOWN,
) -> Response:
    """The questions and answers with all quotes and their sources, as a file."""
    running.require_ready()
    saved = conversations.of(conversation_id).find(conversation_id)
    return saved_file(request, saved, format, running.service, export_html)


@router.patch("/{conversation_id}", summary="Rename a conversation", responses=problems(403, 404, 413, 415, 422, 429, 503))
def rename_conversation(
    conversation_id: str, body: RenameBody, running: RunningDep, conversations: ConversationsDep
) -> ConversationShape:
    """Only the title can be changed."""
    running.require_ready()
    history = conversations.of(conversation_id)
    history.rename(conversation_id, body.title)
    return conversation_shape(history.find(conversation_id))


@router.delete("/{conversation_id}", summary="Remove a conversation", responses=problems(403, 404, 422, 429, 503))
def remove_conversation(conversation_id: str, running: RunningDep, conversations: ConversationsDep) -> RemovedConversationShape:
    """It is hidden at once. Until it is deleted, the chat's page of conversations can restore it."""
    running.require_ready()
    conversations.of(conversation_id).remove(conversation_id)
    return RemovedConversationShape(id=conversation_id, restorable_until=rfc3339(datetime.now(UTC) + REMOVED_KEPT))
