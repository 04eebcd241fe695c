"""`qa`: all commands in one app. A command is its options, one call of the service, and what is printed of the result.

Nothing heavy is imported before a command runs: `qa --help` needs neither torch nor faiss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from qa.base.version import __version__
from qa.cli import articles, boilerplate, conversations, maintenance, manual, measuring, questions, serving, snapshots, tokens
from qa.cli.exit_codes import EXIT_CODES_IN_WORDS, ExitCode
from qa.cli.options import Index
from qa.cli.process import run_app

app = typer.Typer(
    name="qa",
    help="Answer questions about your articles with sentences quoted from them, each cited.",
    epilog=EXIT_CODES_IN_WORDS,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (articles, questions, serving, measuring, maintenance, snapshots, manual):
    app.add_typer(commands.commands)
app.add_typer(conversations.commands, name="conversations", rich_help_panel=questions.PANEL)
app.add_typer(measuring.export_commands, name="export", rich_help_panel=measuring.PANEL)
app.add_typer(snapshots.list_commands, name="snapshots", rich_help_panel=snapshots.PANEL)
app.add_typer(boilerplate.commands, name="boilerplate", rich_help_panel=maintenance.PANEL)
app.add_typer(tokens.commands, name="token", rich_help_panel=maintenance.PANEL)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qa {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _qa(
    context: typer.Context,
    index: Index = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = index
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code."""
    return run_app(app, arguments, program="qa")
