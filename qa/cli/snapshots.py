"""`qa snapshot`, `snapshots`, `restore` and `import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.base.in_words import counted
from qa.cli.invocation import Invocation
from qa.cli.options import Index

PANEL = "Maintenance"
commands = typer.Typer(rich_markup_mode="rich")
list_commands = typer.Typer(help="List the snapshots of the index, or remove one.", rich_markup_mode="rich")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The snapshot's name in `qa snapshots`.")]


@commands.command(rich_help_panel=PANEL)
def snapshot(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Letters, digits, - and _. Without it: the time now.", show_default=False),
    ] = None,
    index: Index = None,
) -> None:
    """Keep the index as it is now, to restore it later.

    It takes seconds, and questions are answered meanwhile. Answers, conversations and tokens are no part of it.
    """
    invocation = Invocation(context, index)
    generations = invocation.service().generations
    with invocation.waiting("Keeping"):
        kept = generations.keep(name)
    holds = kept.holds
    counts = f"{counted(holds.articles, 'article')}, {counted(holds.passages, 'passage')}" if holds else ""
    invocation.screen.line(f"The snapshot {kept.name} holds {counts}.")
    invocation.screen.suggest(f"restore {kept.name}")


@list_commands.callback(invoke_without_command=True)
def list_snapshots(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    index: Index = None,
) -> None:
    """List the snapshots of the index, the newest first: name, time, counts and encoder."""
    if context.invoked_subcommand is not None:
        return
    from qa.cli.output.snapshots import show_snapshot_line
    from qa.service.generations import snapshot_shape

    invocation = Invocation(context, index)
    service = invocation.service()
    listed = service.generations.all()
    for one in map(snapshot_shape, listed):
        if json:
            invocation.screen.json(one.model_dump_json())
        else:
            show_snapshot_line(one, invocation.screen)
    if not listed:
        invocation.screen.note(f"There is no snapshot of {service.folder}: `{invocation.screen.command('snapshot')}` makes one.")


@list_commands.command("remove")
def remove_snapshot(context: typer.Context, name: Name, index: Index = None) -> None:
    """Delete a snapshot."""
    invocation = Invocation(context, index)
    invocation.service().generations.remove(name)
    invocation.screen.line(f"The snapshot {name} is deleted.")


@commands.command("import", rich_help_panel=PANEL)
def import_index(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of `qa export index`.")],
    instead: Annotated[
        bool, typer.Option("--replace", help="Replace the index that is there. It is kept as a snapshot first.")
    ] = False,
    index: Index = None,
) -> None:
    """Make the index of a file that of the index folder.

    The file is checked by its digests. One that is damaged, cut off or made by a newer qa is refused, and an index that is
    there already stays as it is. No article is embedded again.
    """
    from qa.service.portable import import_index as read_index

    invocation = Invocation(context, index)
    service = invocation.service()
    with invocation.waiting("Importing"):
        imported = read_index(service.generations, file, instead=instead)
    invocation.screen.line(f"{counted(imported.holds.articles - imported.removed_since, 'article')} in {service.folder}")
    if imported.removed_since:
        invocation.screen.line(f"Removed here, and not imported: {counted(imported.removed_since, 'article')}.")
    if imported.before:
        invocation.screen.line("The index that was there is a snapshot now. This brings it back:")
        invocation.screen.suggest(f"restore {imported.before.name}")


@commands.command(rich_help_panel=PANEL)
def restore(context: typer.Context, name: Name, index: Index = None) -> None:
    """Make a snapshot the index again. The index as it was before is kept as a snapshot too.

    Running servers follow with their next answer. Articles that were removed since stay removed. Answers, conversations and
    tokens stay as they are.
    """
    invocation = Invocation(context, index)
    generations = invocation.service().generations
    with invocation.waiting("Restoring"):
        restored = generations.restore(name)
    holds = restored.snapshot.holds
    invocation.screen.line(f"Restored {name}: {counted(holds.articles - restored.removed_since if holds else 0, 'article')}.")
    if restored.removed_since:
        invocation.screen.line(f"Removed after it, and not restored: {counted(restored.removed_since, 'article')}.")
    invocation.screen.line("The index as it was is a snapshot now. This brings it back:")
    invocation.screen.suggest(f"restore {restored.before.name}")
