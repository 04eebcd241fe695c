"""`qa add`, `remove`, `list` and `show`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qa.base.errors import ArticleNotFound, QaError
from qa.base.in_words import counted
from qa.cli.exit_codes import ExitCode
from qa.cli.invocation import Invocation
from qa.cli.options import Engine, Ids, Index, Language, Since, Sources, Until, Uri, filters_of
from qa.cli.output.text import visible
from qa.corpus.formats.detection import SUFFIXES

if TYPE_CHECKING:
    from qa.index.store import ArticleRow
    from qa.service.service import Service

PANEL = "Articles"
commands = typer.Typer(rich_markup_mode="rich")


@commands.command(
    rich_help_panel=PANEL,
    help=(
        "Add articles from files, folders and web addresses.\n\n"
        f"Files ending in {', '.join(SUFFIXES)} are read, also with .gz behind it. An article that is in the index already "
        "costs nothing. A changed article replaces its old text.\n\n"
        "The exit code is 0 when all came in, 4 when some files or records were refused, and 1 when nothing was added."
    ),
)
def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, folders and web addresses; - reads standard input.")],
    allow_fetch: Annotated[
        bool, typer.Option("--allow-fetch", help="Fetch the web addresses that are given, and nothing else.")
    ] = False,
    feed_may_name: Annotated[
        list[str] | None,
        typer.Option("--feed-may-name", metavar="SITE", help="Let feeds bring articles of this other site. Repeatable."),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="Embed on the Ray cluster at this address, such as auto or 10.0.0.1:6379. It needs the extra ray and "
            "RAY_AUTH_MODE=token.",
        ),
    ] = None,
    engine: Engine = None,
    uri: Uri = None,
    index: Index = None,
) -> None:
    from qa.cli.adding import add_paths

    invocation = Invocation(
        context, index, engine=engine, uri=uri, allow_fetch=allow_fetch or None, feed_may_name=feed_may_name or None
    )
    raise typer.Exit(add_paths(invocation.service(ray=ray), paths, invocation.screen))


@commands.command(rich_help_panel=PANEL)
def remove(
    context: typer.Context,
    ids: Ids = None,
    now: Annotated[bool, typer.Option("--now", help="Delete the text at once, also in snapshots. Nothing restores it.")] = False,
    keep_snapshots: Annotated[
        bool, typer.Option("--keep-snapshots", help="With --now: leave the text in the snapshots that hold it.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Remove all articles, after a confirmation.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Restore what was removed in the last 10 minutes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Confirm --all without being asked.")] = False,
    index: Index = None,
) -> None:
    """Remove articles.

    They answer no more questions from now on. The first change after 10 minutes deletes their text.
    """
    if bool(ids) == everything and not (undo and not ids):
        raise typer.TyperException("Give the ids of articles, or --all.")
    if undo and now:
        raise typer.TyperException("--undo and --now exclude each other: text that was deleted at once cannot be restored.")
    if keep_snapshots and not now:
        raise typer.TyperException("--keep-snapshots goes with --now: without it snapshots are kept as they are.")
    invocation = Invocation(context, index)
    service = invocation.service()
    if undo:
        _restore(invocation, service, ids or ())
        return
    chosen = invocation.ids(ids or ()) or [row.article.id for row in service.articles()]
    if not chosen:
        invocation.screen.note(f"There are no articles in {service.folder}.")
        return
    if everything and not yes:
        _confirm(f"Remove all {counted(len(chosen), 'article')} of {service.folder}?")
    with invocation.waiting("Removing"):
        removed = service.remove(chosen, now=now, keep_snapshots=keep_snapshots)
    invocation.screen.line(f"{counted(len(removed), 'article')} removed from {service.folder}.")
    if now:
        snapshots = service.generations.all()
        of_snapshots = "; snapshots still hold it" if keep_snapshots else ", from snapshots too"
        invocation.screen.line(f"The text is deleted{of_snapshots if snapshots else ''}.")
    else:
        again = " ".join(removed) if len(removed) <= 3 else "--all"
        invocation.screen.line("The first change after 10 minutes deletes the text. Until then, this restores it:")
        invocation.screen.suggest(f"remove --undo {again}")


def _restore(invocation: Invocation, service: Service, names: Sequence[str]) -> None:
    try:
        ids = invocation.ids(names, removed=True) or service.removed_ids()
        if not ids:
            invocation.screen.note("There is nothing to restore.")
            return
        with invocation.waiting("Restoring"):
            restored = service.restore(ids)
    except ArticleNotFound as error:
        raise QaError(
            f"{error.article_id!r} is not among the removed articles that can be restored. No article was restored."
        ) from error
    invocation.screen.line(f"{counted(len(restored), 'article')} restored.")


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise typer.TyperException("--all asks for a confirmation, and there is no terminal to answer on. Add --yes to confirm.")
    if not typer.confirm(visible(question), err=True):
        raise typer.Exit(ExitCode.ERROR)


@commands.command("list", rich_help_panel=PANEL)
def list_articles(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    indexes: Annotated[
        bool, typer.Option("--indexes", help="List the indexes in the same folder instead: their counts, encoders and sizes.")
    ] = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    index: Index = None,
) -> None:
    """List the articles: id, date, source and title."""
    from qa.cli.output.articles import show_article_line
    from qa.cli.output.filters import no_article_passes

    invocation = Invocation(context, index)
    if indexes:
        _list_indexes(invocation, json=json)
        return
    screen = invocation.screen
    library = invocation.library()
    filters = filters_of(source, since, until, language)
    count = 0
    for row in library.articles(filters):
        count += 1
        if json:
            screen.json(_as_json(row))
        else:
            show_article_line(row.article, screen)
    advice = library.filter_advice(filters)
    if not count and filters and library.counts().articles:
        screen.note(no_article_passes(filters))
    elif not count:
        screen.no_articles(library.folder)
    elif not json:
        screen.note(f"{counted(count, 'article')} in {library.folder}")
    for one in advice:
        screen.note(one.text)


def _as_json(row: ArticleRow) -> str:
    from qa.api.article import article_shape

    return article_shape(row.article, added_at=row.added_at, passages=row.passages).model_dump_json()


def _list_indexes(invocation: Invocation, *, json: bool) -> None:
    from qa.cli.output.articles import show_index_line
    from qa.service.indexes import indexes_in

    folder = invocation.settings.index.absolute().parent
    indexes = indexes_in(folder)
    for index in indexes:
        if json:
            invocation.screen.json(index.model_dump_json())
        else:
            show_index_line(index, invocation.screen)
    if not indexes:
        invocation.screen.note(f"There is no index in {folder}.")


@commands.command(rich_help_panel=PANEL)
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The article's id, its title, or the name of its file.")],
    sentence: Annotated[
        int | None,
        typer.Option("--sentence", metavar="N", help="Mark this sentence, counted from 0.", show_default=False),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="DIGEST", help="The version of the text that an answer cited.", show_default=False),
    ] = None,
    index: Index = None,
) -> None:
    """Print an article with one sentence marked, and the articles that are near-duplicates of it."""
    from qa.cli.output.articles import show_article, show_earlier_version, show_similar

    invocation = Invocation(context, index)
    library = invocation.library()
    (article_id,) = library.named_ids([name])
    row, sentences = library.article(article_id, version=version)
    if sentence is not None and not 0 <= sentence < len(sentences):
        raise typer.TyperException(f"{row.article.id} has the sentences 0 to {len(sentences) - 1}, got {sentence}.")
    marked = None if sentence is None else sentences[sentence]
    show_article(row.article, invocation.screen, added_at=row.added_at, marked=marked)
    if row.replaced_at is not None:
        show_earlier_version(row.article, invocation.screen, until=row.replaced_at)
    if version is None:
        show_similar([row.article for row in library.near_duplicates(article_id)], invocation.screen)
