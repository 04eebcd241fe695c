"""A request → what the pages of its application share, as functions and as annotations of the routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from web.pages.render import Pages
from web.pages.suggestions import Suggestions


def pages(request: Request) -> Pages:
    """The templates."""
    shared: Pages = request.app.state.pages
    return shared


def suggestions(request: Request) -> Suggestions:
    """The questions to begin with."""
    shared: Suggestions = request.app.state.suggestions
    return shared


PagesDep = Annotated[Pages, Depends(pages)]
SuggestionsDep = Annotated[Suggestions, Depends(suggestions)]
