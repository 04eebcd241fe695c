"""Training at the command line: the sets that are read, what each gave, and how far it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from qa.answer.span_model import SpanModel, reader_folder
from qa.base.errors import DatasetError, SettingsError
from qa.base.protocols import TokenCounter
from qa.base.types import PassageRule
from qa.cli.progress import clock
from qa.cli.screen import Screen, numbered
from qa.evaluation.datasets.reading import read_dataset
from qa.index.encoder import SentenceTransformerEncoder, packaged_model_path
from qa.training.average import average
from qa.training.pairs import Example, pairs_of
from qa.training.reader import Recipe, Step, train

_RULE = PassageRule(characters=700, overlap_sentences=0, title_tokens=32)  # shorter than they are read: more of them in the time
_NEAR_MISSES_KEPT = 6  # of each question, of which every epoch takes others
_LINES_EVERY = 10  # seconds between two lines of progress where there is no terminal


def train_reader(data: Path, out: Path, recipe: Recipe, screen: Screen, *, start: str | None, repeats: Sequence[str]) -> None:
    """Train a reader on every set in a folder, or on the one set that it is.

    `start` names a reader to train further; `repeats` are `SET=N`, how often a set's questions are asked in each pass.
    """
    sets = _sets(data)
    times = _times(repeats, [path.name for path in sets])
    body = packaged_model_path() if start is None else _reader(start)
    counter = SentenceTransformerEncoder()
    examples = [example for path in sets for example in _examples(path, counter, screen) * times.get(path.name, 1)]
    if not any(example.right for example in examples):
        raise DatasetError(f"No question of {data} has an answer whose place is known, so there is nothing to learn from.")
    with _progress(screen.err) as follow:
        train(body, examples, out, recipe, progress=follow)
    screen.line(f"The reader is in {out}.")


def average_readers(names: Sequence[str], out: Path, screen: Screen) -> None:
    """Write the average of readers, named as the setting `reader` names them."""
    average([_reader(name) for name in names], out)
    screen.line(f"The reader is in {out}.")


def _reader(name: str) -> Path:
    folder = reader_folder(name)
    SpanModel(folder, precision="float32").load()  # ModelError now rather than after minutes
    return folder


def _times(repeats: Sequence[str], known: Sequence[str]) -> dict[str, int]:
    times: dict[str, int] = {}
    for repeat in repeats:
        name, _, count = repeat.rpartition("=")
        if not name or not count.isdecimal() or int(count) < 1:
            raise SettingsError(f"--repeat {repeat}: expected SET=N, a set's name and a whole number from 1.")
        if name not in known:
            raise SettingsError(f"--repeat {repeat}: there is no set of this name, only {', '.join(known)}.")
        times[name] = int(count)
    return times


def _examples(path: Path, counter: TokenCounter, screen: Screen) -> tuple[Example, ...]:
    made = pairs_of(read_dataset(path, repeats=True), counter, _RULE, near_misses=_NEAR_MISSES_KEPT)
    skipped = f"; {made.skipped:,} without a label that can be used are left out" if made.skipped else ""
    screen.note(f"{made.name}: {numbered(len(made.examples), 'question')}{skipped}")
    return made.examples


def _sets(data: Path) -> list[Path]:
    """The folders in a folder, else the set itself."""
    if not data.exists():
        raise DatasetError(f"There is no file or folder {data}. Name a folder of sets of judged questions.")
    inside = sorted(path for path in data.iterdir() if path.is_dir()) if data.is_dir() else []
    has_own_files = data.is_dir() and any(path.is_file() and not path.name.startswith(".") for path in data.iterdir())
    return inside if inside and not has_own_files else [data]


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Callable[[Step], None]]:
    """A bar with the loss and the time left on a terminal, else a line now and then."""
    columns = (TextColumn("Training"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Training", total=None, said="")
        said_at = progress.get_time()

        def follow(step: Step) -> None:
            nonlocal said_at
            said = f"loss {step.loss:.3f}, {clock(step.seconds_left)} left"
            progress.update(task, completed=step.step, total=step.steps, said=said)
            if progress.disable and (progress.get_time() - said_at >= _LINES_EVERY or step.step == step.steps):
                said_at = progress.get_time()
                console.print(f"Training: {step.step:,} of {step.steps:,} steps, {said}")

        yield follow
