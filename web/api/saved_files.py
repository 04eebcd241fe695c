"""A conversation → the response that a browser saves as a file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.responses import Response

from qa.api.conversation import Conversation
from qa.api.exports import MEDIA_TYPES, ExportFormat, file_name
from qa.service.conversations import ExportHtml, saved_text
from qa.service.service import Service


def export_html(request: Request) -> ExportHtml:
    """The HTML export, which the pages provide."""
    shared: ExportHtml = request.app.state.export_html
    return shared


ExportHtmlDep = Annotated[ExportHtml, Depends(export_html)]


def saved_file(
    request: Request, conversation: Conversation, kind: ExportFormat, service: Service, export_html: ExportHtml
) -> Response:
    """The file, with a name made of the title. It holds the conversation's address on this server."""
    address = f"{request.base_url}c/{conversation.id}"
    name = quote(f"{file_name(conversation.title)}.{kind}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    text = saved_text(conversation, kind, service, export_html, address=address)
    return Response(text, media_type=f"{MEDIA_TYPES[kind]}; charset=utf-8", headers=headers)
