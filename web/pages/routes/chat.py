"""The chat's pages: one for a new conversation, one for each that is kept, and what is done with those."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from qa.api.conversation import Conversation, ConversationLine
from qa.api.exports import ExportFormat
from qa.base.errors import JobNotFound
from qa.corpus.decode import clean
from qa.service.conversations import Conversations, as_of_now
from qa.service.state.conversations import LONGEST_TITLE
from web.access.browsers import is_htmx
from web.api.saved_files import saved_file
from web.pages.addresses import conversation_address
from web.pages.days import day_here
from web.pages.dependencies import PagesDep, SuggestionsDep
from web.pages.export_page import export_page
from web.pages.filter_form import LONGEST_ARTICLES, MOST_SOURCES, FilterForm, form_of
from web.pages.render import Pages
from web.pages.suggestions import Suggestion
from web.runtime.dependencies import ConversationsDep, JobsDep, RunningDep
from web.runtime.jobs import Jobs
from web.runtime.running import Running

router = APIRouter(include_in_schema=False)


_EMPTY_FORM = FilterForm()
IN_SIDEBAR = 20  # conversations
_PAGE = 50  # conversations


@router.get("/")
def new_conversation(
    request: Request,
    running: RunningDep,
    pages: PagesDep,
    conversations: ConversationsDep,
    suggestions: SuggestionsDep,
    jobs: JobsDep,
    article: Annotated[str, Query(max_length=LONGEST_ARTICLES)] = "",
    added: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The ask box and a few questions to begin with, as far as these are known; `article` names those that are to answer."""
    running.require_ready()
    form = FilterForm(article=article or _added_articles(jobs, added))
    return chat_page(request, running, pages, conversations, form=form, suggestions=suggestions.known())


def _added_articles(jobs: Jobs, job_id: str) -> str:
    """The articles of a sending, for the field of articles; "" where they are too many, or where it is not kept."""
    if not job_id:
        return ""
    try:
        return " ".join(jobs.uploads.results(job_id).article_ids)
    except JobNotFound:
        return ""


@router.get("/suggestions")
async def suggested_questions(request: Request, running: RunningDep, pages: PagesDep, suggestions: SuggestionsDep) -> Response:
    """The questions to begin with, worked out first if need be: as a part for htmx, else as a page."""
    questions = await running.ask(suggestions.questions)
    if is_htmx(request):
        return pages.plain(request, "_suggestions.html", suggestions=questions)
    return await to_thread.run_sync(partial(pages.page, request, "suggestions.html", suggestions=questions))


@router.get("/c/{conversation_id}")
def conversation(
    request: Request, conversation_id: str, running: RunningDep, pages: PagesDep, conversations: ConversationsDep
) -> Response:
    """A conversation, or a page that says that it is not kept."""
    running.require_ready()
    known = conversations.known(conversation_id)
    if known is None:
        return pages.page(request, "lost.html", status=404, are_kept=conversations.are_kept)
    form = form_of(known.turns[-1].filters) if known.turns else _EMPTY_FORM
    undoable = conversations.of(conversation_id).undoable(conversation_id)
    return chat_page(request, running, pages, conversations, conversation=known, form=form, undoable=undoable)


def chat_page(
    request: Request,
    running: Running,
    pages: Pages,
    conversations: Conversations,
    *,
    conversation: Conversation | None = None,
    form: FilterForm = _EMPTY_FORM,
    suggestions: Sequence[Suggestion] | None = None,
    question: str = "",
    message: str | None = None,
    undoable: tuple[str, int] | None = None,
) -> Response:
    """The chat page. `question` stands in the box already, and `message` says why it was refused.

    `undoable` is the answer in the place of so many turns that can be brought back.
    """
    return pages.page(
        request,
        "chat.html",
        status=422 if message else 200,
        conversation=as_of_now(conversation, running.service) if conversation else None,
        form=form,
        sources=running.service.sources()[:MOST_SOURCES],
        languages=running.service.languages(),
        suggestions=suggestions,
        question=question,
        message=message,
        undoable=undoable,
        days=by_day(conversations.recent(limit=IN_SIDEBAR)),
    )


# The conversations that are kept


@router.get("/conversations")
def conversations_page(
    request: Request,
    running: RunningDep,
    pages: PagesDep,
    conversations: ConversationsDep,
    q: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[str, Query(max_length=200)] = "",
    removed: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Those asked last first, of which the title, a question or an answer hold all the words; `removed` was just removed."""
    running.require_ready()
    page = conversations.page(clean(q), limit=_PAGE + 1, before=before or None)
    lines = page[:_PAGE]
    last = lines[-1] if len(page) > _PAGE else None
    return pages.page(
        request,
        "conversations.html",
        days=by_day(lines),
        words=q,
        next_page=f"/conversations?{urlencode({'q': q, 'before': last.place})}" if last else None,
        lately=[one for one in conversations.removed_lately(limit=_PAGE) if one[0] != removed],
        removed=removed,
        removed_title=conversations.of(removed).removed_title(removed) if removed else None,
        are_kept=conversations.are_kept,
        kept_days=running.service.settings.keep_answers_days,
    )


@router.post("/c/{conversation_id}/rename")
def rename(
    conversation_id: str, running: RunningDep, conversations: ConversationsDep, title: Annotated[str, Form()] = ""
) -> Response:
    """Another title, cut where it is too long; a blank one changes nothing."""
    running.require_ready()
    if wanted := clean(title).strip()[:LONGEST_TITLE]:
        conversations.of(conversation_id).rename(conversation_id, wanted)
    return RedirectResponse(conversation_address(conversation_id), status_code=303)


@router.post("/c/{conversation_id}/remove")
def remove(conversation_id: str, running: RunningDep, conversations: ConversationsDep) -> Response:
    """Hide the conversation, then show the others with a way back."""
    running.require_ready()
    conversations.of(conversation_id).remove(conversation_id)
    return RedirectResponse(f"/conversations?{urlencode({'removed': conversation_id})}", status_code=303)


@router.post("/c/{conversation_id}/restore")
def restore(conversation_id: str, running: RunningDep, conversations: ConversationsDep) -> Response:
    """Bring a removed conversation back, and show it."""
    running.require_ready()
    conversations.of(conversation_id).restore(conversation_id)
    return RedirectResponse(conversation_address(conversation_id), status_code=303)


@router.post("/c/{conversation_id}/undo")
def undo(
    conversation_id: str, running: RunningDep, conversations: ConversationsDep, edited: Annotated[str, Form()] = ""
) -> Response:
    """Bring back the turns that an edited question took the place of."""
    running.require_ready()
    conversations.of(conversation_id).undo(conversation_id, edited)
    return RedirectResponse(conversation_address(conversation_id), status_code=303)


@router.get("/c/{conversation_id}/export")
def export(
    request: Request,
    conversation_id: str,
    running: RunningDep,
    conversations: ConversationsDep,
    format: ExportFormat = ExportFormat.MARKDOWN,
) -> Response:
    """The conversation as a file to save."""
    running.require_ready()
    saved = conversations.of(conversation_id).find(conversation_id)
    return saved_file(request, saved, format, running.service, export_page)


def by_day(lines: Sequence[ConversationLine]) -> list[tuple[str, list[ConversationLine]]]:
    """The lines under the day of their last question by this machine's clock."""
    return [(name, list(group)) for name, group in groupby(lines, lambda line: day_here(line.updated_at))]
