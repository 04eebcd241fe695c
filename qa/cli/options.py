"""Options that several commands share, and the filters that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.index.layout import TOKEN_FILE

if TYPE_CHECKING:
    from qa.base.types import Filters

DEFAULT_PORT = 8000

Index = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The index folder. Without it: QA_INDEX, else index in qa.toml, else indexes/default.",
        show_default=False,
    ),
]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID...", help="Ids of articles: those of `qa list`, or those given in their files.")
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
    typer.Option("--source", metavar="NAME", help="Only articles of this source; cnn stands for cnn.com. Can be repeated."),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DAY", callback=_checked_days, help="Only articles published on or after this day, month or year."
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="DAY", callback=_checked_days, help="Only articles published up to this day, month or year, inclusive."
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="TAG", help="Only articles in this language, also guessed ones; for example en."),
]
Within = Annotated[list[str] | None, typer.Option("--article", metavar="ID", help="Only this article. Can be repeated.")]
Clock = Annotated[
    datetime | None,
    typer.Option(
        "--asked-at",
        metavar="TIME",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"],
        help='The time of asking, which "last week" depends on, in UTC. Without it: now.',
        show_default=False,
    ),
]


def filters_of(
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


def in_utc(asked_at: datetime | None) -> datetime | None:
    return asked_at.replace(tzinfo=UTC) if asked_at else None
