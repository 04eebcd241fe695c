"""A conversation → the response that a browser saves as a file."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from qa.api.conversation import Conversation
from web.pages.exports import MEDIA_TYPES, ExportFormat, file_name, json_text, markdown
from web.pages.render import Pages


def saved_file(request: Request, pages: Pages, conversation: Conversation, kind: ExportFormat) -> Response:
    """The file, under a name made of the title; it says where on this server the conversation is read."""
    address = f"{request.base_url}c/{conversation.id}"
    if kind is ExportFormat.HTML:
        text = pages.text("export.html", conversation=conversation, address=address)
    else:
        text = markdown(conversation, address=address) if kind is ExportFormat.MARKDOWN else json_text(conversation)
    name = quote(f"{file_name(conversation.title)}.{kind}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(text, media_type=f"{MEDIA_TYPES[kind]}; charset=utf-8", headers=headers)
