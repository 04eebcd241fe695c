"""`qa serve`, `mcp` and `demo`: what runs until it is stopped. Nothing of `web` is imported before one of them runs."""

from __future__ import annotations

import contextlib
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qa.cli.exit_codes import ExitCode
from qa.cli.invocation import Invocation
from qa.cli.options import DEFAULT_PORT, Engine, Index, Port, TokenPath, Uri
from qa.cli.questions import PANEL
from qa.index.layout import STORE_FILE

if TYPE_CHECKING:
    from socket import socket

    from qa.service.service import Service
    from web.access.access import Access

DEMO_INDEX = "indexes/demo"
_MOST_OTHERS = 3  # indexes that are named beside a new one
commands = typer.Typer(rich_markup_mode="rich")


@commands.command(rich_help_panel=PANEL)
def serve(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="HOST",
            help="The address to listen on; 0.0.0.0 is all of them. Clients on other machines need a token.",
        ),
    ] = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    token_file: TokenPath = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A host name that clients may use for this server. Can be repeated."),
    ] = None,
    allow_fetch: Annotated[bool, typer.Option("--allow-fetch", help="Let clients add articles by web address.")] = False,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Keep no answers and no conversations: they end with the server.")
    ] = False,
    log_format: Annotated[
        Literal["readable", "json"] | None,
        typer.Option("--log-format", help="Log each request on stderr, one line each. Without it, only errors are logged."),
    ] = None,
    log_questions: Annotated[bool, typer.Option("--log-questions", help="Include the questions in that log.")] = False,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=64, help="How many processes answer questions.")
    ] = 1,
    engine: Engine = None,
    uri: Uri = None,
    index: Index = None,
) -> None:
    """Serve the web chat and the answer API.

    Only this machine is served, unless --host says otherwise: then clients need a token. With --token-file or --allow-host,
    this machine needs one too. A missing index is made; the first line says where, and which others are beside it. Ctrl-C stops
    the server after the running questions are answered. `qa help serving` explains tokens, proxies, metrics and logs.
    """
    from web.access.access import access_for
    from web.serving.server import listen

    invocation = Invocation(
        context,
        index,
        engine=engine,
        uri=uri,
        allow_fetch=allow_fetch or None,
        keep_answers_days=0 if no_history else None,
        log_format=log_format,
        log_questions=log_questions or None,
        allowed_hosts=tuple(allow_host) if allow_host else None,
    )
    access = access_for(host, invocation.settings, token_file=token_file)
    if workers > 1 and not invocation.service().settings.keep_answers_days:
        raise typer.TyperException(
            f"--workers {workers} needs kept conversations, which all of them can read. None are kept here, by --no-history or "
            "the setting keep_answers_days 0. Keep them, or take one worker."
        )
    with listen(host, port) as listener:  # a port in use is reported before the model is loaded
        _serve(invocation, invocation.service(), listener, access, workers=workers)


def _serve(invocation: Invocation, service: Service, listener: socket, access: Access, *, workers: int = 1) -> None:
    from qa.service.server_file import announced
    from web.access.hosts import is_any
    from web.runtime.logs import configure_logs
    from web.serving.server import address
    from web.serving.server import serve as run_server

    announcing = contextlib.ExitStack()

    def on_ready(seconds: float) -> None:
        needs_token = access.tokens is not None
        announcing.enter_context(announced(service.folder, url, service.settings, needs_token=needs_token))
        invocation.screen.line(f"Ready after {seconds:.1f} s: {url}", at_once=True)

    configure_logs(service.settings)
    url = address(listener)
    to_whom = " to clients with a token" if access.tokens else ""
    where = f" (listening on {host})" if is_any(host := listener.getsockname()[0]) else ""
    served = f"{url} serves {what_is_served(service)}{to_whom}{where}"
    invocation.screen.line(f"{served}; Ctrl-C stops it. Loading the model…", at_once=True)
    with announcing:
        if workers == 1:
            run_server(service, listener, access, on_ready=on_ready)
        else:
            from web.serving.workers import serve_with_workers

            serve_with_workers(service.settings, listener, access, count=workers, on_ready=on_ready)
    if service.settings.log_format != "json":  # every line of a JSON log is JSON
        invocation.screen.note("Stopped.")


def what_is_served(service: Service) -> str:
    if not _has_index(service):
        return f"{service.folder} (a new index without articles{_others_beside(service.folder)})"
    if _is_index(service.folder):
        return str(service.folder)
    return f"the collection {service.settings.collection} of Milvus at {service.settings.uri}, keeping no answers"


def _has_index(service: Service) -> bool:
    """Whether there is one to answer from. Milvus is not asked for it: it may be away for now."""
    from qa.base.settings import LOCAL

    return service.settings.engine != LOCAL or _is_index(service.folder)


def _is_index(folder: Path) -> bool:
    return os.path.isfile(folder / STORE_FILE)  # False also for a folder that may not be read


def _others_beside(folder: Path) -> str:
    """The indexes in the same folder, as what may have been meant instead."""
    others = [other for other in sorted(folder.parent.glob("*")) if _is_index(other)]
    named = " or ".join(shlex.quote(os.path.relpath(other)) for other in others[:_MOST_OTHERS])
    return f"; another one is served by --index {named}" if named else ""


@commands.command(rich_help_panel=PANEL)
def mcp(context: typer.Context, index: Index = None) -> None:
    """Give language models the tools ask, search and get_article over stdin and stdout (Model Context Protocol).

    A program that speaks the protocol starts this command. Without an index the tools say so, and answer once there is one.
    `qa serve` has the same tools at /mcp. `qa help http` has the configuration of such a program.
    """
    from web.mcp.extras import require_mcp

    require_mcp()
    from web.mcp.server import serve_stdio

    invocation = Invocation(context, index)
    service = invocation.service()
    if not _has_index(service):
        invocation.screen.note(f"There is no index at {service.folder} yet. The tools answer once `qa add PATH…` has made it.")
    serve_stdio(service)


@commands.command(rich_help_panel=PANEL)
def demo(
    context: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the answer.")] = False,
    port: Port = DEFAULT_PORT,
    index: Annotated[
        str | None,
        typer.Option(
            "--index", metavar="DIR", help=f"The index folder of the samples. Without it: {DEMO_INDEX}.", show_default=False
        ),
    ] = None,
) -> None:
    """Try qa on sample articles, in an index of their own: one answer here, then the web chat."""
    from qa.cli.demo import run_demo
    from web.access.access import Access
    from web.serving.server import HOST, listen

    invocation = Invocation(context, index, default_index=DEMO_INDEX)
    service = invocation.service()
    with contextlib.nullcontext() if no_serve else listen(HOST, port) as listener:
        with service:
            is_answered = run_demo(service, invocation.screen)
        if listener is not None:
            invocation.screen.line()
            _serve(invocation, service, listener, Access())
    raise typer.Exit(ExitCode.DONE if is_answered else ExitCode.NOT_FOUND)
