"""Options that several commands share, and the filters that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qa.index.layout import TOKEN_FILE

if TYPE_CHECKING:
    from qa.base.types import Filters

DEFAULT_PORT = 8000
_A_TIME = "expected a day, as in 2024-03-08, or a time with its zone, as in 2024-03-08T05:00:00Z"

Index = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The index folder. Without it: QA_INDEX, else index in qa.toml, else indexes/default.",
        show_default=False,
    ),
]
Engine = Annotated[
    Literal["local", "milvus"] | None,
    typer.Option(
        "--engine",
        help="What searches the index: files in its folder, or a Milvus server. Without it: the setting engine, else what the "
        "index has.",
        show_default=False,
    ),
]
Uri = Annotated[
    str | None,
    typer.Option(
        "--uri", metavar="URL", help="The address of the Milvus server. Without it: the setting uri.", show_default=False
    ),
]
Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Articles: their ids, those given in their files, their titles, or their files' names."),
]
Port = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65_535, help="The port to listen on; 0 takes any that is free.")
]
TokenPath = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help=f"The file of tokens. Without it: {TOKEN_FILE} in the index folder.",
        show_default=False,
    ),
]

Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Show ids and places in the text too, and the probability or the ranks.")
]


def _checked_days(written: str | None) -> str | None:
    from qa.corpus.dates import parse_days

    if written is not None:
        try:
            parse_days(written)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    return written


def _checked_as_of(written: str | None) -> str | None:
    return written if written == "any" else _checked_days(written)


def _moment(written: str) -> datetime:
    """A day is its beginning in UTC; a time needs its zone."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise typer.BadParameter(f"{written!r} is no time; {_A_TIME}") from error
    if moment.tzinfo is None and len(written) > len("2024-03-08"):
        raise typer.BadParameter(f"{written!r} has no time zone; {_A_TIME}")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Sources = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only articles of this source; cnn stands for cnn.com. Can be repeated."),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        "--from",
        metavar="DAY",
        callback=_checked_days,
        help="Only articles published on or after this day, month or year.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        "--to",
        metavar="DAY",
        callback=_checked_days,
        help="Only articles published up to this day, month or year, inclusive.",
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="TAG", help="Only articles in this language, also guessed ones; for example en."),
]
Within = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="ID", help="Only this article: an id, a title or a file's name. Can be repeated."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        callback=_checked_as_of,
        help="Only articles published up to this day, or without a date. Without it: the day of --asked-at, if that is given; "
        "any lets later articles answer.",
        show_default=False,
    ),
]
Clock = Annotated[
    datetime | None,
    typer.Option(
        "--asked-at",
        metavar="TIME",
        parser=_moment,
        help='The time of asking, which "last week" depends on: a day in UTC, or a time with its zone. Without it: now.',
        show_default=False,
    ),
]


def filters_of(
    sources: Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    language: str | None = None,
    within: Sequence[str] | None = None,
    as_of: str | None = None,
) -> Filters:
    from qa.service.typed_filters import typed_filters

    try:
        return typed_filters(
            sources=sources or (),
            article_ids=within or (),
            published_from=since,
            published_to=until,
            language=language,
            as_of=as_of,
        )
    except ValueError as error:
        raise typer.BadParameter(_in_options(str(error))) from error


def _in_options(said: str) -> str:
    """With the fields of an order of days by the names of their options."""
    return said.replace("published_from", "--since").replace("published_to", "--until")
