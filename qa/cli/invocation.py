"""What every command starts from: the settings in force, the service and the screen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from qa.cli.output.screen import Screen
from qa.cli.output.text import visible

if TYPE_CHECKING:
    from qa.base.settings import Settings
    from qa.base.types import Filters
    from qa.service.library import Library
    from qa.service.service import Service


_BATCH_OF_A_CLUSTER = 32  # times 64 articles, some 24,000 passages: a minute of twelve workers, which an interruption loses


class Invocation:
    """One run of a command. `index` is that of its own --index; else that of `qa --index` counts, else `default_index`."""

    def __init__(
        self,
        context: typer.Context,
        index: str | None,
        *,
        default_index: str | None = None,
        **given: object,
    ) -> None:
        """`given` are settings by their names; None leaves one to qa.toml and the environment."""
        named = index if index is not None else context.find_root().obj
        if named is not None:
            _check_folder_name(named)
        folder = named or default_index
        self.names_index = named is not None
        self.screen = Screen(["--index", folder] if folder else [])
        self._given = {name: value for name, value in {"index": folder, **given}.items() if value is not None}

    @cached_property
    def settings(self) -> Settings:
        from qa.base.settings import load_settings

        return load_settings(**self._given)

    @property
    def named_index(self) -> Path | None:
        """The index folder of --index; None without one."""
        return self.settings.index if self.names_index else None

    def service(self, *, ray: str | None = None) -> Service:
        """The index; with `ray`, passages are embedded on the cluster at this address, many articles at once."""
        from qa.service.service import Service

        if ray is None:
            return Service(self.settings)
        from qa.service.engine import ray_encoder

        return Service(self.settings, encoder=ray_encoder(self.settings, ray), batch=_BATCH_OF_A_CLUSTER)

    def library(self) -> Library:
        """What needs the store alone: it is there in half the time of a service."""
        from qa.service.library import Library

        return Library(self.settings.index.absolute())

    def ids(self, names: Sequence[str], *, removed: bool = False) -> list[str]:
        """The ids of articles that are called by an id, a title or a file; the names as they are where no folder tells."""
        library = self.library()
        return library.named_ids(names, removed=removed) if library.exists() else list(names)

    def with_ids(self, filters: Filters) -> Filters:
        """The filters with `ids` in place of names."""
        return replace(filters, article_ids=tuple(self.ids(filters.article_ids))) if filters.article_ids else filters

    @contextlib.contextmanager
    def waiting(self, doing: str) -> Iterator[None]:
        """Shows on a terminal what takes a few seconds."""
        if self.screen.err.is_interactive:
            with self.screen.err.status(doing, spinner="line"):
                yield
        else:
            yield


def _check_folder_name(name: str) -> None:
    if not name.strip() or visible(name) != name:
        raise typer.TyperException(f"{visible(name)!r} cannot be an index folder; expected a path without control characters.")
