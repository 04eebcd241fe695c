"""The questions and articles of a format → a Dataset with its name and digest, or an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.base.errors import DatasetError
from qa.evaluation.datasets.articles import ArticleSource
from qa.evaluation.datasets.files import SetFiles
from qa.evaluation.datasets.tally import Tally
from qa.evaluation.judgements import Dataset, JudgedQuestion

_SUFFIXES = re.compile(r"(\.jsonl|\.json)?(\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SetFormat:
    """One format: its name, the files it expects in words, whether such files fit, and its reader (files, split)."""

    name: str
    expected: str
    fits: Callable[[SetFiles], bool]
    read: Callable[[SetFiles, str | None], Dataset]


def make_dataset(
    files: SetFiles,
    format: str,
    questions: Sequence[JudgedQuestion],
    articles: ArticleSource | None,
    *,
    read: Sequence[Path],
    tally: Tally,
    split: str | None = None,
) -> Dataset:
    """The set; `read` are the files that its digest covers.

    Raises:
        DatasetError: no questions.
    """
    if not questions:
        raise DatasetError(f"{files.path}: no question with an id and words was found; expected at least one.")
    return Dataset(
        name=_name(files),
        path=files.path,
        format=format,
        digest=files.digest_of(read),
        questions=tuple(questions),
        articles=articles,
        notes=tally.notes(),
        split=split,
    )


def refuse_split(files: SetFiles, split: str | None) -> None:
    """DatasetError when a split was asked for, for formats that have none."""
    if split is not None:
        raise DatasetError(f"{files.path} has no splits, yet {split!r} was asked for; only a BEIR set has them. Ask for none.")


def _name(files: SetFiles) -> str:
    name = files.path.resolve().name
    return name if files.is_folder else _SUFFIXES.sub("", name)
