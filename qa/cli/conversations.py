"""`qa conversations`, `show` and `export`: what was asked in the chat, and over the API, and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qa.base.in_words import counted
from qa.cli.invocation import Invocation
from qa.cli.options import Index

if TYPE_CHECKING:
    from qa.service.state.conversations import History

commands = typer.Typer(help="List, show and save the conversations of the web chat and of `qa chat`.", rich_markup_mode="rich")

_AT_ONCE = 100  # conversations read from the file

Id = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id in `qa conversations`.")]


@commands.callback(invoke_without_command=True)
def list_conversations(
    context: typer.Context,
    search: Annotated[
        str | None,
        typer.Option("--search", metavar="TEXT", help="Only those with these words in the title, a question or an answer."),
    ] = None,
    index: Index = None,
) -> None:
    """List the conversations, the latest first: id, day, number of questions, and title."""
    if context.invoked_subcommand is not None:
        return
    from qa.cli.output.conversations import show_conversation_line
    from qa.corpus.decode import clean

    invocation = Invocation(context, index)
    history, count = _history(invocation), 0
    last: str | None = None
    while lines := history.page(clean(search or ""), limit=_AT_ONCE, before=last):
        for line in lines:
            show_conversation_line(line, invocation.screen)
        count += len(lines)
        last = lines[-1].place
    where = invocation.settings.index
    none = (
        f"No conversation holds these words in {where}."
        if search
        else f"No conversation is kept in {where}. Those of `qa serve` and `qa chat` are."
    )
    invocation.screen.note(f"{counted(count, 'conversation')} in {where}" if count else none)


@commands.command("show")
def show_conversation(context: typer.Context, conversation: Id, index: Index = None) -> None:
    """Print a conversation: its questions and answers, with what became of the cited sentences since."""
    from qa.cli.output.conversations import show_conversation as show
    from qa.service.conversations import as_of_now

    invocation = Invocation(context, index)
    show(as_of_now(_history(invocation).find(conversation), invocation.service()), invocation.screen)


@commands.command("export")
def export_conversation(
    context: typer.Context,
    conversation: Id,
    format: Annotated[Literal["md", "html", "json"], typer.Option("--format", help="What to print.")] = "md",
    index: Index = None,
) -> None:
    """Print a conversation as the text of a file: Markdown, a page that needs nothing else, or JSON."""
    from qa.api.exports import ExportFormat
    from qa.service.conversations import saved_text
    from web.pages.export_page import export_page

    invocation = Invocation(context, index)
    found = _history(invocation).find(conversation)
    typer.echo(saved_text(found, ExportFormat(format), invocation.service(), export_page))  # never wrapped


def _history(invocation: Invocation) -> History:
    from qa.service.state.conversations import History
    from qa.service.state.file import StateFile

    return History(StateFile(invocation.settings.index.absolute()))
