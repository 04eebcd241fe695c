"""A request → what its application shares: each dependency of the routes, once, as a function and as an annotation."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qa.service.conversations import Conversations
from web.access.access import Access
from web.runtime.jobs import Jobs
from web.runtime.running import Running


def running(request: Request) -> Running:
    """The service and whether it is ready."""
    shared: Running = request.app.state.running
    return shared


def access(request: Request) -> Access:
    """The hosts and tokens that the server accepts."""
    shared: Access = request.app.state.access
    return shared


def conversations(request: Request) -> Conversations:
    """The conversations of the chat and of the API."""
    shared: Conversations = request.app.state.conversations
    return shared


def jobs(request: Request) -> Jobs:
    """The jobs that this process does, and those that the index remembers."""
    shared: Jobs = request.app.state.jobs
    return shared


RunningDep = Annotated[Running, Depends(running)]
AccessDep = Annotated[Access, Depends(access)]
ConversationsDep = Annotated[Conversations, Depends(conversations)]
JobsDep = Annotated[Jobs, Depends(jobs)]
