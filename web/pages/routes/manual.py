"""The manual in the browser: its topics at /help, and a page for each."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from qa.manual import TOPICS
from web.pages.dependencies import PagesDep
from web.pages.manual import manual_page
from web.problems import Problem

router = APIRouter(include_in_schema=False)


@router.get("/help")
def topics(request: Request, pages: PagesDep) -> Response:
    """The topics, each with a summary of its page."""
    return pages.plain(request, "manual_topics.html", topics=TOPICS)


@router.get("/help/{topic}")
def topic(request: Request, topic: str, pages: PagesDep) -> Response:
    """One page."""
    if topic not in TOPICS:
        raise Problem("not-found", f"The manual has no such topic. Its topics are {', '.join(TOPICS)}.")
    titles = {name: manual_page(name).title for name in TOPICS}
    return pages.plain(request, "manual.html", titles=titles, topic=topic, manual_page=manual_page(topic))
