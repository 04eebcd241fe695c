"""The manual in the browser: its topics at /help, and a page for each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from qa.manual import TOPICS
from web.pages.manual import manual_page
from web.pages.render import Pages, pages
from web.problems import Problem

router = APIRouter(include_in_schema=False)

Shown = Annotated[Pages, Depends(pages)]


@router.get("/help")
def topics(request: Request, shown: Shown) -> Response:
    """The topics, each with what its page is about."""
    return shown.plain(request, "manual_topics.html", topics=TOPICS)


@router.get("/help/{topic}")
def topic(request: Request, topic: str, shown: Shown) -> Response:
    """One page."""
    if topic not in TOPICS:
        raise Problem("not-found", f"The manual has no such topic. Its topics are {', '.join(TOPICS)}.")
    return shown.plain(request, "manual.html", topics=TOPICS, topic=topic, manual_page=manual_page(topic))
