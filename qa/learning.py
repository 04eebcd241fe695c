"""Training at the command line: the sets that are read, what each gave, and how far it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from qa.errors import DatasetError
from qa.evaluation.datasets.reading import read_dataset
from qa.index.encoder import SentenceTransformerEncoder, packaged_model_path
from qa.progress import clock
from qa.terminal import Screen, numbered
from qa.training.pairs import Example, pairs_of
from qa.training.reader import Recipe, Step, train
from qa.types import PassageRule

_RULE = PassageRule(characters=700, overlap_sentences=0, title_tokens=32)  # shorter than they are read: more of them in the time
_NEAR_MISSES_KEPT = 6  # of each question, of which every epoch takes others
_LINES_EVERY = 10  # seconds between two lines of progress where there is no terminal


def train_reader(data: Path, out: Path, recipe: Recipe, screen: Screen) -> None:
    """Train a reader on every set in a folder, or on the one set that it is."""
    examples = list(_examples(data, screen))
    if not any(example.right for example in examples):
        raise DatasetError(f"No question of {data} has an answer whose place is known, so there is nothing to learn from.")
    with _progress(screen.err) as follow:
        train(packaged_model_path(), examples, out, recipe, progress=follow)
    screen.line(f"The reader is in {out}.")


def _examples(data: Path, screen: Screen) -> Iterator[Example]:
    counter = SentenceTransformerEncoder()
    for path in _sets(data):
        made = pairs_of(read_dataset(path, repeats=True), counter, _RULE, near_misses=_NEAR_MISSES_KEPT)
        skipped = f"; {made.skipped:,} without a label that can be used are left out" if made.skipped else ""
        screen.note(f"{made.name}: {numbered(len(made.examples), 'question')}{skipped}")
        yield from made.examples


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
