"""The command line: each command is its options, one call of the service, and what the screen shows of it.

Exit codes: 0 answered (weakly too) or done, 1 error, 2 wrong usage, 3 nothing found, 130 interrupted. Nothing
heavy is imported before a command runs: `qa --help` needs neither torch nor faiss.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qa.base.errors import ArticleNotFound, QaError, QuestionError, SettingsError
from qa.base.version import __version__
from qa.cli.screen import Interrupted, Screen, numbered, prepare_streams, visible

if TYPE_CHECKING:
    from socket import socket

    from qa.base.settings import Settings
    from qa.base.types import Filters
    from qa.service.service import Service
    from qa.service.state.tokens import TokenFile
    from web.access.access import Access

OK, ERROR, USAGE, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 130
DEMO_INDEX = "indexes/demo"
DEFAULT_PORT = 8000
_LONGEST_INPUT = 1_000_000  # characters of a question read from standard input
_ARTICLES, _QUESTIONS, _MEASURING, _CARE = "Articles", "Questions", "Measuring", "Care of the index"

app = typer.Typer(
    name="qa",
    help="Answer questions about your articles with sentences quoted from them, each cited.",
    epilog="Exit codes: 0 answered or done, 1 error, 2 wrong usage, 3 not found.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

training = typer.Typer(help="Train what qa ships.", no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(training, name="train", rich_help_panel=_MEASURING)

exporting = typer.Typer(help="Write what an index holds to files.", no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(exporting, name="export", rich_help_panel=_MEASURING)

tokens = typer.Typer(help="Make, list and revoke what lets clients in beyond this machine.", no_args_is_help=True)
app.add_typer(tokens, name="token", rich_help_panel=_CARE)

Index = Annotated[
    str | None,
    typer.Option("--index", metavar="DIR", help="The index folder; else QA_INDEX, qa.toml, indexes/default.", show_default=False),
]
Port = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65_535, help="Where to listen; 0: any free port.")]
TokenPath = Annotated[
    Path | None,
    typer.Option(
        "--token-file", metavar="FILE", help="Where tokens are kept; else tokens.json in the index folder.", show_default=False
    ),
]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="As `qa list` shows them, or as they were given.")]


def _checked_days(written: str | None) -> str | None:
    from qa.corpus.dates import parse_days

    if written is not None:
        try:
            parse_days(written)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    return written


Sources = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only articles of this source; cnn stands for cnn.com. Again for more."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", callback=_checked_days, help="Only those published from this day, month or year on."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", callback=_checked_days, help="Only those published until then, its last day counted."),
]
Language = Annotated[str | None, typer.Option("--language", metavar="TAG", help="Only those in this language, as in en.")]
Within = Annotated[list[str] | None, typer.Option("--article", metavar="ID", help="Only this article. Again for more.")]
Clock = Annotated[
    datetime | None,
    typer.Option(
        "--asked-at",
        metavar="TIME",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"],
        help='The clock that "last week" is meant by, in UTC; else now.',
        show_default=False,
    ),
]


def _filters(
    sources: Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    language: str | None = None,
    within: Sequence[str] | None = None,
) -> Filters:
    from qa.base.types import Filters
    from qa.corpus.dates import first_day, last_day
    from qa.corpus.decode import clean

    try:
        return Filters(
            sources=tuple(map(clean, sources or ())),
            article_ids=tuple(map(clean, within or ())),
            published_from=first_day(since),
            published_to=last_day(until),
            language=clean(language) if language else None,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="'--since'") from error


def _in_utc(asked_at: datetime | None) -> datetime | None:
    return asked_at.replace(tzinfo=UTC) if asked_at else None


class Door:
    """What every command starts from: the settings in force, the service and the screen."""

    def __init__(
        self,
        context: typer.Context,
        index: str | None,
        *,
        otherwise: str | None = None,
        **given: object,
    ) -> None:
        """`given` are settings by their names; None leaves one to qa.toml and the environment."""
        named = index if index is not None else context.find_root().obj
        if named is not None:
            _check_folder_name(named)
        self.given_index = named
        self.screen = Screen(["--index", named or otherwise or ""] if named or otherwise else [])
        self._folder = named or otherwise
        self._given = {name: value for name, value in {"index": self._folder, **given}.items() if value is not None}

    @property
    def settings(self) -> Settings:
        from qa.base.settings import load_settings

        return load_settings(**self._given)

    def service(self) -> Service:
        from qa.service.service import Service

        return Service(self.settings)

    @contextlib.contextmanager
    def waiting(self, doing: str) -> Iterator[None]:
        """Says on a terminal what takes a few seconds."""
        if self.screen.err.is_interactive:
            with self.screen.err.status(doing, spinner="line"):
                yield
        else:
            yield


def _check_folder_name(name: str) -> None:
    if not name.strip() or visible(name) != name:
        raise typer.TyperException(f"{visible(name)!r} cannot be an index folder; expected a path without control characters.")


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
        raise typer.Exit(USAGE)


@app.command(rich_help_panel=_ARTICLES)
def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders and addresses; - reads standard input.")],
    allow_fetch: Annotated[
        bool, typer.Option("--allow-fetch", help="Fetch the addresses that are given; nothing else is ever asked for.")
    ] = False,
    index: Index = None,
) -> None:
    """Add articles from files, folders, and addresses of the web.

    Text, Markdown, HTML, PDF, Word, EPUB, RSS, Atom, WARC, JSON, JSONL and CSV files are read, the last four also as .gz.
    What is in the index already costs nothing; a changed article replaces its old text.
    """
    from qa.cli.ingestion import add_paths

    door = Door(context, index, allow_fetch=allow_fetch or None)
    raise typer.Exit(OK if add_paths(door.service(), paths, door.screen) else ERROR)


@app.command(rich_help_panel=_ARTICLES)
def remove(
    context: typer.Context,
    ids: Ids = None,
    now: Annotated[bool, typer.Option("--now", help="Delete the text at once, so that it cannot be brought back.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All articles, after a question.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what was removed in the last 10 minutes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Answer the question of --all with yes.")] = False,
    index: Index = None,
) -> None:
    """Remove articles.

    They answer no more from now on. Their text is deleted by the first change after 10 minutes.
    """
    if bool(ids) == everything:
        raise typer.TyperException("Give the ids of articles, or --all.")
    if undo and now:
        raise typer.TyperException("--undo and --now exclude each other: what was deleted at once cannot come back.")
    door = Door(context, index)
    service = door.service()
    if undo:
        _restore(door, service, list(ids or []) or service.removed_ids())
        return
    chosen = list(ids or []) or [row.article.id for row in service.articles()]
    if not chosen:
        door.screen.note(f"There are no articles in {service.folder}.")
        return
    if everything and not yes:
        _confirm(f"Remove all {numbered(len(chosen), 'article')} of {service.folder}?")
    with door.waiting("Removing"):
        removed = service.remove(chosen, now=now)
    door.screen.line(f"{numbered(len(removed), 'article')} removed from {service.folder}.")
    if now:
        door.screen.line("The text is deleted.")
    else:
        again = " ".join(removed) if len(removed) <= 3 else "--all"
        door.screen.line("The text is deleted by the first change after 10 minutes. Until then, to bring it back:")
        door.screen.suggest(f"remove --undo {again}")


def _restore(door: Door, service: Service, ids: Sequence[str]) -> None:
    if not ids:
        door.screen.note("There is nothing to bring back.")
        return
    try:
        with door.waiting("Restoring"):
            restored = service.restore(ids)
    except ArticleNotFound as error:
        raise QaError(f"{error.article_id!r} is not among the removed articles that can be brought back; none was.") from error
    door.screen.line(f"{numbered(len(restored), 'article')} brought back.")


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise typer.TyperException("--all asks before it removes, and there is no terminal to answer. Add --yes if you mean it.")
    if not typer.confirm(visible(question), err=True):
        raise typer.Exit(ERROR)


@app.command("list", rich_help_panel=_ARTICLES)
def list_articles(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    indexes: Annotated[
        bool, typer.Option("--indexes", help="List the indexes beside this one instead, with what they hold and are made with.")
    ] = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    index: Index = None,
) -> None:
    """List the articles: id, date, source and title."""
    from qa.api.article import article_shape

    door = Door(context, index)
    if indexes:
        _list_indexes(door, json=json)
        return
    service = door.service()
    filters = _filters(source, since, until, language)
    count = 0
    for row in service.articles(filters):
        count += 1
        if json:
            door.screen.json(article_shape(row.article, added_at=row.added_at, passages=row.passages).model_dump_json())
        else:
            door.screen.article_line(row.article)
    if not count and filters:
        door.screen.note(f"No article passes the filters: {filters}.")
    elif not count:
        door.screen.no_articles(service.folder)
    elif not json:
        door.screen.note(f"{numbered(count, 'article')} in {service.folder}")


def _list_indexes(door: Door, *, json: bool) -> None:
    from qa.service.indexes import indexes_in

    folder = door.settings.index.absolute().parent
    found = indexes_in(folder)
    for one in found:
        if json:
            door.screen.json(one.model_dump_json())
        else:
            door.screen.index_line(one)
    if not found:
        door.screen.note(f"There is no index in {folder}.")


@app.command(rich_help_panel=_ARTICLES)
def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article's id.")],
    sentence: Annotated[
        int | None, typer.Option("--sentence", metavar="N", help="Mark this sentence, from 0.", show_default=False)
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="DIGEST", help="The text that an answer cited.", show_default=False)
    ] = None,
    index: Index = None,
) -> None:
    """Print an article, one sentence of it marked, and name its copies."""
    door = Door(context, index)
    row, sentences = door.service().article(article_id, version=version)
    if sentence is not None and not 0 <= sentence < len(sentences):
        raise typer.TyperException(f"{row.article.id} has the sentences 0 to {len(sentences) - 1}, got {sentence}.")
    door.screen.article(row.article, added_at=row.added_at, marked=None if sentence is None else sentences[sentence])
    if version is None:
        door.screen.copies([copy.article for copy in door.service().copies(article_id)])


@app.command(rich_help_panel=_QUESTIONS)
def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION...", help="In quotes or not; - reads standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print the answer as the API gives it.")] = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    article: Within = None,
    asked_at: Clock = None,
    index: Index = None,
) -> None:
    """Answer a question with cited sentences, or not at all.

    The exit code is 0 for an answer, also a weak one, and 3 when the articles hold none.
    """
    from qa.api.answer import answer_shape
    from qa.base.types import Status

    door = Door(context, index)
    words = _words(question)
    filters = _filters(source, since, until, language, article)
    with door.service() as service, door.waiting("Looking"):
        answer = service.ask(words, asked_at=_in_utc(asked_at), filters=filters)
        service.keep(answer)
    if json:
        door.screen.json(answer_shape(answer).model_dump_json(indent=2))
    else:
        door.screen.answer(answer)
    raise typer.Exit(NOT_FOUND if answer.status is Status.NOT_FOUND else OK)


def _words(given: Sequence[str]) -> str:
    return sys.stdin.read(_LONGEST_INPUT) if list(given) == ["-"] else " ".join(given)


@app.command(rich_help_panel=_QUESTIONS)
def chat(
    context: typer.Context,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    index: Index = None,
) -> None:
    """Ask one question after the other."""
    from qa.cli.chat import Chat

    door = Door(context, index)
    filters = _filters(source, since, until, language)
    with door.service() as service:
        with door.waiting("Loading"):
            service.load()
        Chat(service, door.screen, filters).run()


@app.command(rich_help_panel=_QUESTIONS)
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="In quotes or not; - reads standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print the hits as the API gives them.")] = False,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")] = 10,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    article: Within = None,
    asked_at: Clock = None,
    index: Index = None,
) -> None:
    """Show the passages that fit best, without an answer."""
    from qa.api.search import search_shape

    door = Door(context, index)
    asked = _words(words)
    filters = _filters(source, since, until, language, article)
    with door.service() as service, door.waiting("Looking"):
        found = service.search(asked, k=k, asked_at=_in_utc(asked_at), filters=filters)
        empty = not found.hits and not service.counts().articles
    if json:
        door.screen.json(search_shape(found).model_dump_json(indent=2))
    elif empty:
        door.screen.no_articles(service.folder)
    else:
        door.screen.search(found)
    raise typer.Exit(OK if found.hits else NOT_FOUND)


@app.command(rich_help_panel=_QUESTIONS)
def serve(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="HOST", help="Where to listen; beyond this machine clients need a token. 0.0.0.0: anywhere."
        ),
    ] = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    token_file: TokenPath = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A name that clients may reach it by. Again for more."),
    ] = None,
    allow_fetch: Annotated[bool, typer.Option("--allow-fetch", help="Let clients have addresses of the web fetched.")] = False,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Keep neither answers nor conversations: they end with the server.")
    ] = False,
    log_format: Annotated[
        Literal["readable", "json"] | None,
        typer.Option("--log-format", help="Log each request on stderr, a line each; else what goes wrong alone."),
    ] = None,
    log_questions: Annotated[bool, typer.Option("--log-questions", help="Let the questions stand in that log.")] = False,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, max=64, help="How many processes answer.")] = 1,
    index: Index = None,
) -> None:
    """Serve the web chat and the answer API: to this machine alone, or with --host to whoever has a token.

    With --token-file, and with --allow-host, this machine needs one too. An index that is not there yet is made. Ctrl-C stops
    it, once the questions in work are answered.
    """
    from web.access.access import access_for
    from web.serving.server import listen

    door = Door(
        context,
        index,
        allow_fetch=allow_fetch or None,
        keep_answers_days=0 if no_history else None,
        log_format=log_format,
        log_questions=log_questions or None,
        allowed_hosts=tuple(allow_host) if allow_host else None,
    )
    access = access_for(host, door.settings, token_file=token_file)
    if workers > 1 and not door.settings.keep_answers_days:
        raise typer.TyperException(
            f"--workers {workers} needs conversations that all of them can read, and none are kept (--no-history, or the setting "
            "keep_answers_days 0). Keep them, or take one worker."
        )
    with listen(host, port) as listener:  # that the port is in use is known before the model is loaded
        _serve(door, door.service(), listener, access, workers=workers)


def _serve(door: Door, service: Service, listener: socket, access: Access, *, workers: int = 1) -> None:
    from web.access.hosts import is_any
    from web.runtime.logs import configure_logs
    from web.serving.server import address
    from web.serving.server import serve as run_server

    def on_ready(seconds: float) -> None:
        door.screen.line(f"Ready after {seconds:.1f} s: {url}")

    configure_logs(service.settings)
    url = address(listener)
    to_whom = " to who has a token" if access.tokens else ""
    where = f" (listening on {host})" if is_any(host := listener.getsockname()[0]) else ""
    door.screen.line(f"{url} serves {service.folder}{to_whom}{where}; Ctrl-C stops it. Loading the model…")
    if workers == 1:
        run_server(service, listener, access, on_ready=on_ready)
    else:
        from web.serving.workers import serve_with_workers

        serve_with_workers(service.settings, listener, access, count=workers, on_ready=on_ready)
    if service.settings.log_format != "json":  # of which every line is JSON
        door.screen.note("Stopped.")


@app.command(rich_help_panel=_QUESTIONS)
def mcp(context: typer.Context, index: Index = None) -> None:
    """Give language models the tools ask, search and get_article, over stdin and stdout (Model Context Protocol).

    For a program that starts it and speaks the protocol. An index that is not there yet is made. `qa serve` has the same
    tools at /mcp.
    """
    from web.mcp.extras import require_mcp

    require_mcp()
    from web.mcp.server import serve_stdio

    serve_stdio(Door(context, index).service())


@app.command(rich_help_panel=_QUESTIONS)
def demo(
    context: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the answer.")] = False,
    port: Port = DEFAULT_PORT,
    index: Index = None,
) -> None:
    """Try it on sample articles, in an index of their own: an answer here, then the web chat."""
    from qa.cli.demo import run_demo
    from web.access.access import Access
    from web.serving.server import HOST, listen

    door = Door(context, index, otherwise=DEMO_INDEX)
    service = door.service()
    with contextlib.nullcontext() if no_serve else listen(HOST, port) as listener:
        with service:
            found = run_demo(service, door.screen)
        if listener is not None:
            door.screen.line()
            _serve(door, service, listener, Access())
    raise typer.Exit(OK if found else NOT_FOUND)


@app.command(rich_help_panel=_MEASURING)
def evaluate(
    context: typer.Context,
    dataset: Annotated[
        Path | None, typer.Argument(metavar="SET", help="A folder or file of judged questions.", show_default=False)
    ] = None,
    known_item: Annotated[
        bool, typer.Option("--known-item", help="No set: ask questions made of the index's own headlines and sentences.")
    ] = False,
    stage: Annotated[
        list[str] | None,
        typer.Option(
            "--stage", metavar="NAME", help="Only this one of dense, lexical, merged, recency, read, answer; again for more."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Ask N questions, evenly spread over the set.")
    ] = None,
    standalone: Annotated[
        bool, typer.Option("--standalone", help="Ask conversations in the set's stand-alone wording, not as they were typed.")
    ] = False,
    split: Annotated[str | None, typer.Option("--split", metavar="NAME", help="Of a BEIR set; else test, else dev.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of --known-item.")] = 7,
    trec: Annotated[
        Path | None,
        typer.Option(
            "--trec", metavar="FILE", help="Judge this TREC run of any retriever instead of asking.", show_default=False
        ),
    ] = None,
    trec_out: Annotated[
        Path | None,
        typer.Option("--trec-out", metavar="DIR", help="Write each search stage's ranking as a TREC run.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="RUN", help="Write the run, for compare and report; .gz compresses.", show_default=False),
    ] = None,
    keep: Annotated[int, typer.Option("--keep", metavar="N", min=0, help="Hits of each stage that a run keeps.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    index: Index = None,
) -> None:
    """Say how good each stage is on a set of judged questions.

    Read are: questions with judged spans, BEIR, TREC topics with qrels, SQuAD JSON, and JSON lines with articles and
    questions or conversations. A set that brings its articles gets an index of its own, evaluation-NAME-DIGEST beside
    the default one, unless --index names another.
    """
    from qa.cli.measuring import evaluate_known_items, evaluate_set, evaluate_trec_run, show_json, show_run
    from qa.evaluation.runner import STAGES, Plan
    from qa.evaluation.runs import check_writable, named, write_run

    if (dataset is None) != known_item:
        raise typer.TyperException("Name a set of judged questions, or give --known-item instead of one.")
    if trec is not None and (known_item or stage or limit or standalone or trec_out):
        raise typer.TyperException(
            "--trec is judged as it is: it goes with SET, --index, --split, --out, --keep and --json alone."
        )
    door = Door(context, index)
    wording: Literal["standalone", "question"] = "standalone" if standalone else "question"
    stages = tuple(name for name in STAGES if name in stage) if stage else STAGES
    if stage and set(stage) - set(STAGES):
        raise typer.TyperException(f"There is no stage {min(set(stage) - set(STAGES))!r}; there are {', '.join(STAGES)}.")
    plan = Plan(stages=stages, wording=wording, limit=limit, kept=keep)
    if out is not None:
        check_writable(out)
    chosen = door.settings.index if door.given_index is not None else None
    if dataset is None:
        run = evaluate_known_items(door.settings, plan, door.screen, seed=seed, trec_out=trec_out)
    elif trec is not None:
        run = evaluate_trec_run(trec, dataset, door.settings, chosen=chosen, split=split, kept=keep)
    else:
        run = evaluate_set(dataset, door.settings, plan, door.screen, chosen=chosen, split=split, trec_out=trec_out)
    if out is not None:
        run = named(run, out)
        write_run(run, out)
    if json:
        show_json(run, door.screen)
    else:
        show_run(run, door.screen)


@app.command(rich_help_panel=_MEASURING)
def compare(
    context: typer.Context,
    runs: Annotated[list[Path], typer.Argument(metavar="BASELINE RUN...", help="Run files of `qa evaluate --out`.")],
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit with 1 when a measure is significantly worse.")
    ] = False,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="NAME", help='Only this one, such as "answer: decision accuracy"; again for more.'),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the comparisons as JSON.")] = False,
) -> None:
    """Say what differs between runs of one set, how sure that is, and which questions were won and lost.

    Each difference has a paired bootstrap interval and the p of a paired randomisation test, corrected after Holm for
    all measures of the comparison.
    """
    from qa.cli.measuring import show_comparisons
    from qa.evaluation.compare import compare_all
    from qa.evaluation.runs import read_run

    if len(runs) < 2:
        raise typer.TyperException("Name a baseline and at least one run to hold against it.")
    read = [read_run(path) for path in runs]
    comparisons = compare_all(read, only=measure or ())
    show_comparisons(comparisons, read, Door(context, None).screen, as_json=json)
    if fail_on_regression and any(comparison.regressions for comparison in comparisons):
        raise typer.Exit(ERROR)


@app.command(rich_help_panel=_MEASURING)
def report(
    context: typer.Context,
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run files of `qa evaluate --out`.")],
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="Where to write it.")] = Path("report.html"),
    dataset: Annotated[
        Path | None, typer.Option("--set", metavar="SET", help="Where the set is, if it moved.", show_default=False)
    ] = None,
    index: Index = None,
) -> None:
    """Make one HTML file of runs that opens with no network: tables, plots, and the worst questions.

    The words of questions and passages are joined from the set and the index of the first run. Further runs are held
    against the first.
    """
    from qa.evaluation.compare import compare_all
    from qa.evaluation.report.page import write_report
    from qa.evaluation.runs import read_run
    from qa.evaluation.texts import Texts

    door = Door(context, index)
    read = [read_run(path) for path in runs]
    with (
        door.waiting("Drawing"),
        Texts.of(read[0].facts, dataset=dataset, index=door.settings.index if door.given_index is not None else None) as texts,
    ):
        write_report(read, html, texts=texts, comparisons=compare_all(read))
    for note in texts.notes:
        door.screen.note(f"qa: {note}")
    door.screen.line(f"{numbered(len(read), 'run')} in {html}")


@exporting.command("judgements")
def export_judgements(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE|DIR",
            help="A .jsonl or .jsonl.gz file for the questions; a folder for the articles too.",
        ),
    ] = Path("judgements.jsonl"),
    index: Index = None,
) -> None:
    """Write what users said of answers as a set that `qa evaluate` reads.

    A sentence said to be right has the grade 2, one cited in a helpful answer 1, one said to be wrong or cited in an answer
    that was not helpful 0; of what contradicts itself the last counts. The exit code is 3 when there is nothing to write.
    """
    from qa.evaluation.feedback import judged_set, write_set
    from qa.index.store import Store

    door = Door(context, index)
    service = door.service()
    with contextlib.closing(Store.open(service.folder)) as store, store.reading():
        found = judged_set(service.judged(), store)
        for note in found.notes:
            door.screen.note(f"Left out: {note}")
        if not found.questions:
            nothing = "Nothing of what was said can be judged on its articles now."
            unsaid = f"No answer from {service.folder} was judged. The chat of `qa serve` has the buttons for it."
            door.screen.note(nothing if found.notes else unsaid)
            raise typer.Exit(NOT_FOUND)
        write_set(found, out, (row.article for row in store.articles()))
    judgements = sum(len(question.judgements) for question in found.questions)
    door.screen.line(f"{numbered(len(found.questions), 'question')} with {numbered(judgements, 'judgement')} in {out}")
    door.screen.suggest(f"evaluate {shlex.quote(str(out))}")


@training.command("reader")
def train_reader(
    context: typer.Context,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="A folder of sets of judged questions.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the reader is written, and goes on from.")],
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="READER",
            help="A reader to train further, as the setting `reader` names it; else the encoder's body.",
        ),
    ] = None,
    repeat: Annotated[
        list[str] | None,
        typer.Option("--repeat", metavar="SET=N", help="Ask a set's questions N times in each pass; can be given again."),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", metavar="N", min=1, help="Passes over the questions.")] = 2,
    near_misses: Annotated[
        float, typer.Option("--near-misses", metavar="X", min=0, help="Passages without an answer for each one with it.")
    ] = 1.2,
    made_unanswerable: Annotated[
        float,
        typer.Option("--made-unanswerable", metavar="X", min=0, max=1, help="Questions changed until nothing answers, of each."),
    ] = 0.35,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", metavar="X", min=0, help="Of the body, at its height.")
    ] = 2e-4,
    head_learning_rate: Annotated[
        float, typer.Option("--head-learning-rate", metavar="X", min=0, help="Of the last layer, at its height.")
    ] = 1e-3,
    listwise_weight: Annotated[
        float,
        typer.Option("--listwise-weight", metavar="X", min=0, help="Of the loss over a question's passages."),
    ] = 0.3,
    frozen_layers: Annotated[
        int,
        typer.Option("--frozen-layers", metavar="N", min=0, help="First layers left as they are, with the embeddings."),
    ] = 1,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the order and of what is chosen.")] = 7,
) -> None:
    """Train the model that finds the answer in a passage, and tells when there is none.

    Reads every format that `qa evaluate` reads. The same command goes on where an interrupted one was.
    """
    from qa.training.learning import train_reader as train
    from qa.training.reader import Recipe

    recipe = Recipe(
        epochs=epochs,
        near_misses=near_misses,
        made_unanswerable=made_unanswerable,
        learning_rate=learning_rate,
        head_learning_rate=head_learning_rate,
        listwise_weight=listwise_weight,
        frozen_layers=frozen_layers,
        seed=seed,
    )
    train(data, out, recipe, Door(context, None).screen, start=start, repeats=repeat or [])


@training.command("average")
def train_average(
    context: typer.Context,
    readers: Annotated[
        list[str], typer.Argument(metavar="READER…", help="Two or more, trained from one another or from one body.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the reader is written.")],
) -> None:
    """Make a reader whose weights are the average of others'."""
    from qa.training.learning import average_readers

    if len(readers) < 2:
        raise typer.TyperException(f"Name at least two readers, got {len(readers)}.")
    average_readers(readers, out, Door(context, None).screen)


@app.command(rich_help_panel=_CARE)
def rebuild(
    context: typer.Context,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder", metavar="NAME", help="A sentence-transformers model to make it with: packaged name, folder or hub name."
        ),
    ] = None,
    index: Index = None,
) -> None:
    """Make the index anew from the articles it holds.

    With another encoder or passage rule, or when files of the index are damaged. The articles are not read again, and
    what has a vector already is not embedded again. Questions are answered from the old vectors until the new ones are
    all there; then a server that runs goes on with the new ones.
    """
    from qa.cli.ingestion import rebuild_index

    door = Door(context, index, encoder=os.path.abspath(encoder) if encoder and os.path.isdir(encoder) else encoder)
    rebuild_index(door.service(), door.screen)


@app.command(rich_help_panel=_CARE)
def verify(
    context: typer.Context,
    answer: Annotated[
        str | None, typer.Argument(metavar="ANSWER", help="A kept answer's id: verify its citations alone.", show_default=False)
    ] = None,
    answers: Annotated[int, typer.Option("--answers", metavar="N", min=0, help="How many fresh answers are checked.")] = 20,
    index: Index = None,
) -> None:
    """Check the whole index and the citations of fresh answers; or whether those of a kept answer still stand.

    Every text, sentence, passage, row and file, and answers to questions made of the index's own sentences. Of a kept answer:
    unchanged, moved, edited or removed; the exit code is 0 when each quote still stands in its article, else 3.
    """
    from qa.service.verification import verify_index

    door = Door(context, index)
    if answer is not None:
        raise typer.Exit(OK if _verify_answer(door, answer) else NOT_FOUND)
    with door.service() as service, door.waiting("Checking"):
        checked = verify_index(service, answers=answers)
    door.screen.line(f"Index: {service.folder}")
    door.screen.table(checked.rows())
    if checked.problems:
        door.screen.listed(f"{numbered(len(checked.problems), 'problem')}:", checked.problems)
        raise typer.Exit(ERROR)
    door.screen.line("Everything is as it should be.")


def _verify_answer(door: Door, answer_id: str) -> bool:
    """Whether every quote of the answer still stands."""
    from qa.base.quotes import QuoteState

    found = door.service().verify(answer_id)
    for one in found:
        door.screen.verified(one)
    if not found:
        door.screen.line(f"{answer_id} cites nothing.")
    return all(one.state in (QuoteState.UNCHANGED, QuoteState.MOVED) for one in found)


@app.command(rich_help_panel=_CARE)
def overrule(
    context: typer.Context,
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="Its words; marks and capitals do not count.")],
    cite: Annotated[bool, typer.Option("--cite", help="It may be cited, however often it recurs.")] = False,
    mask: Annotated[bool, typer.Option("--mask", help="It is boilerplate, and never cited.")] = False,
    learned: Annotated[bool, typer.Option("--learned", help="Forget what was said of it.")] = False,
    index: Index = None,
) -> None:
    """Say yourself whether a sentence that recurs is boilerplate; `qa doctor --boilerplate` lists those that qa takes for it."""
    if [cite, mask, learned].count(True) != 1:
        raise typer.TyperException("Say one of --cite, --mask and --learned.")
    if not any(character.isalnum() for character in sentence):
        raise typer.TyperException(f"There is no word in {sentence!r}. Give the sentence as it stands in an article.")
    door = Door(context, index)
    door.service().overrule(sentence, boilerplate=None if learned else mask)
    said = "It is boilerplate where it recurs." if learned else "It is never cited." if mask else "It may be cited."
    door.screen.line(said)


@app.command(rich_help_panel=_CARE)
def doctor(
    context: typer.Context,
    boilerplate: Annotated[
        bool, typer.Option("--boilerplate", help="List the lines that recur in a source and are never cited, instead.")
    ] = False,
    index: Index = None,
) -> None:
    """Say what is installed, set and indexed, and what is wrong."""
    from qa.cli.diagnosis import diagnose

    door = Door(context, index)
    if boilerplate:
        door.screen.boilerplate(door.service().boilerplate())
        return
    settings = door.settings
    with door.waiting("Looking"):
        found = diagnose(settings, index_given=door.given_index is not None)
    for heading, rows in found.sections:
        door.screen.line(heading)
        door.screen.table(rows)
    door.screen.listed("Worth knowing:", found.notes)
    if found.problems:
        door.screen.listed(f"{numbered(len(found.problems), 'problem')}:", found.problems)
        raise typer.Exit(ERROR)
    door.screen.line("No problem found.")


@tokens.command("create")
def create_token(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What it is called in the list; else its id.", show_default=False)
    ] = None,
    scope: Annotated[
        Literal["read", "write", "admin"],
        typer.Option("--scope", help="read: ask and search; write: also add and remove articles; admin: all."),
    ] = "read",
    token_file: TokenPath = None,
    index: Index = None,
) -> None:
    """Make a token and print it, this once: only its SHA-256 is kept."""
    from qa.service.state.tokens import LONGEST_NAME, Scope

    door = Door(context, index)
    if name is not None and (not name.strip() or visible(name) != name or len(name) > LONGEST_NAME):
        raise typer.TyperException(
            f"{visible(name)!r} cannot be a token's name; expected 1 to {LONGEST_NAME} characters on one line."
        )
    file = _token_file(door, token_file)
    made, secret = file.create(Scope(scope), name=name)
    typer.echo(secret)  # never wrapped
    door.screen.note(f"This is {made.id}, with the scope {made.scope}, in {file.path}. It is not shown again.")


@tokens.command("list")
def list_tokens(context: typer.Context, token_file: TokenPath = None, index: Index = None) -> None:
    """List the tokens: id, scope, when it was made, and name."""
    door = Door(context, index)
    file = _token_file(door, token_file)
    found = file.tokens()
    for token in found:
        door.screen.line(f"{token.id}  {token.scope:<5}  {token.created_at}  {token.name}")
    if not found:
        door.screen.note(f"There are no tokens in {file.path}.")


@tokens.command("revoke")
def revoke_token(
    context: typer.Context,
    token: Annotated[str, typer.Argument(metavar="NAME|ID", help="As `qa token list` shows it.")],
    token_file: TokenPath = None,
    index: Index = None,
) -> None:
    """Revoke a token: it, and every login with it, ends at once, also in servers that run."""
    door = Door(context, index)
    revoked = _token_file(door, token_file).revoke(token)
    door.screen.line(f"{revoked.id} ({revoked.name}) is revoked.")


def _token_file(door: Door, chosen: Path | None) -> TokenFile:
    from qa.service.state.tokens import chosen_token_file

    return chosen_token_file(door.settings, chosen)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit code."""
    prepare_streams()
    logging.basicConfig(level=logging.WARNING, format="qa: %(message)s")
    try:
        code = app(list(sys.argv[1:] if arguments is None else arguments), prog_name="qa", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        return _failed(_usage(error), USAGE)
    except (SettingsError, QuestionError) as error:
        return _failed(str(error), USAGE)
    except Interrupted as error:
        return _failed(str(error), INTERRUPTED)
    except QaError as error:
        return _failed(str(error), ERROR)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    return _failed("interrupted.", INTERRUPTED) if code == INTERRUPTED else int(code or OK)


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qa"
    return f"{error.format_message()}\n`{command} --help` shows how it is used."


def _failed(message: str, code: int) -> int:
    Screen().note(f"qa: {message}")
    return code


def _reader_left() -> int:
    """`qa list | head`: nobody reads stdout any more, so that the last flush must not complain."""
    import os

    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ERROR
