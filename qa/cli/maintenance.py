"""`qa rebuild`, `switch`, `verify` and `doctor`."""

from __future__ import annotations

import os
import shlex
from typing import Annotated

import typer

from qa.base.in_words import counted
from qa.cli.exit_codes import ExitCode
from qa.cli.invocation import Invocation
from qa.cli.options import Engine, Index, Uri

PANEL = "Maintenance"
commands = typer.Typer(rich_markup_mode="rich")


@commands.command(rich_help_panel=PANEL)
def rebuild(
    context: typer.Context,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder", metavar="NAME", help="Another sentence-transformers model: a packaged name, a folder or a hub name."
        ),
    ] = None,
    engine: Engine = None,
    uri: Uri = None,
    beside: Annotated[
        bool,
        typer.Option("--beside", help="Make the rebuilt index beside this one, which answers on until `qa switch`."),
    ] = False,
    index: Index = None,
) -> None:
    """Rebuild the index from the articles in it.

    For another encoder or passage rule, or when files of the index are damaged. The articles are not read again, and
    existing vectors are used again. The old vectors answer questions until the new ones are complete; a running server
    then switches to the new ones.
    """
    from qa.cli.adding import rebuild_index

    if beside and (engine or uri):
        raise typer.TyperException("--beside makes an index that files of its own search: leave --engine and --uri out.")
    invocation = Invocation(
        context,
        index,
        engine=engine,
        uri=uri,
        encoder=os.path.abspath(encoder) if encoder and os.path.isdir(encoder) else encoder,
    )
    if beside:
        _rebuild_beside(invocation)
    else:
        rebuild_index(invocation.service(), invocation.screen)


def _rebuild_beside(invocation: Invocation) -> None:
    from qa.cli.beside import rebuild_beside

    folder = rebuild_beside(invocation.settings, invocation.screen)
    screen = invocation.screen
    screen.line(f"It stands beside the index, in {folder}. To compare both, and to switch to it:")
    screen.suggest("evaluate SET --out now.jsonl")
    screen.line(f"  qa evaluate SET --out then.jsonl --index {shlex.quote(str(folder))}")
    screen.suggest("compare now.jsonl then.jsonl")
    screen.suggest("switch")


@commands.command(rich_help_panel=PANEL)
def switch(
    context: typer.Context,
    back: Annotated[bool, typer.Option("--back", help="Undo the last switch.")] = False,
    index: Index = None,
) -> None:
    """Exchange the index for the one that `qa rebuild --beside` made.

    Running servers follow with their next answer. What was added, changed or removed since is brought over first, and only for
    that new vectors are made. The index that answered until now stands beside it then.
    """
    from qa.cli.beside import switch_index

    invocation = Invocation(context, index)
    switch_index(invocation.settings, invocation.screen, back=back)


@commands.command(rich_help_panel=PANEL)
def verify(
    context: typer.Context,
    answer: Annotated[
        str | None,
        typer.Argument(metavar="ANSWER", help="The id of a kept answer: verify only its citations.", show_default=False),
    ] = None,
    answers: Annotated[int, typer.Option("--answers", metavar="N", min=0, help="How many new answers to check.")] = 20,
    engine: Engine = None,
    uri: Uri = None,
    index: Index = None,
) -> None:
    """Verify the whole index, or the citations of a kept answer.

    Without ANSWER: every text, sentence, passage, row and file, what is kept of answers and conversations, and new answers to
    questions made of the index's own sentences.
    With ANSWER: each citation is unchanged, moved, edited or removed. The exit code is 0 when each quote still stands in
    its article, else 3.
    """
    from qa.service.verification import verify_index

    invocation = Invocation(context, index, engine=engine, uri=uri)
    screen = invocation.screen
    if answer is not None:
        raise typer.Exit(ExitCode.DONE if _verify_answer(invocation, answer) else ExitCode.NOT_FOUND)
    with invocation.service() as service, invocation.waiting("Checking"):
        checked = verify_index(service, answers=answers)
    screen.line(f"Index: {service.folder}")
    screen.table(checked.rows())
    if checked.problems:
        screen.listed(f"{counted(len(checked.problems), 'problem')}:", checked.problems)
        raise typer.Exit(ExitCode.ERROR)
    screen.line("No problem found.")


def _verify_answer(invocation: Invocation, answer_id: str) -> bool:
    """Whether every quote of the answer still stands."""
    from qa.base.quotes import QuoteState
    from qa.cli.output.quotes import show_verified_quote

    quotes = invocation.service().verify(answer_id)
    for quote in quotes:
        show_verified_quote(quote, invocation.screen)
    if not quotes:
        invocation.screen.line(f"{answer_id} has no citation.")
    return all(quote.state in (QuoteState.UNCHANGED, QuoteState.MOVED) for quote in quotes)


@commands.command(rich_help_panel=PANEL)
def doctor(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="List the settings that have their defaults too.")] = False,
    index: Index = None,
) -> None:
    """Show what is installed, set and indexed, and what is wrong with it."""
    from qa.cli.doctor import diagnose

    invocation = Invocation(context, index)
    screen = invocation.screen
    settings = invocation.settings
    with invocation.waiting("Checking"):
        diagnosis = diagnose(settings, index_given=invocation.names_index, verbose=verbose)
    for heading, rows in diagnosis.sections:
        screen.line(heading)
        screen.table(rows)
    screen.listed("Worth knowing:", diagnosis.notes)
    if diagnosis.problems:
        screen.listed(f"{counted(len(diagnosis.problems), 'problem')}:", diagnosis.problems)
        raise typer.Exit(ExitCode.ERROR)
    screen.line("No problem found.")
