"""`qa ask`, `search`, `explain` and `chat`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from qa.cli.exit_codes import ExitCode
from qa.cli.invocation import Invocation
from qa.cli.options import AsOf, Clock, Engine, Index, Language, Since, Sources, Until, Uri, Verbose, Within, filters_of

PANEL = "Questions"
_LONGEST_INPUT = 1_000_000  # characters of a question read from standard input
commands = typer.Typer(rich_markup_mode="rich")


@commands.command(rich_help_panel=PANEL)
def ask(
    context: typer.Context,
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="The question, quoted or not; - reads standard input.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the answer as the API returns it.")] = False,
    verbose: Verbose = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    article: Within = None,
    asked_at: Clock = None,
    as_of: AsOf = None,
    engine: Engine = None,
    uri: Uri = None,
    index: Index = None,
) -> None:
    """Answer a question with cited sentences, or not at all.

    The exit code is 0 for an answer, also a weak one, and 3 when the articles hold none.
    """
    from qa.api.answer import answer_shape
    from qa.base.types import Status
    from qa.cli.answering import answered
    from qa.cli.output.answers import show_answer
    from qa.service.question import AnswerRequest

    invocation = Invocation(context, index, engine=engine, uri=uri)
    words = _words(question)
    filters = invocation.with_ids(filters_of(source, since, until, language, article, as_of))
    with invocation.waiting("Searching"):
        answer = answered(invocation, AnswerRequest(words, asked_at, filters))
    if json:
        invocation.screen.json(answer_shape(answer).model_dump_json(indent=2))
    else:
        show_answer(answer, invocation.screen, verbose=verbose)
    raise typer.Exit(ExitCode.NOT_FOUND if answer.status is Status.NOT_FOUND else ExitCode.DONE)


def _words(given: Sequence[str]) -> str:
    return sys.stdin.read(_LONGEST_INPUT) if list(given) == ["-"] else " ".join(given)


@commands.command(rich_help_panel=PANEL)
def chat(
    context: typer.Context,
    verbose: Verbose = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    article: Within = None,
    asked_at: Clock = None,
    as_of: AsOf = None,
    index: Index = None,
) -> None:
    """Ask one question after the other; a question may refer to those before it."""
    from qa.cli.chat import Chat

    invocation = Invocation(context, index)
    filters = invocation.with_ids(filters_of(source, since, until, language, article, as_of))
    with invocation.service() as service:
        with invocation.waiting("Loading"):
            service.load()
        Chat(service, invocation.screen, filters, asked_at=asked_at, verbose=verbose).run()


@commands.command(rich_help_panel=PANEL)
def search(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS", help="What to search for, quoted or not; - reads standard input.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the hits as the API returns them.")] = False,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")] = 10,
    read: Annotated[
        int | None,
        typer.Option(
            "--read",
            metavar="N",
            min=0,
            max=100,
            help="How many of the first passages are read, to order them better; 0: none, which is faster. "
            "Default: the setting read_passages.",
            show_default=False,
        ),
    ] = None,
    verbose: Verbose = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    article: Within = None,
    asked_at: Clock = None,
    as_of: AsOf = None,
    engine: Engine = None,
    uri: Uri = None,
    index: Index = None,
) -> None:
    """Show the passages that match best, without an answer."""
    from qa.cli.answering import searched
    from qa.cli.output.hits import show_hits

    invocation = Invocation(context, index, engine=engine, uri=uri)
    asked = _words(words)
    filters = invocation.with_ids(filters_of(source, since, until, language, article, as_of))
    with invocation.waiting("Searching"):
        found, has_articles = searched(invocation, asked, k=k, read=read, asked_at=asked_at, filters=filters)
    if json:
        invocation.screen.json(found.model_dump_json(indent=2))
    elif not has_articles:
        invocation.screen.no_articles(invocation.settings.index)
    else:
        show_hits(found, invocation.screen, verbose=verbose)
    raise typer.Exit(ExitCode.DONE if found.hits else ExitCode.NOT_FOUND)


@commands.command(rich_help_panel=PANEL)
def explain(
    context: typer.Context,
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="The question, quoted or not; - reads standard input.")
    ],
    article: Annotated[
        str | None,
        typer.Option(
            "--article",
            metavar="ID",
            help="Say why this article is cited or not: an id, a title or a file's name.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every candidate, not only the first 20.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the explanation as the API returns it.")] = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    asked_at: Clock = None,
    as_of: AsOf = None,
    index: Index = None,
) -> None:
    """Show how a question is answered: every candidate with its ranks, or why one article is cited or not.

    An article is filtered out, not found, a near-duplicate, outranked, read and not chosen, or cited.
    """
    from qa.api.explanation import explanation_shape
    from qa.cli.output.explanations import show_explanation
    from qa.service.question import AnswerRequest

    invocation = Invocation(context, index)
    request = AnswerRequest(_words(question), asked_at, filters_of(source, since, until, language, as_of=as_of))
    if article is not None:
        (article,) = invocation.ids([article])
    with invocation.service() as service, invocation.waiting("Searching"):
        explanation = explanation_shape(service.explain(request, article=article))
    if json:
        invocation.screen.json(explanation.model_dump_json(indent=2))
    else:
        show_explanation(explanation, invocation.screen, every=every)
