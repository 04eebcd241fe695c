"""`qa boilerplate list`, `cite`, `mask` and `forget`: which recurring sentences are never cited."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.invocation import Invocation
from qa.cli.options import Index

commands = typer.Typer(
    help="List the recurring lines that are never cited, and decide on sentences yourself.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
Words = Annotated[
    str, typer.Argument(metavar="SENTENCE", help="The sentence in its own words; punctuation and capitals do not count.")
]


@commands.command("list")
def list_boilerplate(context: typer.Context, index: Index = None) -> None:
    """List the lines that recur in a source and are never cited, and your own decisions."""
    from qa.cli.output.articles import show_boilerplate

    invocation = Invocation(context, index)
    show_boilerplate(invocation.service().boilerplate(), invocation.screen)


@commands.command()
def cite(context: typer.Context, sentence: Words, index: Index = None) -> None:
    """Let a sentence be cited, however often it recurs."""
    _decide(context, index, sentence, boilerplate=False, done="It may be cited.")


@commands.command()
def mask(context: typer.Context, sentence: Words, index: Index = None) -> None:
    """Treat a sentence as boilerplate: it is never cited."""
    _decide(context, index, sentence, boilerplate=True, done="It is never cited.")


@commands.command()
def forget(context: typer.Context, sentence: Words, index: Index = None) -> None:
    """Forget your decision on a sentence: it is boilerplate where it recurs."""
    _decide(context, index, sentence, boilerplate=None, done="It is boilerplate where it recurs.")


def _decide(context: typer.Context, index: str | None, sentence: str, *, boilerplate: bool | None, done: str) -> None:
    if not any(character.isalnum() for character in sentence):
        raise typer.TyperException(f"There is no word in {sentence!r}. Give the sentence as it stands in an article.")
    invocation = Invocation(context, index)
    invocation.service().overrule(sentence, boilerplate=boilerplate)
    invocation.screen.line(done)
