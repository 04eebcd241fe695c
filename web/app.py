"""`create_app(service)` makes the application: guards around routers around one service. Nothing happens at import."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from qa.base.errors import QaError
from qa.base.version import __version__
from qa.service.conversations import Conversations
from qa.service.service import Service
from qa.service.state.file import StateFile, StateInMemory
from qa.service.state.upload_series import UploadSeriesLog
from web.access.access import Access
from web.api.jobs import job_failure
from web.api.openapi import describe_api
from web.api.routes import answers, articles, citations, conversations, fetching, index, jobs, search, snapshots, status, uploads
from web.api.routes import explain as explaining
from web.errors import add_error_handlers
from web.guards.observer import AnswerObserver
from web.guards.order import add_guards
from web.mcp.endpoint import McpEndpoint
from web.openai import routes as openai
from web.openai.errors import openai_response
from web.openai.openapi import OPENAI
from web.pages.export_page import export_page
from web.pages.render import Pages
from web.pages.routes import adding, asking, chat, docs, explain, feedback, library, login, manual, permalinks
from web.pages.routes import articles as article_pages
from web.pages.static_files import static_files
from web.pages.suggestions import Suggestions
from web.runtime.jobs import Jobs
from web.runtime.metrics import Metrics
from web.runtime.running import Running
from web.runtime.upload_folder import delete_abandoned

_NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}


def create_app(service: Service, access: Access | None = None) -> FastAPI:
    """The answer API and the web chat over one index; to this machine alone, and without a token, unless an access is given.

    The model and the index are loaded in the background once the application starts; until then what needs
    them answers 503. The service is closed when the application stops.
    """
    access = access or Access()
    metrics = Metrics()
    running = Running(service, metrics, observers=(AnswerObserver(metrics),))
    suggestions = Suggestions(service)
    state = StateFile(service.folder) if service.settings.keep_answers_days else StateInMemory()
    mcp = McpEndpoint(running)

    async def load() -> None:
        await to_thread.run_sync(delete_abandoned)
        if not running.ready:
            await running.load()
        if running.ready:
            with contextlib.suppress(QaError):  # an index that cannot be read is reported to requests, and not here
                await running.ask(suggestions.questions)  # so that the first page has them, without JavaScript too

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(load())
        async with mcp.running():
            yield
        await loading
        await app.state.jobs.stop()
        service.close()

    app = FastAPI(
        title="qa",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry=_NO_TELEMETRY,  # type: ignore[arg-type]  # a TypedDict
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
    )
    app.state.running = running
    app.state.access = access
    app.state.pages = pages = Pages(running, UploadSeriesLog(state))
    app.state.export_html = export_page
    app.state.conversations = Conversations(service)
    app.state.suggestions = suggestions
    app.state.jobs = Jobs(service.settings, state, job_failure)
    for routes in (
        answers,
        citations,
        conversations,
        search,
        explaining,
        openai,
        articles,
        fetching,
        uploads,
        jobs,
        index,
        snapshots,
        status,
        asking,
        chat,
        explain,
        permalinks,
        feedback,
        library,
        article_pages,
        adding,
        docs,
        manual,
        login,
    ):
        app.include_router(routes.router)
    app.routes.append(mcp.route)
    app.mount("/static", GZipMiddleware(static_files()), name="static")
    add_error_handlers(app, surfaces=(pages.problem, openai_response))
    add_guards(app, service.settings, state=state, metrics=metrics, access=access)
    describe_api(app, service.settings, access, surfaces=(OPENAI,))
    return app
