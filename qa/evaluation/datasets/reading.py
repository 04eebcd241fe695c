"""A folder or file of judged questions → a Dataset; start reading this package here.

The files show which format it is. Nothing is guessed: no format, or two of them, are an error that names the files and what
was expected.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from qa.base.errors import DatasetError
from qa.evaluation.datasets import beir, records, spans, squad, trec
from qa.evaluation.datasets.articles import refuse_repeats
from qa.evaluation.datasets.assembly import SetFormat
from qa.evaluation.datasets.files import SetFiles, files_at
from qa.evaluation.judgements import Dataset

FORMATS = (spans.FORMAT, records.FORMAT, beir.FORMAT, trec.FORMAT, squad.FORMAT)
_MOST_NAMES = 12


def read_dataset(path: Path, *, split: str | None = None, repeats: bool = False) -> Dataset:
    """The judged questions at `path`, checked whole: one damaged line refuses the set.

    Content that cannot be used (an unknown id, evidence that no article holds) is counted in the notes instead. `split` is
    BEIR's: without it test, else dev, else the only one. `repeats` allows equal question ids, for uses that average nothing
    over them.

    Raises:
        DatasetError: nothing there, no format or several, damage, ids that are there twice, or no such split.
    """
    files = files_at(path)
    fitting = [known for known in FORMATS if known.fits(files)]
    if len(fitting) != 1:
        raise DatasetError(_mixed(files, fitting) if fitting else _unknown(files))
    dataset = fitting[0].read(files, split)
    if not repeats:
        refuse_repeats(Counter(question.id for question in dataset.questions), str(path), "questions")
    return dataset


def _unknown(files: SetFiles) -> str:
    expected = "\n".join(f"  {known.name}: {known.expected}" for known in FORMATS)
    return (
        f"{files.path} is no set of judged questions that can be read; found {_found(files)}. Expected one of\n"
        f"{expected}\n(each file gzipped or not). Name the folder or file of such a set."
    )


def _mixed(files: SetFiles, fitting: list[SetFormat]) -> str:
    expected = "\n".join(f"  {known.name}: {known.expected}" for known in fitting)
    return (
        f"{files.path} has mixed formats; found {_found(files)}, which fits\n{expected}\n"
        "Leave the files of one format in the folder, or name one file."
    )


def _found(files: SetFiles) -> str:
    shown = ", ".join(files.names[:_MOST_NAMES]) or "nothing"
    more = len(files.names) - _MOST_NAMES
    return f"{shown} and {more:,} more" if more > 0 else shown
