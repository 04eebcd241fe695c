"""`qa help`: the topics of the manual, or one page of it."""

from __future__ import annotations

from typing import Annotated

import typer

from qa import manual
from qa.cli.output.screen import Screen
from qa.cli.output.text import visible

_WIDTH = 100  # of a page at most: longer lines are hard to read


def _topics_with(beginning: str) -> list[tuple[str, str]]:
    return [(topic, about) for topic, about in manual.TOPICS.items() if topic.startswith(beginning)]


Topic = Annotated[
    str | None,
    typer.Argument(metavar="TOPIC", help="One of the topics; none: list them.", show_default=False, autocompletion=_topics_with),
]
PANEL = "Manual"
commands = typer.Typer()


@commands.command("help", rich_help_panel=PANEL)
def show_manual(topic: Topic = None) -> None:
    """Show a page of the manual, or list its topics.

    A running server has the same pages at /help.
    """
    screen = Screen()
    if topic is None:
        _list_topics(screen)
    elif topic in manual.TOPICS:
        _show(topic, screen)
    else:
        raise typer.TyperException(f"The manual has no topic {visible(topic)!r}. Its topics are {', '.join(manual.TOPICS)}.")


def _list_topics(screen: Screen) -> None:
    screen.line("The manual's topics:")
    screen.table(list(manual.TOPICS.items()))
    screen.line("`qa help TOPIC` shows one; `qa COMMAND --help` explains a command.")


def _show(topic: str, screen: Screen) -> None:
    """Laid out on a terminal; for a pipe the Markdown itself."""
    markdown = manual.replace_links(manual.page(topic), lambda words, linked: f"{words} (`qa help {linked}`)")
    if screen.out.is_terminal:
        from qa.cli.output.markdown import TerminalMarkdown

        screen.out.print(TerminalMarkdown(markdown), soft_wrap=False, width=min(screen.out.width, _WIDTH))
    else:
        print(markdown, end="")
