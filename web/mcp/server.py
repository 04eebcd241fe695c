"""The Model Context Protocol, by its official package: the tools, and the articles as resources, over HTTP and over stdio.

The tool `ask` keeps its answer, as every interface does. It is declared read-only nevertheless: no article changes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import anyio
from anyio import to_thread
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool
from pydantic import ValidationError
from starlette.requests import Request
from starlette.types import ASGIApp

from qa.base.errors import QaError
from qa.base.types import Article
from qa.base.version import __version__
from qa.corpus.decode import clean
from qa.service.service import Service
from web.errors import defect
from web.mcp.tools import INSTRUCTIONS, TOOLS, Tool
from web.problems import Problem, problem_of
from web.runtime.running import Running

log = logging.getLogger(__name__)

T = TypeVar("T")
_SCHEME = "article://"
_PLAIN = "text/plain"
_PAGE = 100  # resources in a list
_READS_ALONE = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
_NEED_THE_INDEX = ("tools/call", "resources/list", "resources/read")
_Context = ServerRequestContext[Any, Any]  # as the package has it: what its handlers are given


def mcp_server(app: Running) -> Server[Any]:
    """A server of the protocol for one application, over any transport."""
    handlers = _Handlers(app)
    server = Server(
        "qa",
        version=__version__,
        title="Articles, with exact citations",
        instructions=INSTRUCTIONS,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
    )
    server.middleware[:] = [_tell_no_secrets]  # without the tracing middleware
    return server


@contextlib.asynccontextmanager
async def http_sessions(app: Running) -> AsyncIterator[ASGIApp]:
    """The application that answers each POST by itself, in JSON. Running requests end with the block.

    The package's own check of Host and Origin stays off: the guards around the application check more, with messages of qa.
    """
    manager = StreamableHTTPSessionManager(mcp_server(app), json_response=True, stateless=True)
    async with manager.run():
        yield manager.handle_request


def serve_stdio(service: Service) -> None:
    """Speak over stdin and stdout until stdin is closed or SIGINT or SIGTERM comes; then the process ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _leave())
    anyio.run(_serve_stdio, service)


def _leave() -> None:
    """End the process. Threads that read stdin or load a model cannot be stopped; all writes are transactions."""
    os._exit(0)


async def _serve_stdio(service: Service) -> None:
    app = Running(service, makes_index=False)  # its folder is that of whichever program started it
    tried = anyio.Event()
    app.on_tried = tried.set

    async def wait_until_loaded(ctx: _Context, call_next: CallNext) -> HandlerResult:
        if ctx.method in _NEED_THE_INDEX:
            await tried.wait()
        return await call_next(ctx)

    server = mcp_server(app)
    server.middleware.append(wait_until_loaded)
    async with stdio_server() as (incoming, outgoing), anyio.create_task_group() as tasks:
        tasks.start_soon(app.load)
        await server.run(incoming, outgoing, server.create_initialization_options())
        _leave()


async def _tell_no_secrets(ctx: _Context, call_next: CallNext) -> HandlerResult:
    """A defect becomes an error that names only the request. The log has the details."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):  # the package itself answers these
        raise
    except Exception as error:  # as in `FailureGuard`: the request ends here
        if isinstance(ctx.request, Request):
            raise MCPError(INTERNAL_ERROR, defect(ctx.request, error).detail) from error
        log.error("%s failed", ctx.method, exc_info=error)
        raise MCPError(INTERNAL_ERROR, "This is a defect of qa. Its output on stderr has the details.") from error


class _Handlers:
    """A request of the protocol → the result of a tool or of the service."""

    def __init__(self, app: Running) -> None:
        self._app = app

    async def list_tools(self, _: _Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[self._listed(tool) for tool in TOOLS.values()])

    def _listed(self, tool: Tool) -> ListedTool:
        arguments = tool.arguments.model_json_schema()
        if "question" in arguments["properties"]:
            arguments["properties"]["question"]["maxLength"] = self._app.service.settings.max_question_characters
        return ListedTool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=arguments,
            output_schema=tool.data.model_json_schema(mode="serialization"),
            annotations=_READS_ALONE,
        )

    async def call_tool(self, _: _Context, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name[:100]!r}; expected {', '.join(TOOLS)}.")
        try:
            result = await tool.run(self._app, params.arguments or {})
        except (Problem, QaError) as error:
            return CallToolResult(content=[TextContent(text=_in_words(problem_of(error)))], is_error=True)
        return CallToolResult(
            content=[TextContent(text=text) for text in result.texts], structured_content=result.data.model_dump(mode="json")
        )

    async def list_resources(self, _: _Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        """The newest articles first."""
        cursor = params.cursor if params else None
        rows, next_cursor = await _in_a_thread(lambda: self._app.page(limit=_PAGE, cursor=cursor))
        return ListResourcesResult(resources=[_resource(row.article) for row in rows], next_cursor=next_cursor)

    async def list_templates(self, _: _Context, __: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        template = ResourceTemplate(
            name="article",
            title="The text of an article",
            description="By the article_id of a citation or a passage. Their offsets count the text's Unicode code points.",
            uri_template=f"{_SCHEME}{{article_id}}",
            mime_type=_PLAIN,
        )
        return ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(self, _: _Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        scheme, separator, article_id = params.uri.partition(_SCHEME)
        if scheme or not separator:
            raise MCPError(INVALID_PARAMS, f"There is no resource {params.uri[:100]!r}; expected {_SCHEME} and an article's id.")
        stored, _sentences = await _in_a_thread(lambda: self._app.article(unquote(article_id), version=None))
        return ReadResourceResult(contents=[TextResourceContents(uri=params.uri, mime_type=_PLAIN, text=stored.article.text)])


async def _in_a_thread(work: Callable[[], T]) -> T:
    """The result of the work. A Problem or QaError becomes an error of the protocol."""
    try:
        return await to_thread.run_sync(work)
    except (Problem, QaError) as error:
        problem = problem_of(error)
        code = INVALID_PARAMS if problem.type.status in (404, 422) else INTERNAL_ERROR
        raise MCPError(code, _in_words(problem)) from error


def _in_words(problem: Problem) -> str:
    """Its detail, or every wrong place if there are several."""
    several = [f"{place.pointer}: {place.detail}" for place in problem.errors] if len(problem.errors) > 1 else [problem.detail]
    return clean("\n".join(several))


def _resource(article: Article) -> Resource:
    facts = [fact for fact in (article.source, article.author, article.published_at) if fact]
    return Resource(
        uri=f"{_SCHEME}{quote(article.id, safe='')}",
        name=article.id,
        title=article.title,
        description=", ".join(facts) or None,
        mime_type=_PLAIN,
        size=len(article.text.encode()),
    )
