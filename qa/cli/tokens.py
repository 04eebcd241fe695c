"""`qa token create`, `list` and `revoke`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.base.scopes import Scope
from qa.cli.invocation import Invocation
from qa.cli.options import Index, TokenPath
from qa.cli.output.text import visible

if TYPE_CHECKING:
    from qa.service.state.tokens import TokenFile

commands = typer.Typer(
    help="Create, list and revoke the tokens of clients on other machines.", no_args_is_help=True, rich_markup_mode="rich"
)


@commands.command("create")
def create_token(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Its name in the list. Without it: its id.", show_default=False)
    ] = None,
    scope: Annotated[
        Scope,
        typer.Option("--scope", help=f"{'; '.join(f'{scope}: {scope.allows}' for scope in Scope)}."),
    ] = Scope.READ,
    token_file: TokenPath = None,
    index: Index = None,
) -> None:
    """Create a token and print it, this once: only its SHA-256 is kept."""
    from qa.service.state.tokens import LONGEST_NAME

    invocation = Invocation(context, index)
    if name is not None and (not name.strip() or visible(name) != name or len(name) > LONGEST_NAME):
        raise typer.TyperException(
            f"{visible(name)!r} cannot be a token's name; expected 1 to {LONGEST_NAME} characters on one line."
        )
    file = _token_file(invocation, token_file)
    token, secret = file.create(scope, name=name)
    typer.echo(secret)  # never wrapped
    invocation.screen.note(f"This is {token.id}, with the scope {token.scope}, in {file.path}. It is not shown again.")


@commands.command("list")
def list_tokens(context: typer.Context, token_file: TokenPath = None, index: Index = None) -> None:
    """List the tokens: id, scope, time of creation, and name."""
    invocation = Invocation(context, index)
    file = _token_file(invocation, token_file)
    tokens = file.tokens()
    for token in tokens:
        invocation.screen.line(f"{token.id}  {token.scope:<5}  {token.created_at}  {token.name}")
    if not tokens:
        invocation.screen.note(f"There are no tokens in {file.path}.")


@commands.command("revoke")
def revoke_token(
    context: typer.Context,
    token: Annotated[str, typer.Argument(metavar="NAME|ID", help="Its name or id in `qa token list`.")],
    token_file: TokenPath = None,
    index: Index = None,
) -> None:
    """Revoke a token. It and every login with it end at once, also in running servers."""
    invocation = Invocation(context, index)
    revoked = _token_file(invocation, token_file).revoke(token)
    invocation.screen.line(f"{revoked.id} ({revoked.name}) is revoked.")


def _token_file(invocation: Invocation, chosen: Path | None) -> TokenFile:
    from qa.service.state.tokens import chosen_token_file

    return chosen_token_file(invocation.settings, chosen)
